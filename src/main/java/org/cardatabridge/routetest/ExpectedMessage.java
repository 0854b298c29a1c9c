// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routetest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What one message has to be like. Immutable.
 *
 * @param part where it is said
 */
record ExpectedMessage(YamlPart part) {

  private static final Set<String> KNOWN =
      Set.of("body", "json", "matches", "headers", "parameters");
  private static final int LONGEST = 300;

  /** Refuses what is not known, and what could not fail. */
  ExpectedMessage {
    if (part.entries(KNOWN).isEmpty()) {
      throw part.wrong("expects nothing — say body, json, matches, headers or parameters");
    }
    part.find("matches").ifPresent(ExpectedMessage::pattern);
    for (String texts : List.of("headers", "parameters")) {
      part.find(texts)
          .ifPresent(
              all ->
                  all.entries()
                      .values()
                      .forEach(
                          one -> {
                            if (one.isMap()) {
                              pattern(one.entries(Set.of("matches")).get("matches"));
                            }
                          }));
    }
  }

  /** The regular expression of a part. */
  static Pattern pattern(YamlPart part) {
    try {
      return Pattern.compile(part.text(), Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      throw part.wrong("'" + part.name() + "' takes a regular expression: " + e.getDescription());
    }
  }

  /**
   * What differs, a line each; empty where nothing does.
   *
   * @param where what the message is, in words
   */
  List<String> differences(String where, Taken got) {
    List<String> all = new ArrayList<>();
    part.find("body")
        .ifPresent(
            body -> {
              Object text = Given.body(body);
              compare(all, body, where + ", body", text == null ? "" : text.toString(), got.text());
            });
    part.find("matches")
        .ifPresent(
            matches -> {
              if (!pattern(matches).matcher(got.text()).matches()) {
                all.add(
                    line(matches, where + ", body", "a match of " + matches.text(), got.text()));
              }
            });
    part.find("json")
        .ifPresent(
            json -> {
              JsonNode tree = BodyText.parsed(got.text());
              if (tree == null) {
                all.add(line(json, where + ", body", "JSON", got.text()));
              } else {
                compare(all, json, where + ", body", tree);
              }
            });
    part.find("headers").ifPresent(h -> compare(all, h, where + ", header ", got.headers()));
    part.find("parameters").ifPresent(p -> compare(all, p, where + ", option ", got.parameters()));
    return all;
  }

  /** The line that says that nothing came in its place. */
  String missing(String where) {
    String like = "";
    for (String kind : List.of("body", "matches", "json")) {
      YamlPart one = part.find(kind).orElse(null);
      if (one != null) {
        Object text = kind.equals("json") ? BodyText.json(one.plain()) : one.value();
        like =
            (kind.equals("matches") ? " with a body that matches " : " with body ")
                + quoted(
                    String.valueOf(
                        text instanceof List || text instanceof Map ? one.plain() : text));
      }
    }
    return where(part) + where + ": expected a message" + like + ", got none";
  }

  private static void compare(
      List<String> all, YamlPart expected, String where, Map<String, String> got) {
    expected
        .entries()
        .forEach(
            (name, one) -> {
              String text = got.get(name);
              if (one.value() == null) {
                if (text != null) {
                  all.add(line(one, where + name, "none", text));
                }
              } else if (text == null) {
                all.add(where(one) + where + name + ": is not there");
              } else if (one.isMap()) {
                YamlPart matches = one.entries().get("matches");
                if (!pattern(matches).matcher(text).matches()) {
                  all.add(line(one, where + name, "a match of " + matches.text(), text));
                }
              } else {
                compare(all, one, where + name, one.text(), text);
              }
            });
  }

  private static void compare(
      List<String> all, YamlPart part, String where, String expected, String got) {
    if (!expected.equals(got)) {
      all.add(line(part, where, expected, got));
    }
  }

  /** What is named must be equal; what is not named does not matter. */
  private static void compare(List<String> all, YamlPart expected, String where, JsonNode got) {
    if (expected.isMap() && got.isObject()) {
      expected
          .entries()
          .forEach(
              (key, part) -> {
                if (got.has(key)) {
                  compare(all, part, where + "." + key, got.get(key));
                } else {
                  all.add(where(part) + where + "." + key + ": is not there");
                }
              });
    } else if (expected.isList() && got.isArray()) {
      List<YamlPart> items = expected.items();
      if (items.size() != got.size()) {
        all.add(line(expected, where, items.size() + " items", got.size() + " items: " + got));
        return;
      }
      for (int i = 0; i < items.size(); i++) {
        compare(all, items.get(i), where + "[" + (i + 1) + "]", got.get(i));
      }
    } else {
      JsonNode wanted = BodyText.parsed(BodyText.json(expected.plain()));
      boolean sameNumber =
          wanted.isNumber()
              && got.isNumber()
              && wanted.decimalValue().compareTo(got.decimalValue()) == 0;
      if (!sameNumber && !wanted.equals(got)) {
        all.add(line(expected, where, text(wanted), text(got)));
      }
    }
  }

  private static String text(JsonNode node) {
    return node.isTextual() ? node.textValue() : node.toString();
  }

  private static String where(YamlPart part) {
    return part.file() + ":" + part.line() + ": ";
  }

  /** One difference in one line. */
  static String line(YamlPart part, String where, String expected, String got) {
    return where(part) + where + ": expected " + quoted(expected) + ", got " + quoted(got);
  }

  private static String quoted(String text) {
    String one = text.replace("\r", "\\r").replace("\n", "\\n");
    return "'" + (one.length() > LONGEST ? one.substring(0, LONGEST) + "…" : one) + "'";
  }
}
