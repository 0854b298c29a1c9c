// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;

/** The HTTP door of the bridge that holds the data directory, as its own commands use it. */
final class BridgeHttp {

  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
  private static final int BAD_REQUEST = 400;

  // By itself it would ask for HTTP/2 in clear. There Java 17's client loses a request that it
  // begins just as the bridge closes the connection: neither answer nor error, until patience ends.
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_WITHIN)
          .build();
  private final ObjectMapper json = new ObjectMapper();
  private final Settings settings;
  private final Duration patience;

  /**
   * A door where the settings say it is.
   *
   * @param patience how long an answer may take
   */
  BridgeHttp(Settings settings, Duration patience) {
    this.settings = settings;
    this.patience = patience;
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return ask("GET", path, BodyPublishers.noBody());
  }

  JsonNode post(String path) throws IOException, InterruptedException {
    return ask("POST", path, BodyPublishers.noBody());
  }

  /** Sends lines of a recording. */
  JsonNode post(String path, byte[] lines) throws IOException, InterruptedException {
    return ask("POST", path, BodyPublishers.ofByteArray(lines));
  }

  /**
   * An answer of whatever status.
   *
   * @param code the HTTP status
   * @param json has {@code status}, and {@code data} or {@code error}
   */
  record Told(int code, JsonNode json) {}

  /**
   * Has an action carried out.
   *
   * @throws IOException with a sentence where the bridge does not answer, or not about the action
   */
  Told act(String path) throws IOException, InterruptedException {
    HttpResponse<String> response = send("POST", path, BodyPublishers.noBody());
    JsonNode answer =
        isOurs(response) ? json.readTree(response.body()) : json.getNodeFactory().missingNode();
    if (!answer.has("status")) {
      String said = answer.path("error").asText();
      throw new IOException(asking(said.isEmpty() ? "it answered " + response.statusCode() : said));
    }
    return new Told(response.statusCode(), answer);
  }

  /**
   * Asks and reads the answer.
   *
   * @throws BadSettingException with the bridge's words where it says that the request is wrong
   * @throws IOException with a sentence where it does not answer, or otherwise than with 200
   */
  private JsonNode ask(String method, String path, BodyPublisher body)
      throws IOException, InterruptedException {
    HttpResponse<String> response = send(method, path, body);
    if (response.statusCode() == BAD_REQUEST) {
      throw new BadSettingException("--" + error(response));
    }
    if (response.statusCode() != 200) {
      String said = error(response);
      throw new IOException(
          said.contains(" — ") ? said : asking("it answered " + response.statusCode()));
    }
    return json.readTree(response.body());
  }

  /**
   * Fetches a file.
   *
   * @throws IOException with a sentence where the bridge does not answer, or otherwise than with
   *     200
   */
  byte[] file(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        send("GET", path, BodyPublishers.noBody(), BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      throw new IOException(asking("it answered " + response.statusCode()));
    }
    return response.body();
  }

  private HttpResponse<String> send(String method, String path, BodyPublisher body)
      throws IOException, InterruptedException {
    return send(method, path, body, BodyHandlers.ofString());
  }

  private <T> HttpResponse<T> send(
      String method, String path, BodyPublisher body, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://" + authority() + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(patience).method(method, body);
    if (body.contentLength() > 0) {
      request.header("Content-Type", "application/x-ndjson");
    }
    settings
        .find("cardata.http.password")
        .map(
            p ->
                Base64.getEncoder()
                    .encodeToString(("bridge:" + p).getBytes(StandardCharsets.UTF_8)))
        .ifPresent(basic -> request.header("Authorization", "Basic " + basic));
    try {
      return http.send(request.build(), handler);
    } catch (ConnectException e) {
      throw new IOException(asking("nothing listens there"), e);
    } catch (IOException e) {
      throw new IOException(
          "Asking the running bridge at "
              + authority()
              + ": "
              + (e.getMessage() == null ? "it went away" : e.getMessage())
              + " — see its log and /api/status, then try again",
          e);
    }
  }

  private String error(HttpResponse<String> response) throws IOException {
    return isOurs(response) ? json.readTree(response.body()).path("error").asText() : "";
  }

  private static boolean isOurs(HttpResponse<String> response) {
    return response.headers().firstValue("Content-Type").orElse("").contains("application/json");
  }

  private String asking(String trouble) {
    return "Asking the running bridge at "
        + authority()
        + ": "
        + trouble
        + " — are cardata.http.port and cardata.http.password those it was started with?";
  }

  /** Host and port of the door. */
  String authority() {
    String host = settings.get("cardata.http.host");
    String name = host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
    return (name.contains(":") ? "[" + name + "]" : name) + ":" + settings.get("cardata.http.port");
  }
}
