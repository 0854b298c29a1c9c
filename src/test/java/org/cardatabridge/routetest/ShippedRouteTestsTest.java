// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routetest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tests beside the shipped routes: each file has one, it passes, and it can fail. */
@Timeout(120)
class ShippedRouteTestsTest {

  private static final Path ROUTES = Path.of("routes");
  private static final int LINES = 30;

  /** Files that may go without, each for a reason that stands here. */
  private static final Set<String> WITHOUT = Set.of();

  /** What is done to a file whose test would not notice that all its steps are gone. */
  private static final Map<String, UnaryOperator<String>> DAMAGE =
      Map.of(
          "errors",
              text -> text.replace("statusCode} in '400,413,422'\"", "statusCode} in '600'\""),
          "auth-refresh", text -> text.replace("method: isDue", "method: hashCode"));

  @TempDir Path folder;

  static List<Path> tests() {
    return RouteTests.testsOf(ROUTES);
  }

  private static String name(Path file) {
    return file.getFileName().toString().replaceAll("\\.(camel|test)\\.yaml", "");
  }

  @Test
  void eachShippedRouteHasATest() {
    assertThat(
            RouteTests.untested(ROUTES).stream()
                .map(ShippedRouteTestsTest::name)
                .collect(Collectors.toSet()))
        .as("route files without a test beside them")
        .isEqualTo(WITHOUT);
  }

  @ParameterizedTest
  @MethodSource("tests")
  void itPasses(Path test) throws Exception {
    assertThat(new RouteTests(ROUTES).run(test))
        .allSatisfy(result -> assertThat(result.differences()).as(result.name()).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("tests")
  void itIsShort(Path test) throws IOException {
    assertThat(Files.readAllLines(test)).hasSizeLessThanOrEqualTo(LINES);
  }

  @ParameterizedTest
  @MethodSource("tests")
  void itFailsWhereTheRouteDoesNothing(Path test) throws Exception {
    Path route = RouteTests.routeOf(test);
    UnaryOperator<String> damage =
        DAMAGE.getOrDefault(name(test), ShippedRouteTestsTest::withoutSteps);
    String text = damage.apply(Files.readString(route));
    assertThat(text).isNotEqualTo(Files.readString(route));
    Files.writeString(folder.resolve(route.getFileName()), text);
    Path copied = Files.copy(test, folder.resolve(test.getFileName()));

    assertThat(new RouteTests(ROUTES).run(copied)).anyMatch(result -> !result.passed());
  }

  /** Every route of the text with one step that does nothing in place of its own. */
  private static String withoutSteps(String text) {
    StringBuilder all = new StringBuilder();
    int from = -1;
    for (String line : text.lines().toList()) {
      int indent = line.length() - line.stripLeading().length();
      if (from >= 0 && !line.isBlank() && indent <= from) {
        from = -1;
      }
      if (from >= 0) {
        continue;
      }
      all.append(line).append('\n');
      if (line.strip().equals("steps:")) {
        from = indent;
        String step = "- log:\n    loggingLevel: TRACE\n    message: nothing";
        all.append(step.indent(indent + 2));
      }
    }
    return all.toString();
  }
}
