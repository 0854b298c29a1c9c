// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * A place in the ledger for one call, with what the call needs: from here on it costs one of the
 * day's calls. Immutable.
 *
 * @param entry in the ledger
 * @param call to be made
 * @param token to make it with; a secret
 * @param begun when, by a clock that only goes on, in nanoseconds
 */
public record Place(CallEntry entry, RestCall call, String token, long begun) {

  /** The header Authorization; a secret. */
  public String bearer() {
    return "Bearer " + token;
  }

  /** The parameters as they stand behind the question mark; null for none. */
  public String query() {
    if (call.query().isEmpty()) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, String> one : new TreeMap<>(call.query()).entrySet()) {
      text.append(text.isEmpty() ? "" : "&")
          .append(encoded(one.getKey()))
          .append('=')
          .append(encoded(one.getValue()));
    }
    return text.toString();
  }

  private static String encoded(String text) {
    return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The type of what is sent; null where nothing is. */
  public String contentType() {
    return call.body() == null ? null : "application/json";
  }

  /** The method and nothing secret. */
  @Override
  public String toString() {
    return "Place[" + call + "]";
  }
}
