// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One route file and what became of it. Not safe for use by several threads at once. */
final class LiveFile {
  final Path path;

  /** What runs; null for nothing. */
  RouteText text;

  LoadedRoutes routes;

  /** What is on the disk; null where the file is gone. */
  RouteText wanted;

  /** The sinks of what is wanted, where it was found to be usable; null before. */
  Set<String> checked;

  boolean isPending;
  boolean isAgain;
  boolean isClash;
  boolean isTold;

  /** Whether the running text is loaded again, as what is wanted cannot be used. */
  boolean isBack;

  Draining draining;
  String problem;

  /** The sinks that are shown as they were until a change is over. */
  Set<String> changing = Set.of();

  /** The sinks at which its trouble is shown. */
  Set<String> brokenSinks = Set.of();

  LiveFile(Path path) {
    this.path = path;
  }

  String name() {
    return path.getFileName().toString();
  }

  /** What is loaded next; null for nothing. */
  RouteText next() {
    return isBack ? text : wanted;
  }

  Set<String> sinks() {
    return routes != null ? routes.sinks() : Set.of();
  }

  /** Under which names its troubles are shown. */
  Set<String> shownAs() {
    if (!sinks().isEmpty()) {
      return sinks();
    }
    return sinkByName()
        .map(Set::of)
        .orElseGet(() -> wanted == null ? Set.of() : wanted.sinksByText());
  }

  /** The sink's name where the file is called {@code sink-<name>.camel.yaml}. */
  Optional<String> sinkByName() {
    return new RouteFile(path, List.of(), null).sink();
  }
}
