// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.cardatabridge.stream.StreamSnapshot;
import org.cardatabridge.stream.StreamSpan;

/** The times in which the topics of an account were granted. Immutable. */
record Listened(List<Span> spans) {

  private static final Set<String> SUBSCRIBED = Set.of("live", "quiet");

  /** A time from one moment to another. */
  record Span(Instant from, Instant to) {

    boolean has(Instant at) {
      return at.isAfter(from) && at.isBefore(to);
    }
  }

  Listened {
    spans = List.copyOf(spans);
  }

  /**
   * Up to now. A session with BMW ends each hour in order, so that the present one says little.
   *
   * @param states of the last days
   * @param present the session of now
   */
  static Listened to(List<StreamSpan> states, StreamSnapshot present, Instant now) {
    List<Span> spans = new ArrayList<>();
    for (StreamSpan span : states) {
      if (SUBSCRIBED.contains(span.state())) {
        spans.add(new Span(span.from(), span.to() == null ? now : span.to()));
      }
    }
    boolean isNoted = spans.stream().anyMatch(span -> span.to().equals(now));
    if (!isNoted && present.state().isSubscribed()) {
      spans.add(new Span(present.since(), now));
    }
    return new Listened(spans);
  }

  /** Whether the topics were granted at that moment. */
  boolean at(Instant moment) {
    return spans.stream().anyMatch(span -> span.has(moment));
  }

  /** How long they were granted in all. */
  Duration length() {
    return spans.stream()
        .map(span -> Duration.between(span.from(), span.to()))
        .reduce(Duration.ZERO, Duration::plus);
  }
}
