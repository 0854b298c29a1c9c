// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.cardatabridge.CarEvent;
import org.cardatabridge.journal.HistoryPoint;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.NewestValues;

/** What the journal knows of before; for the route that reads {@code events:derived}. */
final class JournalPast implements DerivedValues.Past {

  private static final String SINK = "derived";

  private final Journal journal;

  JournalPast(Journal journal) {
    this.journal = journal;
  }

  @Override
  public Instant takenUpTo() {
    return journal.takenUpTo(SINK).orElse(null);
  }

  @Override
  public Instant waitingSince() {
    return journal.waitingSince(SINK).orElse(null);
  }

  @Override
  public void taken(Instant since, Consumer<CarEvent> to) {
    journal.taken(SINK, since, to);
  }

  @Override
  public List<CarEvent> newestBefore(Instant time, Set<String> keys) {
    List<CarEvent> found = new ArrayList<>();
    for (NewestValues.Vehicle car : journal.newest().vehicles()) {
      for (String key : car.values().keySet()) {
        if (keys.contains(key)) {
          for (HistoryPoint point : journal.history(car.vin(), key, null, time, 1)) {
            found.add(event(car, key, point));
          }
        }
      }
    }
    return found;
  }

  private static CarEvent event(NewestValues.Vehicle car, String key, HistoryPoint point) {
    return new CarEvent(
        car.account(),
        car.vin(),
        car.alias() == null ? car.vin() : car.alias(),
        key,
        point.value(),
        point.unit(),
        point.timestamp(),
        point.received(),
        point.source());
  }
}
