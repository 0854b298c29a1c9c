// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The fields of one {@code application/x-www-form-urlencoded} body, in the order added. Handed on
 * as bytes, which no log prints.
 */
final class Form {

  private final List<String> fields = new ArrayList<>();

  Form with(String name, String value) {
    fields.add(encoded(name) + "=" + encoded(value));
    return this;
  }

  byte[] bytes() {
    return String.join("&", fields).getBytes(StandardCharsets.US_ASCII);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
