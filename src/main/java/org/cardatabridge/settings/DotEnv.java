// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a {@code .env} file the way Compose and python-dotenv do: {@code NAME=value}, with or
 * without {@code export}, values bare or in single or double quotes, comments behind {@code #}. A
 * line of another form is passed over. Pure functions.
 */
final class DotEnv {

  private static final Pattern LINE =
      Pattern.compile("\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(.*)");
  private static final Pattern QUOTED =
      Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"\\s*(?:#.*)?|'([^']*)'\\s*(?:#.*)?");

  private DotEnv() {}

  /** The variables of a file's text, in their order; a later line of the same name wins. */
  static Map<String, String> parse(String text) {
    Map<String, String> variables = new LinkedHashMap<>();
    text.lines()
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .forEach(line -> variables.put(line.group(1), value(line.group(2))));
    return variables;
  }

  private static String value(String text) {
    Matcher quoted = QUOTED.matcher(text);
    if (!quoted.matches()) {
      return text.replaceFirst("(^|\\s+)#.*$", "").strip();
    }
    return quoted.group(2) != null
        ? quoted.group(2)
        : quoted.group(1).replaceAll("\\\\([\"\\\\$])", "$1");
  }
}
