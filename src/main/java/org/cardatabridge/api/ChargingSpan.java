// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.cardatabridge.decode.Timestamps;

/** From when to when charging sessions are asked for: at most 30 days. Immutable. */
record ChargingSpan(Instant from, Instant to) {

  private static final Duration LONGEST = Duration.ofDays(30);

  /** A session may reach BMW after the next one. */
  private static final Duration OVERLAP = Duration.ofDays(1);

  private static final DateTimeFormatter BMWS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /**
   * What the parameters {@code from} and {@code to} say; without them the last 30 days, or since
   * the last session that is known.
   *
   * @throws IllegalArgumentException with a sentence for what BMW would not take
   */
  static ChargingSpan of(Map<String, String> parameters, Optional<Instant> last, Instant now) {
    Instant from = time(parameters, "from");
    Instant to = time(parameters, "to");
    if (to == null) {
      to = from == null || from.plus(LONGEST).isAfter(now) ? now : from.plus(LONGEST);
    }
    if (from == null) {
      Instant earliest = to.minus(LONGEST);
      Instant since = parameters.containsKey("to") ? earliest : since(last, earliest, to);
      from = since;
    }
    if (!from.isBefore(to)) {
      throw new IllegalArgumentException("from has to be before to");
    }
    if (Duration.between(from, to).compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("from and to are more than 30 days apart — ask in parts");
    }
    return new ChargingSpan(from.truncatedTo(ChronoUnit.MILLIS), to.truncatedTo(ChronoUnit.MILLIS));
  }

  private static Instant since(Optional<Instant> last, Instant earliest, Instant to) {
    return last.map(end -> end.minus(OVERLAP))
        .filter(start -> start.isAfter(earliest) && start.isBefore(to))
        .orElse(earliest);
  }

  private static Instant time(Map<String, String> parameters, String name) {
    String text = parameters.get(name);
    if (text == null || text.isBlank()) {
      return null;
    }
    Instant time = Timestamps.parse(text);
    try {
      return time != null
          ? time
          : LocalDate.parse(text.strip()).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          name + " takes a time such as 2026-07-01T00:00:00Z or a day such as 2026-07-01", e);
    }
  }

  /** As BMW's query has it. */
  Map<String, String> query() {
    return Map.of("from", BMWS.format(from), "to", BMWS.format(to));
  }
}
