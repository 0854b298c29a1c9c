// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Says in one line why a route file could not be used, with its line where one is known. */
final class ProblemText {

  private static final Pattern SCHEME =
      Pattern.compile("No endpoint could be found for: ([A-Za-z][A-Za-z0-9+.-]*):");
  private static final Pattern FIELD = Pattern.compile("Unsupported field: (\\S+)");

  private ProblemText() {}

  static String of(Throwable problem, RouteText file) {
    Throwable root = problem;
    String line = "";
    for (Throwable t = problem; t != null; t = t.getCause()) {
      if (t instanceof RouteLoader.AtLineException at) {
        line = "line " + at.line() + ": ";
      }
      if (t instanceof MarkedYamlEngineException yaml) {
        return yaml.getProblemMark()
                .map(mark -> "line " + line(file, mark, yaml.getProblem()) + ": ")
                .orElse("")
            + yaml.getProblem();
      }
      root = t;
    }
    String text = root.getMessage();
    Matcher scheme = SCHEME.matcher(text == null ? "" : text);
    if (scheme.find()) {
      return line
          + "no Camel component '"
          + scheme.group(1)
          + "' is part of the bridge — docs/events.md#components lists those that are, and says how"
          + " to add one";
    }
    if (text == null) {
      return line + "Camel cannot read it as routes (" + root.getClass().getSimpleName() + ")";
    }
    return line
        + (text.startsWith("Unable to parse resource")
            ? "there is nothing in it that Camel knows"
            : text.strip().replaceAll("\\s+", " "));
  }

  /** The line of the trouble, from 1. Camel marks an unknown field's value; its name is meant. */
  private static int line(RouteText file, Mark mark, String problem) {
    Matcher field = FIELD.matcher(problem);
    if (field.find()) {
      List<String> lines = file.lines();
      for (int i = Math.min(mark.getLine(), lines.size() - 1); i >= 0; i--) {
        if (lines.get(i).contains(field.group(1) + ":")) {
          return i + 1;
        }
      }
    }
    return mark.getLine() + 1;
  }
}
