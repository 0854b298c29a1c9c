// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cardatabridge.routes.RouteFolder;

/** Which route files a replay without a running bridge needs. Pure but for reading them. */
final class ReplayFiles {

  private static final List<String> NEEDED = List.of("errors", "flatten", "derive-", "sink-");
  // A replay gives nobody a message: notifications are of what happens now.
  private static final List<String> LEFT_OUT =
      List.of("ingest-", "auth-", "watchdog", "web", "sink-notify.", "notify-");
  private static final Pattern READS_EVENTS =
      Pattern.compile("\\bfrom:\\s*\\{?\\s*(uri:\\s*)?[\"']?events:");

  private ReplayFiles() {}

  /** Their names without the suffix: the flatten stage and whatever reads from {@code events:}. */
  static Set<String> in(Path folder) throws IOException {
    Set<String> names = new HashSet<>(Set.of("flatten"));
    if (!Files.isDirectory(folder)) {
      return names;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(RouteFolder.SUFFIX) && isNeeded(name, file)) {
          names.add(name.substring(0, name.length() - RouteFolder.SUFFIX.length()));
        }
      }
    }
    return names;
  }

  private static boolean isNeeded(String name, Path file) throws IOException {
    if (LEFT_OUT.stream().anyMatch(name::startsWith)) {
      return false;
    }
    return NEEDED.stream().anyMatch(name::startsWith)
        || READS_EVENTS
            .matcher(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
            .find();
  }
}
