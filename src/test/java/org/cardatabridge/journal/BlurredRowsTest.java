// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.journal.Samples.NOON;
import static org.cardatabridge.journal.Samples.event;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cardatabridge.CarEvent;
import org.junit.jupiter.api.Test;

/** A trip shows a sink that blurs the home no exact position there, and keeps all the rest. */
class BlurredRowsTest {

  private static Map<String, Object> place(double latitude, double longitude) {
    Map<String, Object> place = new LinkedHashMap<>();
    place.put("latitude", latitude);
    place.put("longitude", longitude);
    return place;
  }

  @Test
  void aTripThatBeginsAtHomeShowsItsEndOnly() {
    Map<String, Object> trip = new LinkedHashMap<>();
    trip.put("id", "trip-20260302T061200Z");
    trip.put("distance", 31L);
    trip.put("startPosition", place(50.2601, 10.9602));
    trip.put("startAtHome", true);
    trip.put("endPosition", place(50.1015, 11.0744));
    SinkFilter filter =
        SinkFilter.of("", "", "")
            .blurring(new HomeZone(new HomeZone.Circle(50.26123, 10.96123, 500)));

    CarEvent blurred = filter.pass(event("derived.trip.last", trip, NOON));

    Map<String, Object> expected = new LinkedHashMap<>(trip);
    expected.put("startPosition", place(50.26, 10.96));
    assertThat(blurred.value()).isEqualTo(expected);
  }
}
