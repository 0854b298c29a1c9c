// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/**
 * A POST of JSON. Immutable; its address and headers can be secrets.
 *
 * @param uri without a query
 * @param query null where there is none
 * @param headers beside the content type
 * @param body JSON in UTF-8
 */
record Request(String uri, String query, Map<String, String> headers, byte[] body) {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  static Request of(String url, Map<String, String> headers, JsonNode json) {
    String address = url.replaceFirst("#.*", "");
    int at = address.indexOf('?');
    try {
      return new Request(
          at < 0 ? address : address.substring(0, at),
          at < 0 ? null : address.substring(at + 1),
          headers,
          MAPPER.writeValueAsBytes(json));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always JSON", e);
    }
  }

  @Override
  public String toString() {
    return "Request";
  }
}
