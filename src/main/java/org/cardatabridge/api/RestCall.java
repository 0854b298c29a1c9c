// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.util.Map;
import java.util.Objects;

/**
 * One HTTP request to BMW's REST API, which costs one call of the quota: the body that {@code
 * direct:rest-call-<account>} takes. Immutable.
 *
 * @param account whose token and quota; never null
 * @param purpose why; never null
 * @param method {@code GET}, {@code POST} or {@code DELETE}
 * @param path from {@code /customers} on, each part encoded; never null
 * @param query parameters, not encoded yet; may be empty
 * @param body JSON to send; null for none
 * @param accept the header {@code Accept}: {@code application/json}, or {@code *&#47;*} for images
 */
public record RestCall(
    String account,
    Purpose purpose,
    String method,
    String path,
    Map<String, String> query,
    String body,
    String accept) {

  private static final String JSON = "application/json";

  /** Refuses a missing part by its name. */
  public RestCall {
    Objects.requireNonNull(account, "account");
    Objects.requireNonNull(purpose, "purpose");
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(accept, "accept");
    query = Map.copyOf(query);
  }

  /** Asks for JSON, for the same account and purpose as the order. */
  public static RestCall get(RestRequest order, String path, Map<String, String> query) {
    return new RestCall(order.account(), order.purpose(), "GET", path, query, null, JSON);
  }

  /** Asks for JSON as the plan does, without parameters. */
  static RestCall get(String account, String path) {
    return new RestCall(account, Purpose.ROUTINE, "GET", path, Map.of(), null, JSON);
  }

  /** Asks for an image. */
  public static RestCall getImage(RestRequest order, String path) {
    return new RestCall(order.account(), order.purpose(), "GET", path, Map.of(), null, "*/*");
  }

  /** Sends JSON. */
  public static RestCall post(RestRequest order, String path, String body) {
    return new RestCall(order.account(), order.purpose(), "POST", path, Map.of(), body, JSON);
  }

  /** Deletes. */
  public static RestCall delete(RestRequest order, String path) {
    return new RestCall(order.account(), order.purpose(), "DELETE", path, Map.of(), null, JSON);
  }

  /** The method only: the path may name a car. */
  @Override
  public String toString() {
    return "RestCall[" + method + " of " + account + "]";
  }
}
