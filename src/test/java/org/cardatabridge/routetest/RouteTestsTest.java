// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routetest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The route and the test of docs/testing-routes.md, and what becomes of them with changes. */
@Timeout(60)
class RouteTestsTest {

  private static final Path DOCUMENT = Path.of("docs/testing-routes.md");
  private static final Pattern BLOCK = Pattern.compile("(?s)```yaml\n(.*?)```");

  @TempDir Path folder;
  private String route;
  private String test;

  @BeforeEach
  void readTheDocument() throws IOException {
    List<String> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(DOCUMENT));
    while (block.find()) {
      blocks.add(block.group(1));
    }
    assertThat(blocks).hasSize(2);
    route = blocks.get(0);
    test = blocks.get(1);
  }

  private List<RouteTests.Result> run() throws Exception {
    Path file = folder.resolve("sink-hook.camel.yaml");
    Files.writeString(file, route);
    Files.writeString(folder.resolve("sink-hook.test.yaml"), test);
    return new RouteTests(Path.of("routes")).run(RouteTests.testsOf(file).get(0));
  }

  private List<String> differences() throws Exception {
    return run().stream()
        .flatMap(result -> result.differences().stream())
        .map(line -> line.replace(folder + "/", ""))
        .toList();
  }

  /** One test of the hook with these lines behind its name. */
  private void only(String lines) {
    test = "tests:\n  - name: one\n" + lines.indent(4);
  }

  @Test
  void theDocumentedTestsPass() throws Exception {
    assertThat(run())
        .extracting(RouteTests.Result::name)
        .containsExactly(
            "posts each value, in order",
            "waits for a target that is away",
            "sets aside what the target refuses, and goes on");
    assertThat(differences()).isEmpty();
  }

  @Test
  void theDocumentedDifferenceIsWhatARouteWithoutTheKeyGives() throws Exception {
    route = route.replace("${body.key}=${body.value}", "${body.value}");
    assertThat(differences().get(0))
        .isEqualTo(
            "sink-hook.test.yaml:10: to-hook, message 1, body: expected"
                + " 'vehicle.vehicle.travelledDistance=81623 km', got '81623 km'");
    assertThat(Files.readString(DOCUMENT))
        .contains(
            "sink-hook.test.yaml:10: to-hook, message 1, body: expected"
                + " 'vehicle.vehicle.travelledDistance=81623 km', got '81623 km'");
  }
}
