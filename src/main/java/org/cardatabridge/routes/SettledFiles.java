// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Looks at a folder again and again and tells which of its files changed. A file counts when size,
 * time and content were the same at two looks, so that one that is still being written is waited
 * for; an empty one is never told. One that went counts when it was missing at two looks, as some
 * editors put a new file in the place of the old one. Works on any disk, as it asks for no
 * notification. Not safe for use by several threads at once.
 */
final class SettledFiles {

  // A disk's clock may be coarse, and an edit of the same size then looks old: content is read for
  // so many looks after a change, and each so many looks after that.
  private static final int THOROUGH_FOR = 6;
  private static final int THOROUGH_EACH = 10;

  private static final int GONE_AFTER = 2;

  /**
   * A file that changed.
   *
   * @param content as it is now; null: it is gone
   */
  record Change(Path path, RouteText content) {}

  private record Stat(long size, FileTime time, Object key) {}

  /** What was seen of one file. */
  private static final class Seen {
    private Stat stat;
    private RouteText content;
    private int changedAt;
    private boolean settled;
    private RouteText told;
    private int missing;
  }

  private final Path folder;
  private final Predicate<Path> wanted;
  private final Map<Path, Seen> files = new HashMap<>();
  private int looks;
  private boolean empty;

  SettledFiles(Path folder, Predicate<Path> wanted) {
    this.folder = folder;
    this.wanted = wanted;
  }

  Path folder() {
    return folder;
  }

  /** Takes a file as known: it is told when it differs from this. */
  void known(RouteText content) {
    Seen seen = new Seen();
    seen.content = content;
    seen.told = content;
    files.put(content.path(), seen);
  }

  /**
   * Looks once.
   *
   * @throws IOException where the folder cannot be read; what was seen before holds on
   */
  List<Change> look() throws IOException {
    List<Path> present;
    try (Stream<Path> all = Files.list(folder)) {
      present = all.filter(wanted).sorted().toList();
    } catch (java.io.UncheckedIOException e) {
      throw e.getCause();
    }
    looks++;
    empty = present.isEmpty() && files.values().stream().anyMatch(seen -> seen.told != null);
    if (empty) {
      return List.of();
    }
    List<Change> changes = new ArrayList<>();
    for (Path path : present) {
      Seen seen = files.computeIfAbsent(path, p -> new Seen());
      seen.missing = 0;
      look(path, seen);
      if (seen.settled && !seen.content.isEmpty() && !seen.content.equals(seen.told)) {
        seen.told = seen.content;
        changes.add(new Change(path, seen.content));
      }
    }
    for (Iterator<Map.Entry<Path, Seen>> it = files.entrySet().iterator(); it.hasNext(); ) {
      Map.Entry<Path, Seen> file = it.next();
      if (!present.contains(file.getKey()) && ++file.getValue().missing >= GONE_AFTER) {
        it.remove();
        if (file.getValue().told != null) {
          changes.add(new Change(file.getKey(), null));
        }
      }
    }
    return changes;
  }

  /**
   * Whether all files were missing at the last look. That is a disk that went away rather than a
   * wish, so nothing is told.
   */
  boolean isEmpty() {
    return empty;
  }

  private void look(Path path, Seen seen) {
    Stat stat = stat(path);
    boolean looksOld = seen.settled && stat != null && stat.equals(seen.stat);
    boolean isLongAgo = looks - seen.changedAt > THOROUGH_FOR && looks % THOROUGH_EACH != 0;
    if (looksOld && isLongAgo) {
      return;
    }
    RouteText content = RouteText.read(path);
    if (!looksOld || !content.equals(seen.content)) {
      seen.changedAt = looks;
    }
    seen.settled = stat != null && stat.equals(seen.stat) && content.equals(seen.content);
    seen.stat = stat;
    seen.content = content;
  }

  /** Null for a file that went between two steps. */
  private static Stat stat(Path path) {
    try {
      BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
      return new Stat(found.size(), found.lastModifiedTime(), found.fileKey());
    } catch (IOException e) {
      return null;
    }
  }
}
