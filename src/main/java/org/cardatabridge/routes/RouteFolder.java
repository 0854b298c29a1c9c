// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads {@code *.camel.yaml} of one folder into a running Camel context, file by file, so that a
 * broken file is skipped and named while all others run. Not safe for use by several threads at
 * once.
 */
public final class RouteFolder {

  /** How the name of a route file ends. */
  public static final String SUFFIX = ".camel.yaml";

  // The error policy holds for routes that come after it. What intake takes in must find every sink
  // and the flatten route in place; what no message passes can wait until it flows.
  private static final List<String> FIRST = List.of("errors");
  private static final List<String> LAST = List.of("ingest-", "watchdog", "auth-", "web-", "web.");

  // A route on the HTTP server wants to find it there.
  private static final Pattern NEEDS_SERVER =
      Pattern.compile("^[^#\\n]*(platform-http|webhook|\\brest\\b)", Pattern.MULTILINE);

  /** What may be meant as a route file; tests of one are no mistake. */
  private static final Pattern MEANT = Pattern.compile("(?i).+(?<!\\.test)\\.(ya?ml|xml)");

  private static final Logger LOG = LoggerFactory.getLogger(RouteFolder.class);

  private final ModelCamelContext context;
  private final AccountRoutes accountRoutes;

  /** For a started context; templates become one route for each account. */
  public RouteFolder(ModelCamelContext context, AccountRoutes accountRoutes) {
    this.context = context;
    this.accountRoutes = accountRoutes;
  }

  /**
   * Loads the route files of a folder, not of the folders below it.
   *
   * @param server starts the HTTP server; run once, before the first file that has a route on it,
   *     or behind the last file
   * @return what became of each file, in the order they were loaded
   * @throws UncheckedIOException where the folder cannot be read
   */
  public List<RouteFile> load(Choice choice, Runnable server) {
    List<Path> wanted;
    try (Stream<Path> files = Files.list(choice.folder())) {
      List<Path> all = files.toList();
      all.forEach(RouteFolder::warnOfOtherName);
      wanted =
          all.stream()
              .filter(choice::takes)
              .sorted(Comparator.comparingInt(RouteFolder::rank).thenComparing(Path::getFileName))
              .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    boolean started = false;
    List<RouteFile> loaded = new ArrayList<>();
    for (Path file : wanted) {
      if (!started && needsServer(file)) {
        server.run();
        started = true;
      }
      loaded.add(loadOne(file));
    }
    if (!started) {
      server.run();
    }
    return List.copyOf(loaded);
  }

  private static boolean needsServer(Path file) {
    try {
      return NEEDS_SERVER.matcher(Files.readString(file)).find();
    } catch (IOException e) {
      LOG.debug("Looking into {}: loading it will tell what is wrong", file, e);
      return false;
    }
  }

  /**
   * Which files to load. Immutable.
   *
   * @param folder where they lie
   * @param only the names of the wanted ones, without {@link #SUFFIX}; empty for all
   */
  public record Choice(Path folder, Set<String> only) {

    /** Copies the names. */
    public Choice {
      only = Set.copyOf(only);
    }

    /** All files of a folder. */
    public static Choice all(Path folder) {
      return new Choice(folder, Set.of());
    }

    private boolean takes(Path file) {
      String name = file.getFileName().toString();
      return name.endsWith(SUFFIX)
          && Files.isRegularFile(file)
          && (only.isEmpty() || only.contains(name.substring(0, name.length() - SUFFIX.length())));
    }
  }

  private static void warnOfOtherName(Path file) {
    String name = file.getFileName().toString();
    if (!name.endsWith(SUFFIX) && MEANT.matcher(name).matches() && Files.isRegularFile(file)) {
      LOG.warn(
          "Loading {}: it is left out, as a route file's name ends in {} — rename it",
          file,
          SUFFIX);
    }
  }

  private static int rank(Path file) {
    String name = file.getFileName().toString();
    if (FIRST.stream().anyMatch(name::startsWith)) {
      return 0;
    }
    for (int i = 0; i < LAST.size(); i++) {
      if (name.startsWith(LAST.get(i))) {
        return 2 + i;
      }
    }
    return 1;
  }

  private RouteFile loadOne(Path file) {
    List<RouteDefinition> routesBefore = List.copyOf(context.getRouteDefinitions());
    List<RouteTemplateDefinition> templatesBefore =
        List.copyOf(context.getRouteTemplateDefinitions());
    try {
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(ResourceHelper.resolveMandatoryResource(context, "file:" + file));
      accountRoutes.addMissing();
      List<String> ids =
          added(context.getRouteDefinitions(), routesBefore).stream()
              .map(RouteDefinition::getRouteId)
              .toList();
      return new RouteFile(file, ids, null);
    } catch (Exception e) {
      String problem = ProblemText.of(e, file);
      LOG.error("Loading {}: {} — the file is skipped, all others run", file, problem);
      takeBack(routesBefore, templatesBefore);
      return new RouteFile(file, List.of(), problem);
    }
  }

  private void takeBack(List<RouteDefinition> routes, List<RouteTemplateDefinition> templates) {
    try {
      context.removeRouteDefinitions(added(context.getRouteDefinitions(), routes));
      context.removeRouteTemplateDefinitions(
          added(context.getRouteTemplateDefinitions(), templates));
    } catch (Exception e) {
      LOG.error("Removing the routes of a broken file", e);
    }
  }

  private static <T> List<T> added(List<T> now, List<T> before) {
    List<T> added = new ArrayList<>(now);
    added.removeIf(x -> before.stream().anyMatch(y -> y == x));
    return added;
  }
}
