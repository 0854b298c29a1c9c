// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.cardatabridge.routetest.BadTestFileException;
import org.cardatabridge.routetest.RouteTests;
import org.cardatabridge.settings.BadSettingException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bridge test}. Used once, by one thread. */
@Command(
    name = "test",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the tests that lie beside route files (<route>.test.yaml).",
      "Needs no account, no broker and no network; every target is a mock.",
      "docs/testing-routes.md says how to write one."
    },
    footer = {
      "",
      "Exit codes: 0 all passed, 1 a test failed, 2 no such file or a mistake in a test file.",
      "Example: ./bridge test routes/sink-hook.camel.yaml"
    })
final class TestCommand implements Callable<Integer> {

  private final Surroundings surroundings;
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "<file or folder>",
      arity = "0..*",
      description = "Route files, their test files, or folders of them; otherwise all of routes.")
  private List<String> paths = new ArrayList<>();

  TestCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws Exception {
    surroundings.silently();
    PrintWriter out = spec.commandLine().getOut();
    try {
      Set<Path> files = new LinkedHashSet<>();
      List<Path> untested = new ArrayList<>();
      for (Path path : asked()) {
        files.addAll(RouteTests.testsOf(path));
        if (Files.isDirectory(path)) {
          untested.addAll(RouteTests.untested(path));
        }
      }
      return run(files, untested, out);
    } catch (BadTestFileException e) {
      throw new BadSettingException(e.getMessage());
    }
  }

  /** As the user wrote them, so that messages name them so. */
  private List<Path> asked() {
    if (!paths.isEmpty()) {
      return paths.stream().map(path -> shown(surroundings.workDir().resolve(path))).toList();
    }
    Path own = surroundings.workDir().resolve("routes");
    return List.of(Files.isDirectory(own) ? shown(own) : surroundings.shippedRoutes());
  }

  private Path shown(Path path) {
    Path normal = path.toAbsolutePath().normalize();
    Path here = Path.of("").toAbsolutePath();
    return normal.startsWith(here) && !normal.equals(here) ? here.relativize(normal) : normal;
  }

  private int run(Set<Path> files, List<Path> untested, PrintWriter out) throws Exception {
    RouteTests tests = new RouteTests(surroundings.shippedRoutes());
    int all = 0;
    int failed = 0;
    for (Path file : files) {
      out.println(RouteTests.routeOf(file));
      for (RouteTests.Result result : tests.run(file)) {
        all++;
        failed += result.passed() ? 0 : 1;
        out.println((result.passed() ? "  ok      " : "  FAILED  ") + result.name());
        result.differences().forEach(line -> out.println("    " + line));
        out.flush();
      }
    }
    untested.forEach(route -> out.println(route + ": has no test"));
    out.println(all + (all == 1 ? " test, " : " tests, ") + failed + " failed");
    out.flush();
    return failed == 0 ? 0 : 1;
  }
}
