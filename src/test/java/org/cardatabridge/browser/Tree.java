// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.browser;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory with all that is in it. */
final class Tree {

  private Tree() {}

  /** Removes it; again for a while, as a process that has just ended may have written to it. */
  static void delete(Path directory) {
    await("removing " + directory)
        .atMost(Duration.ofSeconds(40))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              try (Stream<Path> tree = Files.walk(directory)) {
                List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
                for (Path each : deepestFirst) {
                  Files.deleteIfExists(each);
                }
              }
              return true;
            });
  }
}
