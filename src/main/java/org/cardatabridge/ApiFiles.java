// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.cardatabridge.routes.RouteFolder;

/** Which route files an action without a running bridge needs. Pure but for reading their names. */
final class ApiFiles {

  private static final Set<String> NEEDED =
      Set.of("auth-http", "auth-refresh", "errors", "flatten");

  /** What begins by itself. */
  private static final List<String> LEFT_OUT = List.of("rest-requests", "rest-schedule");

  /** The route that holds the stream. */
  static final String STREAM = "ingest-stream";

  private static final String FLEET = "ingest-highmobility";

  private ApiFiles() {}

  /** The same, and the streams. */
  static Set<String> forDoctor(Path folder) throws IOException {
    Set<String> names = in(folder);
    names.add(STREAM);
    names.add(FLEET);
    return names;
  }

  /** Their names without the suffix. */
  static Set<String> in(Path folder) throws IOException {
    Set<String> names = new HashSet<>(NEEDED);
    if (!Files.isDirectory(folder)) {
      return names;
    }
    try (Stream<Path> files = Files.list(folder)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("rest-") && name.endsWith(RouteFolder.SUFFIX))
          .map(name -> name.substring(0, name.length() - RouteFolder.SUFFIX.length()))
          .filter(name -> LEFT_OUT.stream().noneMatch(name::startsWith))
          .forEach(names::add);
    }
    return names;
  }
}
