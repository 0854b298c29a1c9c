// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What became of the last tries to fetch something, since it last succeeded. Immutable.
 *
 * @param kind how the last one ended; null for one that nobody heard the end of
 * @param count how many there were
 * @param at when the last one began
 * @param notBefore when it may be tried again
 * @param sentence what happened, in words; null where that is not known
 */
record Attempt(RestVerdict.Kind kind, int count, Instant at, Instant notBefore, String sentence) {

  private static final List<Duration> LADDER =
      List.of(
          Duration.ofMinutes(5),
          Duration.ofMinutes(15),
          Duration.ofHours(1),
          Duration.ofHours(3),
          Duration.ofHours(6),
          Duration.ofDays(1));

  /** What failed so often fails for good. */
  private static final int FOR_GOOD = 10;

  /** A refresh was in vain already: the ladder begins at its hours. */
  private static final int ABOVE_MINUTES = 2;

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration WEEK = Duration.ofDays(7);
  private static final String NOT_HEARD_OF = "?";
  private static final int LONGEST = 500;

  /** One that begins now, so that a process which dies meanwhile has counted it. */
  static Attempt begin(Attempt before, Instant now) {
    int count = before == null ? 1 : before.count + 1;
    return new Attempt(null, count, now, now.plus(trouble(count)), null);
  }

  /** The same, ended. */
  Attempt ended(RestVerdict verdict, Instant now) {
    Duration pause =
        switch (verdict.kind()) {
          case OK -> Duration.ZERO;
          case TOKEN -> rung(count + ABOVE_MINUTES);
          case LATER -> longer(trouble(count), verdict.retryAfter());
          case QUOTA -> longer(Duration.ofMinutes(10), verdict.retryAfter());
          case VEHICLE -> count > 1 ? WEEK : DAY;
          case NOTHING_THERE -> WEEK;
          case CONTAINER_GONE -> count > 1 ? DAY : Duration.ZERO;
          case PAGE_EXPIRED -> rung(count);
          case LOGIN, CONTAINERS_FULL, CONTAINER_TOO_LARGE, DESCRIPTOR, WRONG -> DAY;
        };
    return new Attempt(verdict.kind(), count, at, now.plus(pause), verdict.sentence());
  }

  private static Duration rung(int count) {
    return LADDER.get(Math.min(count, LADDER.size()) - 1);
  }

  private static Duration trouble(int count) {
    return count >= FOR_GOOD ? WEEK : rung(count);
  }

  private static Duration longer(Duration a, Duration b) {
    Duration bounded = b.compareTo(DAY) > 0 ? DAY : b;
    return a.compareTo(bounded) > 0 ? a : bounded;
  }

  /** Why it has to wait. */
  String reason() {
    return sentence == null ? "the last try did not come to an end" : sentence;
  }

  String text() {
    String said = sentence == null ? "" : sentence;
    return String.join(
        "|",
        kind == null ? NOT_HEARD_OF : kind.name(),
        Integer.toString(count),
        notBefore.toString(),
        said.length() > LONGEST ? said.substring(0, LONGEST) : said);
  }

  /** Empty for a text of another version. */
  static Optional<Attempt> read(RestNotes.Note note) {
    String[] parts = note.text().split("\\|", 4);
    try {
      RestVerdict.Kind kind =
          parts[0].equals(NOT_HEARD_OF) ? null : RestVerdict.Kind.valueOf(parts[0]);
      String sentence = parts[3].isEmpty() ? null : parts[3];
      return Optional.of(
          new Attempt(
              kind, Integer.parseInt(parts[1]), note.at(), Instant.parse(parts[2]), sentence));
    } catch (IllegalArgumentException
        | java.time.DateTimeException
        | ArrayIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }
}
