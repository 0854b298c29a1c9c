// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import java.time.Instant;
import java.util.Optional;
import org.cardatabridge.CarEvent;
import org.cardatabridge.meaning.CarState;
import org.cardatabridge.meaning.Meaning;
import org.cardatabridge.meaning.Place;
import org.cardatabridge.meaning.Reading;

/**
 * An event that told something new, and what is known of the car with it. Immutable.
 *
 * @param before what was known without it
 * @param car what is known with it
 */
record News(CarState before, CarState car, CarEvent event) {

  Instant at() {
    return event.timestamp();
  }

  /** The number of a meaning, where this event is what tells it. */
  Optional<Double> number(Meaning meaning) {
    return car.number(meaning).filter(this::isMine).map(Reading::value);
  }

  /** The flag of a meaning, where this event is what tells it. */
  Optional<Boolean> flag(Meaning meaning) {
    return car.flag(meaning).filter(this::isMine).map(Reading::value);
  }

  /** The word of a meaning, where this event is what tells it. */
  Optional<String> word(Meaning meaning) {
    return car.word(meaning).filter(this::isMine).map(Reading::value);
  }

  /** The position, where this event is what tells it. */
  Optional<Place> position() {
    return car.position().filter(this::isMine).map(Reading::value);
  }

  private boolean isMine(Reading<?> reading) {
    return reading.key().equals(event.key());
  }
}
