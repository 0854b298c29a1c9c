// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.cardatabridge.CarEvent;
import org.cardatabridge.api.Mappings;
import org.cardatabridge.api.Purpose;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.stream.StreamSnapshot;

/**
 * Connected, but is there data? Tells a sleeping car, a secondary user and a portal without ticks
 * apart, as far as journal, session and one REST call allow.
 */
final class PortalCheck implements Check {

  /** A car that is parked for a holiday sends nothing. */
  private static final Duration LONG = Duration.ofDays(30);

  /** After so long with BMW, even a car that was parked at the set-up has mostly been driven. */
  private static final Duration LISTENED = Duration.ofDays(2);

  /** How long what BMW said of the cars is taken for true where it is the fault. */
  private static final Duration FRESH = Duration.ofMinutes(10);

  private final Patient patient;
  private final Journal journal;
  private final Clock clock;

  PortalCheck(Patient patient, Journal journal, Clock clock) {
    this.patient = patient;
    this.journal = journal;
    this.clock = clock;
  }

  @Override
  public String id() {
    return patient.id("portal");
  }

  @Override
  public String title() {
    return "portal";
  }

  @Override
  public String account() {
    return patient.shownName();
  }

  @Override
  public Set<String> needs() {
    return Set.of("settings", patient.id("subscription"));
  }

  @Override
  public Duration limit() {
    return Duration.ofSeconds(15);
  }

  @Override
  public Finding look() {
    StreamSnapshot stream = patient.stream().get();
    Instant now = clock.instant();
    Optional<Instant> heard =
        latest("stream", CarEvent::received).or(() -> Optional.ofNullable(stream.lastMessageAt()));
    if (heard.isEmpty()) {
      return nothingYet(stream, now);
    }
    Duration silent = Duration.between(heard.get(), now);
    Duration quiet = patient.settings().duration("cardata.stream.quiet-after");
    if (silent.compareTo(quiet) < 0) {
      return Finding.ok("portal.ok", "ago", silent, "count", descriptors());
    }
    Optional<Finding> missed = missed(heard.get(), listened(stream, now));
    if (missed.isPresent()) {
      return missed.get();
    }
    return silent.compareTo(LONG) < 0
        ? Finding.ok("portal.asleep", "ago", silent, "count", descriptors())
        : Finding.warning("portal.long-asleep", "ago", silent);
  }

  /** What REST has of a time in which the stream was subscribed, and silent. */
  private Optional<Finding> missed(Instant since, Listened listened) {
    return events("rest")
        .map(CarEvent::timestamp)
        .filter(at -> at.isAfter(since) && listened.at(at))
        .max(Comparator.naturalOrder())
        .map(at -> Finding.failed("portal.not-ticked", "at", at));
  }

  private Listened listened(StreamSnapshot stream, Instant now) {
    return Listened.to(patient.spans().get(), stream, now);
  }

  private Finding nothingYet(StreamSnapshot stream, Instant now) {
    Optional<List<Mappings.Mapping>> cars = mappings();
    if (cars.isPresent() && cars.get().isEmpty()) {
      return Finding.failed("portal.no-car");
    }
    if (cars.isPresent() && cars.get().stream().noneMatch(Mappings.Mapping::isPrimary)) {
      return Finding.failed("portal.secondary");
    }
    Listened listened = listened(stream, now);
    Optional<Finding> missed = missed(Instant.MIN, listened);
    if (missed.isPresent()) {
      return missed.get();
    }
    Duration length = listened.length();
    if (length.compareTo(LISTENED) > 0) {
      return Finding.failed("portal.never", "for", length);
    }
    return Finding.warning(cars.isPresent() ? "portal.waiting" : "portal.waiting-unknown");
  }

  /**
   * One call of the quota, where nobody has asked before, or what BMW said a while ago would be the
   * fault and may have been mended since; never out of the reserve.
   */
  private Optional<List<Mappings.Mapping>> mappings() {
    Optional<List<Mappings.Mapping>> known = patient.mappings().get();
    boolean isFine =
        known.isPresent() && known.get().stream().anyMatch(Mappings.Mapping::isPrimary);
    Instant fresh = clock.instant().minus(FRESH);
    if (isFine || patient.mappedAt().get().filter(fresh::isBefore).isPresent()) {
      return known;
    }
    boolean isLeft =
        patient.quota().get().filter(q -> q.remaining(Purpose.ROUTINE) > 0).isPresent();
    return isLeft && patient.askMappings().get() ? patient.mappings().get() : known;
  }

  private Optional<Instant> latest(String source, Function<CarEvent, Instant> time) {
    return events(source).map(time).max(Comparator.naturalOrder());
  }

  private long descriptors() {
    return events("stream").map(CarEvent::key).distinct().count();
  }

  private Stream<CarEvent> events(String source) {
    return journal.newest().vehicles().stream()
        .filter(vehicle -> vehicle.account().equals(patient.name()))
        .flatMap(vehicle -> vehicle.values().values().stream())
        .filter(event -> event.source().equals(source));
  }
}
