// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Says in one line why a route file could not be used, with its line where one is known. */
final class ProblemText {

  private static final Pattern SCHEME =
      Pattern.compile("No endpoint could be found for: ([A-Za-z][A-Za-z0-9+.-]*):");
  private static final Pattern FIELD = Pattern.compile("Unsupported field: (\\S+)");

  private static final Pattern OPTION =
      Pattern.compile(
          "Failed to resolve endpoint: ([A-Za-z][A-Za-z0-9+.-]*):.*"
              + "Unknown parameters=\\[\\{([^=}]+)=",
          Pattern.DOTALL);
  private static final String QUERY = "Uri should not contains query parameters";

  private ProblemText() {}

  static String of(Throwable problem, RouteText file) {
    Throwable root = problem;
    String line = "";
    for (Throwable t = problem; t != null; t = t.getCause()) {
      if (t instanceof RouteLoader.AtLineException at) {
        line = "line " + at.line() + ": ";
      }
      if (t instanceof SimpleIllegalSyntaxException simple) {
        return ofSimple(simple, file, line);
      }
      if (t instanceof MarkedYamlEngineException yaml) {
        return yaml.getProblemMark()
                .map(mark -> "line " + line(file, mark, yaml.getProblem()) + ": ")
                .orElse("")
            + (yaml.getProblem().startsWith(QUERY)
                ? "an address with a '?' and `parameters:` do not go together — write what stands"
                    + " behind the '?' below `parameters:` too"
                : yaml.getProblem());
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
    Matcher option = OPTION.matcher(text == null ? "" : text);
    if (option.find()) {
      return (line.isEmpty() ? lineWith(file, option.group(2)) : line)
          + option.group(1)
          + " has no option '"
          + option.group(2)
          + "' — look at its spelling in "
          + (option.group(1).equals("events")
              ? "docs/events.md"
              : "Camel's documentation of " + option.group(1));
    }
    if (text == null) {
      return line + "Camel cannot read it as routes (" + root.getClass().getSimpleName() + ")";
    }
    return line
        + (text.startsWith("Unable to parse resource")
            ? "there is nothing in it that Camel knows"
            : withoutValues(text.strip().replaceAll("\\s+", " ")));
  }

  /** Camel names a value that it cannot use, and that may be a password. */
  private static String withoutValues(String text) {
    return text.replaceAll("\\(([\\w.-]+)=[^)]*\\)", "($1)")
        .replaceAll("\\{([\\w.-]+)=[^}]*}", "{$1}")
        .replaceAll(" with value:? .*", "");
  }

  private static String ofSimple(SimpleIllegalSyntaxException simple, RouteText file, String line) {
    String first = simple.getExpression().lines().findFirst().orElse("").strip();
    String reason = String.valueOf(simple.getShortMessage()).lines().findFirst().orElse("");
    return (line.isEmpty() ? lineWith(file, first) : line)
        + "the expression \""
        + first
        + "\" cannot be read: "
        + reason.replaceAll(" at location \\d+$", "")
        + (simple.getIndex() >= 0 ? " at its character " + (simple.getIndex() + 1) : "")
        + " — operators have a blank on both sides: ==, !=, >, <, contains, starts with, in, &&";
  }

  /** Where a text that is no comment stands; empty where it is nowhere. */
  private static String lineWith(RouteText file, String part) {
    List<String> lines = file.lines();
    for (int i = 0; i < lines.size(); i++) {
      if (!part.isEmpty() && !lines.get(i).strip().startsWith("#") && lines.get(i).contains(part)) {
        return "line " + (i + 1) + ": ";
      }
    }
    return "";
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
