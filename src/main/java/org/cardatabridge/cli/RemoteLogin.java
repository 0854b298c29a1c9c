// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.cardatabridge.auth.LoginNotice;
import org.cardatabridge.settings.Settings;

/** A login that the bridge which holds the data directory carries out, seen from a terminal. */
final class RemoteLogin {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOOK_EACH = Duration.ofSeconds(1);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final ObjectMapper json = new ObjectMapper();
  private final Settings settings;
  private final StopSignal signal;

  RemoteLogin(Settings settings, StopSignal signal) {
    this.settings = settings;
    this.signal = signal;
  }

  /** Begins a login, shows its code, and waits for its end; the command's exit code. */
  int login(String account, PrintWriter out) throws IOException, InterruptedException {
    JsonNode login = ask("POST", account);
    JsonNode confirmedBefore = login.path("confirmedAt");
    String shown = "";
    while (login.path("state").asText().equals("pending")) {
      String code = login.path("userCode").asText();
      if (!code.isEmpty() && !code.equals(shown)) {
        shown = code;
        out.println(
            LoginNotice.of(
                account,
                login.path("verificationUri").asText(),
                login.path("verificationUriComplete").asText(null),
                code,
                left(login)));
        out.flush();
      }
      if (signal.await(LOOK_EACH)) {
        return 1;
      }
      login = ask("GET", account);
    }
    // The state alone does not tell: an older login may hold although this one failed.
    boolean done =
        login.path("state").asText().equals("authorized")
            && !login.path("confirmedAt").equals(confirmedBefore);
    String message = login.path("message").asText();
    out.println(
        done
            ? "Logged in: account "
                + account
                + "; the running bridge has the tokens."
                + (message.isEmpty() ? "" : System.lineSeparator() + message)
            : LoginText.failed(account, message.isEmpty() ? "not confirmed" : message));
    return done ? 0 : 1;
  }

  private static Duration left(JsonNode login) {
    return Duration.between(
        Clock.systemUTC().instant(), Instant.parse(login.path("codeExpiresAt").asText()));
  }

  private JsonNode ask(String method, String account) throws IOException, InterruptedException {
    String host = settings.get("cardata.http.host");
    URI uri =
        URI.create(
            "http://"
                + (host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host)
                + ":"
                + settings.get("cardata.http.port")
                + "/api/login?account="
                + account);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(PATIENCE).method(method, BodyPublishers.noBody());
    settings
        .find("cardata.http.password")
        .map(
            p ->
                Base64.getEncoder()
                    .encodeToString(("bridge:" + p).getBytes(StandardCharsets.UTF_8)))
        .ifPresent(basic -> request.header("Authorization", "Basic " + basic));
    var response = http.send(request.build(), BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(
          "Asking the running bridge at "
              + uri.getAuthority()
              + ": it answered "
              + response.statusCode()
              + " — are cardata.http.port and cardata.http.password those it was started with?");
    }
    return json.readTree(response.body());
  }
}
