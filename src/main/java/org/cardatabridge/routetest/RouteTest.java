// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routetest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cardatabridge.settings.Settings;

/**
 * One test of a route file. Immutable.
 *
 * @param part where it is said
 * @param name what it shows, as a sentence
 * @param settings the settings' texts by their keys
 * @param mocks how mocks behave; the first one that fits counts
 * @param given what comes in, in order
 * @param expected what has to come out
 * @param within how long to wait for it
 */
record RouteTest(
    YamlPart part,
    String name,
    Map<String, String> settings,
    List<MockRule> mocks,
    List<Given> given,
    Expected expected,
    Duration within) {

  private static final Set<String> KNOWN =
      Set.of("name", "settings", "mocks", "given", "expect", "within");
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /**
   * What has to come out.
   *
   * @param part where it is said
   * @param messages for each mock
   * @param setAside a part with the key and, where it matters, the reason, for each
   * @param waiting how much is still to be delivered in the end
   * @param reply the messages as the route leaves them; empty where it does not matter
   * @param error what the route throws; empty where it must not
   */
  record Expected(
      YamlPart part,
      List<ExpectedMessages> messages,
      List<YamlPart> setAside,
      int waiting,
      Optional<List<ExpectedMessage>> reply,
      Optional<Pattern> error) {

    private static final Set<String> OWN = Set.of("set-aside", "waiting", "reply", "error");
    private static final Set<String> SET_ASIDE = Set.of("key", "reason");

    static Expected of(YamlPart part) {
      if (part.entries().isEmpty()) {
        throw part.wrong("'expect' is empty, so the test could not fail — say what comes out");
      }
      List<YamlPart> setAside = part.find("set-aside").map(YamlPart::items).orElse(List.of());
      for (YamlPart one : setAside) {
        if (one.entries(SET_ASIDE).isEmpty()) {
          throw one.wrong("takes key or reason");
        }
        one.find("reason").ifPresent(ExpectedMessage::pattern);
      }
      return new Expected(
          part,
          part.entries().values().stream()
              .filter(entry -> !OWN.contains(entry.name()))
              .map(ExpectedMessages::of)
              .toList(),
          setAside,
          part.find("waiting").map(YamlPart::number).orElse(0),
          part.find("reply").map(ExpectedMessages::list),
          part.find("error").map(ExpectedMessage::pattern));
    }

    YamlPart at(String key) {
      return part.find(key).orElse(part);
    }
  }

  static RouteTest of(YamlPart part, RouteTestFile.Common common) {
    part.entries(KNOWN);
    for (String required : List.of("name", "given", "expect")) {
      if (part.find(required).isEmpty()) {
        throw part.wrong("a test needs '" + required + "'");
      }
    }
    Map<String, String> settings = new TreeMap<>(common.settings());
    settings.putAll(settings(part.find("settings")));
    List<MockRule> mocks = new ArrayList<>(MockRule.of(part.find("mocks")));
    mocks.addAll(common.mocks());
    return new RouteTest(
        part,
        part.find("name").orElseThrow().text(),
        settings,
        mocks,
        Given.of(part.find("given").orElseThrow()),
        Expected.of(part.find("expect").orElseThrow()),
        part.find("within").map(RouteTest::duration).orElse(PATIENCE));
  }

  static Map<String, String> settings(Optional<YamlPart> part) {
    Map<String, String> settings = new TreeMap<>();
    part.ifPresent(
        all ->
            all.entries()
                .forEach(
                    (key, value) -> {
                      if (!key.startsWith("cardata.")) {
                        throw value.wrong("'settings' takes cardata. settings, got '" + key + "'");
                      }
                      settings.put(key, value.text());
                    }));
    return settings;
  }

  private static Duration duration(YamlPart part) {
    return Settings.parseDuration(part.text())
        .orElseThrow(() -> part.wrong("'within' takes a duration such as 500ms or 3s"));
  }

  /** What it names under {@code mocks} and {@code expect}: ids of steps, and URIs. */
  Set<String> named() {
    return Stream.concat(
            mocks.stream().map(rule -> rule.part().name()),
            expected.messages().stream().map(messages -> messages.part().name()))
        .collect(Collectors.toSet());
  }

  /** The same test with less patience. */
  RouteTest within(Duration other) {
    return new RouteTest(part, name, settings, mocks, given, expected, other);
  }
}
