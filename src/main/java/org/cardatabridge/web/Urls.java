// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.util.regex.Pattern;

/** Addresses in texts that leave the house by other doors than the page. */
final class Urls {

  private static final Pattern URL = Pattern.compile("\\b[a-zA-Z][a-zA-Z0-9+.-]*://\\S+");

  private Urls() {}

  static String removed(String text) {
    return text == null ? null : URL.matcher(text).replaceAll("…");
  }
}
