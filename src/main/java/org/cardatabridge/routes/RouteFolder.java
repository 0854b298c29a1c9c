// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.model.ModelCamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads {@code *.camel.yaml} of one folder into a running Camel context, file by file, so that a
 * broken file is skipped and named while all others run; later on has the routes follow what
 * changes in the folder. Not safe for use by several threads at once.
 */
public final class RouteFolder {

  /** How the name of a route file ends. */
  public static final String SUFFIX = ".camel.yaml";

  /** What may be meant as a route file; tests of one are no mistake. */
  private static final Pattern MEANT = Pattern.compile("(?i).+(?<!\\.test)\\.(ya?ml|xml)");

  private static final Logger LOG = LoggerFactory.getLogger(RouteFolder.class);

  private final LiveRoutes routes;
  private final Set<Path> warned = new HashSet<>();
  private SettledFiles files;
  private boolean isAway;

  /** For a started context; templates become one route for each account. */
  public RouteFolder(ModelCamelContext context, AccountRoutes accountRoutes) {
    this(context, accountRoutes, SinkNews.none(), Clock.systemUTC());
  }

  /**
   * The same, and what becomes of sinks is told.
   *
   * @param clock for how long something under way is waited for
   */
  public RouteFolder(
      ModelCamelContext context, AccountRoutes accountRoutes, SinkNews news, Clock clock) {
    this.routes = new LiveRoutes(context, new RouteLoader(context, accountRoutes), news, clock);
  }

  /**
   * Loads the route files of a folder, not of the folders below it.
   *
   * @param server starts the HTTP server; run once, before the first file that has a route on it,
   *     behind the streams, or behind the last file
   * @return what became of each file, in the order they were loaded
   * @throws UncheckedIOException where the folder cannot be read
   */
  public List<RouteFile> load(Choice choice, Runnable server) {
    try {
      return load(choice, RouteOrder.of(choice), server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The same for files that were read already.
   *
   * @param order what {@link RouteOrder#of} found for the choice
   */
  public List<RouteFile> load(Choice choice, RouteOrder order, Runnable server) {
    files = new SettledFiles(choice.folder(), path -> isWanted(choice, path));
    warnOfOtherNames(choice.folder());
    boolean started = false;
    List<RouteFile> loaded = new ArrayList<>();
    for (RouteOrder.Entry entry : order.entries()) {
      // A page that is looked at while the bridge starts need not wait for all its files.
      if (!started && entry.needsServer()) {
        server.run();
        started = true;
      }
      files.known(entry.file());
      loaded.add(routes.add(entry.file(), choice.isOffLeftOut()));
    }
    if (!started) {
      server.run();
    }
    return List.copyOf(loaded);
  }

  /**
   * Looks into the folder once and has the routes follow what changed; after {@link #load}. A file
   * is taken up at the second look at which it is the same. Never throws.
   *
   * @return whether something is still under way, so that the next look should come soon
   */
  public boolean look() {
    try {
      routes.wants(files.look());
      tellAway(files.isEmpty() ? "all its files are gone" : null);
    } catch (IOException e) {
      tellAway("it cannot be read (" + e.getClass().getSimpleName() + ")");
    }
    try {
      return routes.step();
    } catch (RuntimeException e) {
      LOG.error("Following changes of the route files: {} — it is tried again", e.toString(), e);
      return false;
    }
  }

  private void tellAway(String why) {
    if (why != null && !isAway) {
      LOG.warn(
          "Looking into {}: {} — all routes go on as they are; bring its disk back, or stop the"
              + " bridge if that is meant",
          files.folder(),
          why);
    }
    isAway = why != null;
  }

  /**
   * Which files to load. Immutable.
   *
   * @param folder where they lie
   * @param only the names of the wanted ones, without {@link #SUFFIX}; empty for all
   * @param isOffLeftOut whether a file whose every route is switched off by a setting is only
   *     shown, which spares its parsing and its components
   */
  public record Choice(Path folder, Set<String> only, boolean isOffLeftOut) {

    /** Copies the names. */
    public Choice {
      only = Set.copyOf(only);
    }

    /** The same, with files that are switched off. */
    public Choice(Path folder, Set<String> only) {
      this(folder, only, false);
    }

    /** All files of a folder. */
    public static Choice all(Path folder) {
      return new Choice(folder, Set.of());
    }

    boolean takes(Path file) {
      String name = file.getFileName().toString();
      return name.endsWith(SUFFIX)
          && !isHidden(name)
          && Files.isRegularFile(file)
          && (only.isEmpty() || only.contains(name.substring(0, name.length() - SUFFIX.length())));
    }
  }

  /** As editors and a Mac's copies name what nobody wrote. */
  private static boolean isHidden(String name) {
    return name.startsWith(".");
  }

  private boolean isWanted(Choice choice, Path file) {
    warnOfOtherName(file);
    return choice.takes(file);
  }

  private void warnOfOtherNames(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      all.forEach(this::warnOfOtherName);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void warnOfOtherName(Path file) {
    String name = file.getFileName().toString();
    if (!name.endsWith(SUFFIX)
        && !isHidden(name)
        && MEANT.matcher(name).matches()
        && Files.isRegularFile(file)
        && warned.add(file)) {
      LOG.warn(
          "Loading {}: it is left out, as a route file's name ends in {} — rename it",
          file,
          SUFFIX);
    }
  }
}
