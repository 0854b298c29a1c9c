// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.cardatabridge.CarEvent;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.NewestValues;
import org.cardatabridge.stream.StreamSnapshot;

/** Whether the vehicles of a certificate send anything, and if not, why. */
final class FleetCheck extends CertificateAspect {

  /** Of a whole fleet somebody drives sooner. */
  private static final Duration LONG = Duration.ofDays(30);

  private static final Duration LISTENED = Duration.ofDays(2);

  private final Journal journal;
  private final Clock clock;

  FleetCheck(CertificatePatient patient, Journal journal, Clock clock) {
    super(patient, "fleet", "settings", "-topic");
    this.journal = journal;
    this.clock = clock;
  }

  @Override
  public Finding look() {
    StreamSnapshot stream = patient().stream().get();
    Instant now = clock.instant();
    List<NewestValues.Vehicle> cars =
        journal.newest().vehicles().stream()
            .filter(car -> car.account().equals(patient().name()))
            .toList();
    Optional<Instant> heard =
        cars.stream()
            .flatMap(car -> car.values().values().stream())
            .filter(event -> event.source().equals("highmobility"))
            .map(CarEvent::received)
            .max(Comparator.naturalOrder())
            .or(() -> Optional.ofNullable(stream.lastMessageAt()));
    if (heard.isEmpty()) {
      Duration length = Listened.to(patient().spans().get(), stream, now).length();
      return length.compareTo(LISTENED) > 0
          ? Finding.failed("fleet.never", "for", length)
          : Finding.warning("fleet.waiting");
    }
    Duration silent = Duration.between(heard.get(), now);
    Duration quiet = patient().settings().duration("cardata.stream.quiet-after");
    if (silent.compareTo(quiet) < 0) {
      return Finding.ok("fleet.ok", "ago", silent, "count", cars.size());
    }
    return silent.compareTo(LONG) < 0
        ? Finding.ok("fleet.asleep", "ago", silent, "count", cars.size())
        : Finding.warning("fleet.silent", "ago", silent);
  }
}
