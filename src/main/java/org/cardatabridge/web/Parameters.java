// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.apache.camel.Exchange;

/**
 * Parameters of a request. What cannot be used is an {@link IllegalArgumentException} with a
 * sentence for whoever asked. Stateless.
 */
final class Parameters {

  private static final int SHOWN = 40;

  private Parameters() {}

  /** Without the white space around it; null where there is none. */
  static String text(Exchange exchange, String name) {
    String text = exchange.getMessage().getHeader(name, String.class);
    return text == null || text.isBlank() ? null : text.trim();
  }

  /** A time; null where there is none. */
  static Instant time(Exchange exchange, String name) {
    String text = text(exchange, name);
    if (text == null) {
      return null;
    }
    try {
      // In a query a plus sign arrives as a space.
      return OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          name + ": takes a time such as 2026-01-31T12:00:00Z, got '" + shortened(text) + "'", e);
    }
  }

  /** A whole number within these bounds; the usual one where there is none. */
  static int number(Exchange exchange, String name, int usual, int least, int most) {
    String text = text(exchange, name);
    if (text == null) {
      return usual;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(takes(name, least, most, text), e);
    }
    throw new IllegalArgumentException(takes(name, least, most, text));
  }

  private static String takes(String name, int least, int most, String text) {
    return name
        + ": takes a whole number from "
        + least
        + " to "
        + most
        + ", got '"
        + shortened(text)
        + "'";
  }

  private static String shortened(String text) {
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
  }
}
