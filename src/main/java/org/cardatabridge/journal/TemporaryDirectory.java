// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a temporary journal's directory away again. */
final class TemporaryDirectory {

  private static final Logger LOG = LoggerFactory.getLogger(TemporaryDirectory.class);

  private TemporaryDirectory() {}

  static void delete(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      LOG.debug("Deleting a temporary journal", e);
    }
  }
}
