// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.recording;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names of sinks that a replay can be for. Immutable.
 *
 * @param running those that take something
 * @param off those that are there, but switched off or broken
 */
public record SinkNames(Set<String> running, Set<String> off) {

  /** Copies the names. */
  public SinkNames {
    running = Set.copyOf(running);
    off = Set.copyOf(off);
  }

  /** What one of these names cannot be used for, and which can be; empty where all can. */
  public Optional<String> problem(Collection<String> wanted) {
    for (String name : wanted) {
      if (off.contains(name)) {
        return Optional.of(
            "got '"
                + name
                + "', which is switched off or broken — set cardata.sink."
                + name
                + ".enabled=true, or see its lastError at /api/status");
      }
      if (!running.contains(name)) {
        return Optional.of("got '" + name + "', takes " + list());
      }
    }
    return Optional.empty();
  }

  private String list() {
    return running.isEmpty()
        ? "the name of a sink, and none is switched on"
        : "one of " + String.join(", ", new TreeSet<>(running));
  }
}
