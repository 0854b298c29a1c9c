// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** A bridge's HTTP door as a test sees it. */
public final class Page {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  // By itself it would ask for HTTP/2 in clear. There Java 17's client loses a request that it
  // begins just as the server closes the connection: its stream is put into the list of open ones
  // behind the one look at which these are told, and waits for nothing until its time limit.
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final int port;

  /** The door at a port of this machine. */
  public Page(int port) {
    this.port = port;
  }

  /** A port that nobody uses at this moment. */
  public static int freePort() throws IOException {
    return HeldPort.free();
  }

  /** Its port. */
  public int port() {
    return port;
  }

  /** Asks for a path without a password. */
  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  /** Asks for a path with a password. */
  public HttpResponse<String> get(String path, String password)
      throws IOException, InterruptedException {
    String pair =
        Base64.getEncoder().encodeToString(("x:" + password).getBytes(StandardCharsets.UTF_8));
    return client.send(
        request(path).header("Authorization", "Basic " + pair).build(), BodyHandlers.ofString());
  }

  /** Sends JSON to a path. */
  public HttpResponse<String> post(String path, String json)
      throws IOException, InterruptedException {
    return client.send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(PATIENCE);
  }

  /** The answer's code; 0 where nobody answers. */
  public int code(String path) throws InterruptedException {
    try {
      return get(path).statusCode();
    } catch (IOException e) {
      return 0;
    }
  }
}
