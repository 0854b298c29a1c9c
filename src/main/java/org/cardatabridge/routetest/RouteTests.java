// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routetest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.cardatabridge.routes.RouteFolder;

/**
 * Runs the tests that lie beside route files. Reaches nothing outside of the process but temporary
 * files. Safe for use by many threads.
 */
public final class RouteTests {

  private static final String ERRORS = "errors" + RouteFolder.SUFFIX;

  private final Path shipped;

  /**
   * With the folder of the shipped routes, whose error policy and other files serve where the
   * tested file has none beside it.
   */
  public RouteTests(Path shipped) {
    this.shipped = shipped;
  }

  /**
   * How one test ended. Immutable.
   *
   * @param name the test's name
   * @param differences what differs from what it expects, a line each; empty where it passed
   */
  public record Result(String name, List<String> differences) {

    /** Copies the list. */
    public Result {
      differences = List.copyOf(differences);
    }

    /** Whether all was as expected. */
    public boolean passed() {
      return differences.isEmpty();
    }
  }

  /**
   * The test files that a path stands for: a route file's, the file itself, or all of a folder and
   * those below it.
   *
   * @throws BadTestFileException where there is none
   */
  public static List<Path> testsOf(Path path) {
    String name = path.getFileName().toString();
    if (Files.isDirectory(path)) {
      List<Path> found = filesIn(path, RouteTestFile.SUFFIX);
      if (found.isEmpty()) {
        throw new BadTestFileException(
            "Testing " + path + ": there is no file *" + RouteTestFile.SUFFIX + " in it");
      }
      return found;
    }
    if (!Files.isRegularFile(path)) {
      throw new BadTestFileException("Testing " + path + ": there is no such file");
    }
    if (name.endsWith(RouteTestFile.SUFFIX)) {
      return List.of(path);
    }
    if (!name.endsWith(RouteFolder.SUFFIX)) {
      throw new BadTestFileException(
          "Testing " + path + ": a route file's name ends in " + RouteFolder.SUFFIX);
    }
    Path test = RouteTestFile.of(path);
    if (!Files.isRegularFile(test)) {
      throw new BadTestFileException(
          "Testing "
              + path
              + ": there is no "
              + test
              + " — write one as docs/testing-routes.md says");
    }
    return List.of(test);
  }

  /** The route files of a folder and those below it that have no test. */
  public static List<Path> untested(Path folder) {
    return filesIn(folder, RouteFolder.SUFFIX).stream()
        .filter(route -> !Files.isRegularFile(RouteTestFile.of(route)))
        .toList();
  }

  private static List<Path> filesIn(Path folder, String suffix) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The route file that a test file belongs to. */
  public static Path routeOf(Path test) {
    return RouteTestFile.routeOf(test);
  }

  /**
   * Runs all tests of a test file, one after the other.
   *
   * @throws BadTestFileException where something is wrong with the file
   * @throws Exception what Camel throws where a test could not be set up
   */
  public List<Result> run(Path file) throws Exception {
    RouteTestFile tests = RouteTestFile.read(file);
    List<Result> results = new ArrayList<>();
    boolean isLoaded = true;
    for (RouteTest test : tests.tests()) {
      if (!isLoaded) {
        results.add(new Result(test.name(), List.of("not run, for the reason above")));
        continue;
      }
      try (Rehearsal rehearsal = rehearsal(tests, test)) {
        results.add(new Result(test.name(), rehearsal.run()));
        isLoaded = rehearsal.isLoaded();
      }
    }
    return results;
  }

  private Rehearsal rehearsal(RouteTestFile file, RouteTest test) throws IOException {
    List<Path> files = new ArrayList<>();
    find(file.route(), ERRORS).filter(errors -> !errors.equals(file.route())).ifPresent(files::add);
    files.add(file.route());
    for (String with : file.with()) {
      files.add(
          find(file.route(), with + RouteFolder.SUFFIX)
              .orElseThrow(
                  () ->
                      new BadTestFileException(
                          file.file() + ": 'with' names " + with + ", which is not there")));
    }
    return new Rehearsal(test, file.route(), files);
  }

  /** Beside the route, above it, or among the shipped ones. */
  private Optional<Path> find(Path route, String name) {
    Path folder = route.toAbsolutePath().getParent();
    return Stream.of(folder, folder.getParent(), shipped)
        .filter(Objects::nonNull)
        .map(each -> each.resolve(name))
        .filter(Files::isRegularFile)
        .findFirst();
  }
}
