// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Makes few values of many, for a chart: of each stretch of time the smallest and the largest
 * number, or the first and the last of what is none, and the very first and last of all. Belongs to
 * one thread; what it holds does not grow with what it is told.
 */
final class Thinning {

  private static final Comparator<HistoryPoint> BY_TIME =
      Comparator.comparing(HistoryPoint::timestamp);

  /** What is kept of a stretch. */
  private static final class Stretch {
    private HistoryPoint least;
    private HistoryPoint most;
    private HistoryPoint first;
    private HistoryPoint last;

    void add(HistoryPoint point) {
      if (point.value() instanceof Number number) {
        least = least == null || compare(number, least) < 0 ? point : least;
        most = most == null || compare(number, most) > 0 ? point : most;
      } else {
        first = first == null || BY_TIME.compare(point, first) < 0 ? point : first;
        last = last == null || BY_TIME.compare(point, last) >= 0 ? point : last;
      }
    }

    private static int compare(Number number, HistoryPoint than) {
      return Double.compare(number.doubleValue(), ((Number) than.value()).doubleValue());
    }

    void addTo(Set<HistoryPoint> points) {
      points.add(least != null ? least : first);
      points.add(most != null ? most : last);
    }
  }

  private final long begin;
  private final long width;
  private final int limit;
  private final Stretch[] stretches;
  private List<HistoryPoint> all = new ArrayList<>();
  private HistoryPoint first;
  private HistoryPoint last;

  /**
   * For values of this time.
   *
   * @param most how many there may be in the end, at least 4
   */
  Thinning(Instant since, Instant until, int most) {
    this.begin = Micros.of(since);
    this.limit = most;
    this.stretches = new Stretch[Math.max(1, (most - 2) / 2)];
    this.width = Math.max(1, (Micros.of(until) - begin) / stretches.length);
  }

  void add(HistoryPoint point) {
    first = first == null || BY_TIME.compare(point, first) < 0 ? point : first;
    last = last == null || BY_TIME.compare(point, last) >= 0 ? point : last;
    if (all != null) {
      all.add(point);
      if (all.size() > limit) {
        all = null;
      }
    }
    long at = (Micros.of(point.timestamp()) - begin) / width;
    int index = (int) Math.max(0, Math.min(stretches.length - 1, at));
    if (stretches[index] == null) {
      stretches[index] = new Stretch();
    }
    stretches[index].add(point);
  }

  /** What is left, oldest first. */
  List<HistoryPoint> points() {
    Set<HistoryPoint> kept = new LinkedHashSet<>();
    if (all != null) {
      return all.stream().sorted(BY_TIME).toList();
    }
    kept.add(first);
    for (Stretch stretch : stretches) {
      if (stretch != null) {
        stretch.addTo(kept);
      }
    }
    kept.add(last);
    return kept.stream().filter(Objects::nonNull).sorted(BY_TIME).toList();
  }
}
