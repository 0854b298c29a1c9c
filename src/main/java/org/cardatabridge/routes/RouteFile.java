// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What became of one file of the routes folder. Immutable.
 *
 * @param path the file; never null
 * @param routeIds the routes it added, in their order; empty for a broken file
 * @param problem why it was skipped, with its line where one is known; null where it was not
 */
public record RouteFile(Path path, List<String> routeIds, String problem) {

  /** Copies the list. */
  public RouteFile {
    routeIds = List.copyOf(routeIds);
  }

  /** Whether it was skipped. */
  public boolean broken() {
    return problem != null;
  }

  /** The name before {@code .camel.yaml}, for example {@code sink-mqtt}. */
  public String name() {
    String file = path.getFileName().toString();
    return file.substring(0, file.length() - RouteFolder.SUFFIX.length());
  }

  /** The sink's name of a file called {@code sink-<name>.camel.yaml}; empty for others. */
  public Optional<String> sink() {
    return name().startsWith("sink-")
        ? Optional.of(name().substring("sink-".length()))
        : Optional.empty();
  }
}
