// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Instant;
import java.util.Optional;

/**
 * The plan's own notes about one account, beside those that the routes write. They survive a
 * restart, so that a bridge which starts again and again does not ask again and again. As safe for
 * many threads as the notes are.
 */
final class PlanMemory {

  private static final String TRIED = ".tried";
  private static final String FETCHED = ".fetched";
  private static final String NONE = ".none";
  private static final String CONTAINER = "container";
  private static final String AWAY = "plan.away";
  private static final String GAP = "plan.gap";
  private static final String CHARGING = "plan.charging";
  private static final String CHARGED = "plan.charged";

  private final String account;
  private final RestNotes notes;

  PlanMemory(String account, RestNotes notes) {
    this.account = account;
    this.notes = notes;
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
    return notes.find(account, vin, name).map(RestNotes.Note::at).orElse(null);
  }

  /** The tries since it was last fetched; null for none. */
  Attempt attempt(RestAction action, String vin) {
    return notes.find(account, vin, action.word() + TRIED).flatMap(Attempt::read).orElse(null);
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
    RestNotes.Note noted = notes.find(account, order.vin(), name).orElse(null);
    if (noted == null || noted.at().isBefore(begun)) {
      notes.put(account, order.vin(), name, noted == null ? "" : noted.text());
    }
  }

  boolean hasContainer() {
    return notes.find(account, null, CONTAINER).filter(n -> !n.text().isEmpty()).isPresent();
  }

  void forgetContainer() {
    notes.forget(account, null, CONTAINER);
  }

  /** Since when the stream is away, as noted before a restart; null where it was not. */
  Instant away() {
    return notes.find(account, null, AWAY).map(n -> time(n.text())).orElse(null);
  }

  void noteAway(Instant since) {
    notes.put(account, null, AWAY, since.toString());
  }

  void noteBack() {
    notes.forget(account, null, AWAY);
  }

  /** The last gap that an outage of the stream left. */
  Optional<Gap> gap() {
    return notes.find(account, null, GAP).map(note -> new Gap(time(note.text()), note.at()));
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
    boolean wasCharging = notes.find(account, car.vin(), CHARGING).isPresent();
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

  void forgetCharged(String vin) {
    notes.forget(account, vin, CHARGED);
  }
}
