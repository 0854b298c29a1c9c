// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routetest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.cardatabridge.routes.RouteFolder;

/**
 * A test file with its route file. Immutable.
 *
 * @param file the test file
 * @param route the route file
 * @param with names of further route files
 * @param tests its tests
 */
record RouteTestFile(Path file, Path route, List<String> with, List<RouteTest> tests) {

  /** How the name of a test file ends. */
  static final String SUFFIX = ".test.yaml";

  private static final Set<String> KNOWN = Set.of("settings", "with", "mocks", "tests");

  /** What holds for all tests of a file. */
  record Common(Map<String, String> settings, List<MockRule> mocks) {}

  /** The test file that belongs to a route file. */
  static Path of(Path route) {
    String name = route.getFileName().toString();
    return route.resolveSibling(
        name.substring(0, name.length() - RouteFolder.SUFFIX.length()) + SUFFIX);
  }

  /** The route file that a test file belongs to. */
  static Path routeOf(Path test) {
    String name = test.getFileName().toString();
    return test.resolveSibling(
        name.substring(0, name.length() - SUFFIX.length()) + RouteFolder.SUFFIX);
  }

  /**
   * Reads a test file.
   *
   * @throws BadTestFileException where something is wrong with it
   */
  static RouteTestFile read(Path file) {
    Path route = routeOf(file);
    if (!Files.isRegularFile(route)) {
      throw new BadTestFileException(
          "Testing " + file + ": there is no " + route + " — a test lies beside its route file");
    }
    YamlPart part = YamlPart.read(file);
    part.entries(KNOWN);
    Common common =
        new Common(RouteTest.settings(part.find("settings")), MockRule.of(part.find("mocks")));
    List<String> with =
        part.find("with")
            .map(list -> list.items().stream().map(YamlPart::text).toList())
            .orElse(List.of());
    List<RouteTest> tests =
        part.find("tests").map(YamlPart::items).orElse(List.of()).stream()
            .map(test -> RouteTest.of(test, common))
            .toList();
    if (tests.isEmpty()) {
      throw part.wrong("there are no tests — list them under 'tests'");
    }
    Set<String> names = tests.stream().map(RouteTest::name).collect(Collectors.toSet());
    if (names.size() < tests.size()) {
      throw part.wrong("two tests have the same name — give each its own");
    }
    return new RouteTestFile(file, route, with, tests);
  }
}
