// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routetest;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;

/**
 * One message that a mock took, as it was then. Immutable.
 *
 * @param step the id of the step that sent it; null for the end of a route
 * @param uri the endpoint's URI without its options
 * @param parameters the options
 * @param text the body as text
 * @param headers the headers as texts
 */
record Taken(
    String step,
    String uri,
    Map<String, String> parameters,
    String text,
    Map<String, String> headers) {

  static Taken of(String step, String uri, Map<String, Object> parameters, Exchange exchange) {
    return new Taken(
        step,
        uri,
        texts(parameters),
        BodyText.of(exchange),
        texts(exchange.getMessage().getHeaders()));
  }

  private static Map<String, String> texts(Map<String, Object> values) {
    Map<String, String> texts = new HashMap<>();
    values.forEach(
        (name, value) -> {
          if (value != null) {
            texts.put(
                name,
                value instanceof byte[] bytes
                    ? new String(bytes, java.nio.charset.StandardCharsets.UTF_8)
                    : value.toString());
          }
        });
    return texts;
  }
}
