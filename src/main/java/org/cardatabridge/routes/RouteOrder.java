// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The route files of a folder, read, in the order in which they are to be loaded. It needs no Camel
 * context, so it can be made while there is none. Immutable.
 */
public final class RouteOrder {

  // What intake takes in must find every sink and the flatten route in place; what no message
  // passes can wait until it flows.
  private static final List<String> FIRST = List.of("errors");
  private static final List<String> STREAMS = List.of("ingest-stream", "ingest-highmobility");
  private static final List<String> LAST =
      List.of(
          "sink-mqtt-image",
          "sink-mqtt-status",
          "sink-mqtt-forgotten",
          "ingest-",
          "watchdog",
          "auth-",
          "rest-",
          "web-",
          "web.");

  // Whoever hears from these that the bridge is there may ask for all the rest.
  private static final List<String> VERY_LAST = List.of("web-observe", "web-page");

  private static final int RANK_OF_STREAMS = 2;
  private static final int RANK_BEHIND_STREAMS = RANK_OF_STREAMS + STREAMS.size();

  private final List<Entry> entries;

  private RouteOrder(List<Entry> entries) {
    this.entries = entries;
  }

  List<Entry> entries() {
    return entries;
  }

  /**
   * A file and what its text says about its turn.
   *
   * @param rank the lower, the earlier
   * @param needsServer whether the HTTP server is to run before it is loaded
   */
  record Entry(RouteText file, int rank, boolean needsServer) {

    private static Entry of(RouteText file) {
      int rank = RouteOrder.rank(file);
      return new Entry(file, rank, rank >= RANK_BEHIND_STREAMS || file.needsServer());
    }
  }

  /**
   * Reads what was chosen.
   *
   * @throws IOException where the folder cannot be read; a file that cannot says so when it is
   *     loaded
   */
  public static RouteOrder of(RouteFolder.Choice choice) throws IOException {
    try (Stream<Path> all = Files.list(choice.folder())) {
      return new RouteOrder(
          all.filter(choice::takes)
              .map(RouteText::read)
              .map(Entry::of)
              .sorted(
                  Comparator.comparingInt(Entry::rank)
                      .thenComparing(entry -> entry.file().fileName()))
              .toList());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  static int rank(RouteText file) {
    String name = file.fileName();
    if (file.hasPolicy() || FIRST.stream().anyMatch(name::startsWith)) {
      return 0;
    }
    int stream = indexOf(name, STREAMS);
    if (stream >= 0) {
      return RANK_OF_STREAMS + stream;
    }
    int veryLast = indexOf(name, VERY_LAST);
    if (veryLast >= 0) {
      return RANK_BEHIND_STREAMS + LAST.size() + veryLast;
    }
    int last = indexOf(name, LAST);
    return last < 0 ? 1 : RANK_BEHIND_STREAMS + last;
  }

  private static int indexOf(String name, List<String> beginnings) {
    for (int i = 0; i < beginnings.size(); i++) {
      if (name.startsWith(beginnings.get(i))) {
        return i;
      }
    }
    return -1;
  }
}
