// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.cardatabridge.auth.LoginNotice;
import org.cardatabridge.settings.Settings;

/** A login that the bridge which holds the data directory carries out, seen from a terminal. */
final class RemoteLogin {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOOK_EACH = Duration.ofSeconds(1);

  private static final String PATH = "/api/login?account=";

  private final BridgeHttp bridge;
  private final StopSignal signal;

  RemoteLogin(Settings settings, StopSignal signal) {
    this.bridge = new BridgeHttp(settings, PATIENCE);
    this.signal = signal;
  }

  /** Begins a login, shows its code, and waits for its end; the command's exit code. */
  int login(String account, PrintWriter out) throws IOException, InterruptedException {
    JsonNode login = bridge.post(PATH + account);
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
      login = bridge.get(PATH + account);
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
}
