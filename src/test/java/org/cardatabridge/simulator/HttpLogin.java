// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.cardatabridge.testing.Trust;

/** A device login by hand, over the JDK's HTTP client. */
final class HttpLogin {

  static final String ALL_SCOPES =
      "authenticate_user openid cardata:api:read cardata:streaming:read";
  static final String VERIFIER = "a-verifier-of-our-own-that-has-43-characters";

  private final Simulator simulator;
  private final AccountConfig account;
  private final HttpClient http;

  HttpLogin(Simulator simulator, AccountConfig account) throws Exception {
    this.simulator = simulator;
    this.account = account;
    this.http =
        HttpClient.newBuilder()
            .sslContext(Trust.in(simulator.caFile()))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
  }

  static String challenge(String verifier) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256")
                  .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Form fields; an empty value stands for none of that name. */
  static Map<String, String> form(String... pairs) {
    Map<String, String> form = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      form.put(pairs[i], pairs[i + 1]);
    }
    return form;
  }

  HttpResponse<String> post(String path, Map<String, String> form) throws IOException {
    String body =
        form.entrySet().stream()
            .filter(e -> !e.getValue().isEmpty())
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return post(path, body, "application/x-www-form-urlencoded");
  }

  HttpResponse<String> post(String path, String body, String contentType) throws IOException {
    return send(
        HttpRequest.newBuilder(URI.create(simulator.authUrl() + path))
            .header("Content-Type", contentType)
            .header("Accept", "application/json")
            .timeout(Duration.ofSeconds(40))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  HttpResponse<String> get(String path) throws IOException {
    return send(HttpRequest.newBuilder(URI.create(simulator.authUrl() + path)).build());
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** The form of a good request for a device code, with fields replaced (empty: left out). */
  Map<String, String> codeForm(String... changes) {
    Map<String, String> form =
        form(
            "client_id",
            account.clientId(),
            "response_type",
            "device_code",
            "scope",
            ALL_SCOPES,
            "code_challenge",
            challenge(VERIFIER),
            "code_challenge_method",
            "S256");
    form.putAll(form(changes));
    return form;
  }

  HttpResponse<String> askCode(String... changes) throws IOException {
    return post("/gcdm/oauth/device/code", codeForm(changes));
  }

  JsonObject code(String... changes) throws IOException {
    return new JsonObject(askCode(changes).body());
  }

  HttpResponse<String> poll(String deviceCode, String... changes) throws IOException {
    Map<String, String> form =
        form(
            "client_id",
            account.clientId(),
            "device_code",
            deviceCode,
            "code_verifier",
            VERIFIER,
            "grant_type",
            "urn:ietf:params:oauth:grant-type:device_code");
    form.putAll(form(changes));
    return post("/gcdm/oauth/token", form);
  }

  HttpResponse<String> refresh(String refreshToken, String... changes) throws IOException {
    Map<String, String> form =
        form(
            "client_id",
            account.clientId(),
            "refresh_token",
            refreshToken,
            "grant_type",
            "refresh_token");
    form.putAll(form(changes));
    return post("/gcdm/oauth/token", form);
  }

  static String error(HttpResponse<String> response) {
    return response.statusCode() + " " + new JsonObject(response.body()).getString("error");
  }

  static JsonObject json(HttpResponse<String> response) {
    return new JsonObject(response.body());
  }
}
