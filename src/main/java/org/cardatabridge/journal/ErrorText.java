// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.apache.camel.CamelExecutionException;

/**
 * An exception in words that may be shown: no secrets, no VINs, no positions. Safe for use by many
 * threads.
 */
public final class ErrorText {

  private static final int LONGEST = 300;
  private static final String OURS = "org.cardatabridge.";
  private static final Pattern USER_INFO = Pattern.compile("//[^/@\\s]+@");
  private static final Pattern QUERY = Pattern.compile("\\?[^\\s\"'<>]+");
  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)\\b([\\w.-]*(?:password|passwd|pass|token|secret|api-?key|authorization|gcid|vin|username))"
              + "\\b(\"?\\s*[=:]\\s*\"?)(?:(?:bearer|basic)\\s+)?[^\\s,;&\"]+");
  private static final Pattern SCHEME = Pattern.compile("(?i)\\b(bearer|basic)\\s+[\\w.~+/=-]{6,}");
  private static final Pattern VIN =
      Pattern.compile("\\b[A-HJ-NPR-Z0-9]{13}([A-HJ-NPR-Z0-9]{4})\\b");
  private static final Pattern LONG_WORD = Pattern.compile("[A-Za-z0-9_+=-]{28,}");
  private static final Pattern UUID =
      Pattern.compile("\\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\b");
  private static final Pattern COORDINATE = Pattern.compile("-?\\b\\d{1,3}\\.\\d{3,}\\b");

  private ErrorText() {}

  /**
   * Kind and message of an exception, cleaned and shortened; of one of ours only the message, which
   * is a sentence. Never null.
   */
  static String of(Throwable thrown) {
    Throwable error = thrown;
    // Camel wraps an Error, and the wrapper says nothing.
    while (error instanceof CamelExecutionException && error.getCause() != null) {
      error = error.getCause();
    }
    String kind = error.getClass().getSimpleName();
    String message = error.getMessage();
    if (message != null && error.getClass().getName().startsWith(OURS)) {
      return clean(message);
    }
    if (message != null && error instanceof UnknownHostException) {
      return clean("no address is known for the host name " + message);
    }
    return message == null || message.isBlank() ? kind : kind + ": " + clean(message);
  }

  static String clean(String message) {
    String text = masked(message.lines().findFirst().orElse(""));
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
  }

  /** A text of any length without what may not be shown; never null. */
  public static String masked(String message) {
    String text = message;
    text = USER_INFO.matcher(text).replaceAll("//…@");
    text = QUERY.matcher(text).replaceAll("?…");
    text = SCHEME.matcher(text).replaceAll("$1 …");
    text = NAMED.matcher(text).replaceAll("$1$2…");
    text = UUID.matcher(text).replaceAll("…");
    text = VIN.matcher(text).replaceAll("…$1");
    text = LONG_WORD.matcher(text).replaceAll("…");
    return COORDINATE.matcher(text).replaceAll("…");
  }
}
