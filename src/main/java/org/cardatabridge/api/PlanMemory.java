// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The plan's own notes about one account, beside those that the routes write. They survive a
 * restart, so that a bridge which starts again and again does not ask again and again. As safe for
 * many threads as the notes are. A note from the future, of a time when the clock was ahead, is
 * none.
 */
final class PlanMemory {

  private static final String TRIED = ".tried";
  private static final String FETCHED = ".fetched";
  private static final String NONE = ".none";
  private static final String CONTAINER = "container";
  private static final String WANTED = "container.wanted";
  private static final String AWAY = "plan.away";
  private static final String GAP = "plan.gap";
  private static final String CHARGING = "plan.charging";
  private static final String CHARGED = "plan.charged";
  private static final String CHARGE_FETCHED = "plan.charge-fetched";
  private static final String TOKEN = "plan.token";
  private static final String DOUBTED = "plan.doubted";
  private static final String POLL = "plan.poll";

  /** Clocks are set by so much without anybody noticing. */
  static final Duration AHEAD = Duration.ofMinutes(2);

  private final String account;
  private final RestNotes notes;
  private final Clock clock;

  PlanMemory(String account, RestNotes notes, Clock clock) {
    this.account = account;
    this.notes = notes;
    this.clock = clock;
  }

  private Optional<RestNotes.Note> find(String vin, String name) {
    Instant latest = clock.instant().plus(AHEAD);
    return notes.find(account, vin, name).filter(note -> !note.at().isAfter(latest));
  }

  /** When something was fetched last; null for never. */
  Instant fetched(RestAction action, String vin) {
    return at(vin, action.word() + FETCHED);
  }

  /** When BMW said that it has no such thing; null for never. */
  Instant none(RestAction action, String vin) {
    return at(vin, action.word() + NONE);
  }

  private Instant at(String vin, String name) {
    return find(vin, name).map(RestNotes.Note::at).orElse(null);
  }

  /** The tries since it was last fetched; null for none. */
  Attempt attempt(RestAction action, String vin) {
    return find(vin, action.word() + TRIED).flatMap(Attempt::read).orElse(null);
  }

  void begin(RestRequest order, Instant now) {
    String name = order.action().word() + TRIED;
    Attempt before = attempt(order.action(), order.vin());
    notes.put(account, order.vin(), name, Attempt.begin(before, now).text());
  }

  /** Notes how it ended; gives what was noted, null where it succeeded. */
  Attempt end(RestRequest order, RestVerdict verdict, Instant now) {
    String name = order.action().word() + TRIED;
    if (verdict.kind() == RestVerdict.Kind.OK) {
      notes.forget(account, order.vin(), name);
      return null;
    }
    Attempt begun = attempt(order.action(), order.vin());
    Attempt ended = (begun == null ? Attempt.begin(null, now) : begun).ended(verdict, now);
    notes.put(account, order.vin(), name, ended.text());
    return ended;
  }

  /** The route writes this; a route that lost the step would fetch again each time. */
  void ensureFetched(RestRequest order, Instant begun) {
    String name = order.action().word() + FETCHED;
    RestNotes.Note noted = find(order.vin(), name).orElse(null);
    if (noted == null || noted.at().isBefore(begun)) {
      notes.put(account, order.vin(), name, noted == null ? "" : noted.text());
    }
  }

  boolean hasContainer() {
    return notes.find(account, null, CONTAINER).filter(n -> !n.text().isEmpty()).isPresent();
  }

  /**
   * Whether the settings want another container than the noted one.
   *
   * @param wanted a fingerprint of what they want; null where that is not known
   */
  boolean hasOtherContainer(String wanted) {
    return wanted != null
        && notes.find(account, null, WANTED).filter(n -> !n.text().equals(wanted)).isPresent();
  }

  void forgetContainer() {
    notes.forget(account, null, CONTAINER);
  }

  /** Since when the stream is away, as noted before a restart; null where it was not. */
  Instant away() {
    return find(null, AWAY).map(n -> time(n.text())).orElse(null);
  }

  void noteAway(Instant since) {
    notes.put(account, null, AWAY, since.toString());
  }

  void noteBack() {
    notes.forget(account, null, AWAY);
  }

  /** The last gap that an outage of the stream left. */
  Optional<Gap> gap() {
    return find(null, GAP).map(note -> new Gap(time(note.text()), note.at()));
  }

  void noteGap(Instant since) {
    notes.put(account, null, GAP, since.toString());
    noteBack();
  }

  /**
   * A time without the stream.
   *
   * @param since its begin; null where the note cannot be read
   * @param until its end
   */
  record Gap(Instant since, Instant until) {}

  private static Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (java.time.DateTimeException e) {
      return null;
    }
  }

  /** Notes what a car does, so that the end of a charge is noticed. */
  void noteCharging(PlanFacts.Car car) {
    boolean wasCharging = find(car.vin(), CHARGING).isPresent();
    if (car.isCharging() && !wasCharging) {
      notes.put(account, car.vin(), CHARGING, "");
    } else if (!car.isCharging() && wasCharging) {
      notes.put(account, car.vin(), CHARGED, "");
      notes.forget(account, car.vin(), CHARGING);
    }
  }

  /** When the last charge of a car ended, where the history was not fetched since; else null. */
  Instant charged(String vin) {
    return at(vin, CHARGED);
  }

  /** The history of a car was fetched. */
  void forgetCharged(String vin) {
    if (notes.find(account, vin, CHARGED).isPresent()) {
      notes.put(account, vin, CHARGE_FETCHED, "");
      notes.forget(account, vin, CHARGED);
    }
  }

  /** When the history was fetched last because a charge had ended; null for never. */
  Instant chargeFetched(String vin) {
    return at(vin, CHARGE_FETCHED);
  }

  /** How often in a row BMW did not take the account's token; null where it took the last. */
  Attempt token() {
    return find(null, TOKEN).flatMap(Attempt::read).orElse(null);
  }

  void noteToken(RestVerdict verdict, Instant now) {
    notes.put(account, null, TOKEN, Attempt.begin(token(), now).ended(verdict, now).text());
  }

  void forgetToken() {
    notes.forget(account, null, TOKEN);
  }

  /** Whether the mapped cars were in doubt already when they were fetched last. */
  boolean hasDoubted() {
    return notes.find(account, null, DOUBTED).isPresent();
  }

  void noteDoubt(boolean isDoubtful) {
    if (isDoubtful) {
      notes.put(account, null, DOUBTED, "");
    } else {
      notes.forget(account, null, DOUBTED);
    }
  }

  /**
   * What a car had told when its last values were fetched.
   *
   * @param measuredAt when the newest of its values was measured; null for none
   * @param vain how many calls in a row had brought nothing newer
   */
  record Poll(Instant measuredAt, int vain) {}

  /** The last time that the values of a car were fetched; empty for none. */
  Optional<Poll> poll(String vin) {
    return find(vin, POLL).map(RestNotes.Note::text).flatMap(PlanMemory::readPoll);
  }

  private static Optional<Poll> readPoll(String text) {
    String[] parts = text.split("\\|", 2);
    return parts.length == 2 && parts[0].matches("\\d{1,3}")
        ? Optional.of(new Poll(time(parts[1]), Integer.parseInt(parts[0])))
        : Optional.empty();
  }

  void notePoll(String vin, Poll poll) {
    String measured = poll.measuredAt() == null ? "" : poll.measuredAt().toString();
    notes.put(account, vin, POLL, poll.vain() + "|" + measured);
  }
}
