// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was found, what is still to be sent, and what was sent last; kept over a restart once {@link
 * #save} was called. Safe for use by many threads. Bounded: beyond {@value #MOST_PENDING} notices
 * the oldest is given up.
 */
final class Memory {

  static final int MOST_PENDING = 2_000;
  private static final int MOST_RECENT = 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(Memory.class);

  private final MemoryFile file;
  private final Path path;
  private final Map<String, Episode> episodes;
  private final List<Pending> pending;
  private final Set<String> recent;
  private boolean isDirty;
  private boolean saidUnwritable;

  /** What the file holds. */
  Memory(Path path) {
    this.path = path;
    file = new MemoryFile(path);
    MemoryFile.Content content = file.read();
    episodes = new TreeMap<>(content.episodes());
    pending = new ArrayList<>(content.pending());
    recent = new LinkedHashSet<>(content.recent());
  }

  /** What a rule remembers; null for nothing. */
  synchronized Episode episode(String key) {
    return episodes.get(key);
  }

  /** Remembers, or forgets with null. */
  synchronized void remember(String key, Episode episode) {
    Episode before = episode == null ? episodes.remove(key) : episodes.put(key, episode);
    isDirty |= episode == null ? before != null : !episode.equals(before);
  }

  /** Adds a notice for these channels, unless it waits already or was dealt with before. */
  synchronized void add(Notice notice, Set<String> channels) {
    boolean isKnown =
        recent.contains(notice.id())
            || pending.stream().anyMatch(p -> p.notice().id().equals(notice.id()));
    if (isKnown) {
      return;
    }
    pending.add(new Pending(notice, channels, false, false));
    isDirty = true;
    if (pending.size() > MOST_PENDING) {
      Notice oldest = pending.remove(0).notice();
      LOG.warn("Sending notifications: too many wait, the oldest ({}) is given up", oldest.rule());
    }
  }

  /** All that waits, oldest first. */
  synchronized List<Pending> pending() {
    return List.copyOf(pending);
  }

  /** Changes those that fit; one that is owed to nobody any more is done. */
  synchronized void change(Predicate<Pending> which, UnaryOperator<Pending> how) {
    for (ListIterator<Pending> all = pending.listIterator(); all.hasNext(); ) {
      Pending before = all.next();
      if (which.test(before)) {
        Pending after = how.apply(before);
        isDirty |= !after.equals(before);
        if (after.owed().isEmpty()) {
          recent.add(after.notice().id());
          all.remove();
        } else {
          all.set(after);
        }
      }
    }
    while (recent.size() > MOST_RECENT) {
      recent.remove(recent.iterator().next());
    }
  }

  /** Forgets those that fit, as if they had never been. */
  synchronized void withdraw(Predicate<Pending> which) {
    isDirty |= pending.removeIf(which);
  }

  /** Writes what has changed; a disk that takes nothing is said once, and stops nobody. */
  synchronized void save() {
    if (!isDirty) {
      return;
    }
    try {
      file.write(new MemoryFile.Content(episodes, pending, List.copyOf(recent)));
      isDirty = false;
      saidUnwritable = false;
    } catch (IOException e) {
      if (!saidUnwritable) {
        saidUnwritable = true;
        LOG.warn(
            "Keeping {}: {} — make room or correct the permissions; until then a restart may say"
                + " things again",
            path,
            e.toString());
      }
    }
  }
}
