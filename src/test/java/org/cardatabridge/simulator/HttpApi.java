// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.cardatabridge.testing.Trust;

/** The CarData REST API by hand, over the JDK's HTTP client. */
final class HttpApi {

  static final String VIN = AccountConfig.first().vins().get(0);
  static final String SECOND_VIN = AccountConfig.first().vins().get(1);

  private final Simulator simulator;
  private final HttpClient http;
  private String token;

  HttpApi(Simulator simulator) throws Exception {
    this(simulator, AccountConfig.first());
  }

  HttpApi(Simulator simulator, AccountConfig account) throws Exception {
    this.simulator = simulator;
    this.token = newToken(simulator, account);
    this.http =
        HttpClient.newBuilder()
            .sslContext(Trust.in(simulator.caFile()))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
  }

  static String newToken(Simulator simulator, AccountConfig account) {
    return new JsonObject(simulator.tokens(account.clientId())).getString("access_token");
  }

  HttpApi with(String otherToken) {
    token = otherToken;
    return this;
  }

  /** A good GET with headers added or, where empty, left out. */
  HttpResponse<byte[]> get(String path, String... headers) throws IOException {
    return send("GET", path, null, headers);
  }

  HttpResponse<byte[]> delete(String path) throws IOException {
    return send("DELETE", path, null);
  }

  HttpResponse<byte[]> post(String path, String body, String... headers) throws IOException {
    return send("POST", path, body, headers);
  }

  HttpResponse<byte[]> send(String method, String path, String body, String... headers)
      throws IOException {
    List<String> all = new ArrayList<>();
    all.addAll(List.of("Authorization", "Bearer " + token, "x-version", "v1"));
    all.addAll(List.of("Accept", path.endsWith("/image") ? "*/*" : "application/json"));
    if (body != null) {
      all.addAll(List.of("Content-Type", "application/json"));
    }
    all.addAll(List.of(headers));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(simulator.apiUrl() + path))
            .timeout(Duration.ofSeconds(40))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    for (int i = 0; i < all.size(); i += 2) {
      if (all.get(i + 1).isEmpty()) {
        continue;
      }
      boolean replaced = all.subList(i + 2, all.size()).contains(all.get(i));
      if (!replaced) {
        request.header(all.get(i), all.get(i + 1));
      }
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), java.nio.charset.StandardCharsets.UTF_8);
  }

  static JsonObject json(HttpResponse<byte[]> response) {
    return new JsonObject(text(response));
  }

  static JsonArray list(HttpResponse<byte[]> response) {
    return new JsonArray(text(response));
  }

  /** Status and error id, such as {@code 403 CU-104}; or just {@code 200}. */
  static String outcome(HttpResponse<byte[]> response) {
    return response.statusCode() < 300
        ? Integer.toString(response.statusCode())
        : response.statusCode() + " " + json(response).getString("exveErrorId");
  }

  static String of(String vin, String what) {
    return "/customers/vehicles/" + vin + "/" + what;
  }

  static String history(Object from, Object to) {
    return of(VIN, "chargingHistory?from=" + from + "&to=" + to);
  }

  static String container(String name, String... descriptors) {
    return new JsonObject()
        .put("name", name)
        .put("purpose", "test")
        .put("technicalDescriptors", new JsonArray(List.of((Object[]) descriptors)))
        .encode();
  }

  /** Makes a container and gives its id. */
  String newContainer(String... descriptors) throws IOException {
    HttpResponse<byte[]> made = post("/customers/containers", container("ours", descriptors));
    if (made.statusCode() != 201) {
      throw new AssertionError(text(made));
    }
    return json(made).getString("containerId");
  }

  /** The entries of telematicData. */
  JsonObject telematicData(String vin, String containerId) throws IOException {
    return json(get(of(vin, "telematicData?containerId=" + containerId)))
        .getJsonObject("telematicData");
  }
}
