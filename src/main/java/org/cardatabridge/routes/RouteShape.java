// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.cardatabridge.routes.RouteLoader.AtLineException;

/**
 * Mistakes in a route file that Camel takes without a word, or refuses in words that nobody
 * understands. Immutable.
 *
 * @param file the file
 */
record RouteShape(RouteText file) {

  private static final Pattern QUERY_IN_DEFAULT =
      Pattern.compile("\\buri *: .*\\{\\{[^{}?:][^{}:]*:[^{}]*\\?[^{}]*}}");

  /**
   * Looks at the text, before Camel does.
   *
   * @throws AtLineException for a mistake
   */
  void checkText() {
    List<String> lines = file.lines();
    boolean isBegun = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replace("\uFEFF", "").strip();
      if (line.isEmpty() || line.startsWith("#") || line.startsWith("---")) {
        continue;
      }
      if (!isBegun && !line.startsWith("-") && !line.startsWith("[")) {
        throw at(i + 1, "a route file is a list — write `- route:`, with the dash");
      }
      isBegun = true;
      if (QUERY_IN_DEFAULT.matcher(line).find()) {
        throw at(
            i + 1,
            "a default between {{ and }} cannot hold a '?' — write the address without it and what"
                + " stands behind the '?' below `parameters:`, or set the whole address as the"
                + " setting");
      }
    }
    if (!isBegun) {
      throw new IllegalArgumentException(
          "there is no route in it, each line is a comment — take the # away, or delete the file");
    }
  }

  /**
   * Looks at a route that Camel has read.
   *
   * @throws AtLineException for a mistake
   */
  void check(RouteDefinition route, ModelCamelContext context) {
    int line = Math.max(1, route.getLineNumber());
    if (route.getInput() == null) {
      throw at(line, "the route has no `from:` — say where its messages come from, as in events:x");
    }
    if (route.getOutputs().isEmpty()) {
      throw at(line, "the route has no steps — list below `steps:` what it does");
    }
    String isOn = route.getAutoStartup();
    if (isOn != null) {
      String value = context.resolvePropertyPlaceholders(isOn);
      if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
        throw at(
            lineOf("autoStartup", line), "autoStartup is '" + value + "' — it takes true or false");
      }
    }
  }

  private int lineOf(String field, int from) {
    List<String> lines = file.lines();
    for (int i = from - 1; i < lines.size(); i++) {
      if (lines.get(i).strip().startsWith(field + ":")) {
        return i + 1;
      }
    }
    return from;
  }

  private static AtLineException at(int line, String sentence) {
    return new AtLineException(line, new IllegalArgumentException(sentence));
  }
}
