// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarEventJson;
import org.cardatabridge.CarMessage;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.AFleet;
import org.junit.jupiter.api.Test;

/** What is worked out of a day of cars of several brands: trips, charges and what is in between. */
class FleetHistoryTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/derived/a-fleet.txt");
  private static final Instant EVENING = Instant.parse("2026-03-16T20:00:00Z");
  private static final DerivedSettings TERMS =
      DerivedSettings.of(
          Settings.defaults()
              .with(
                  Map.of(
                      "cardata.home.latitude", "50.26",
                      "cardata.home.longitude", "10.96")),
          ZoneOffset.UTC);

  @Test
  void theDayOfAFleetGivesWhatTheFileShows() throws Exception {
    Map<String, CarHistory> cars = new LinkedHashMap<>();
    Map<String, List<DerivedValue>> values = new LinkedHashMap<>();
    for (CarMessage message : DecodedDay.messages(AFleet.lines())) {
      for (CarEvent event : message.points()) {
        List<DerivedValue> out = values.computeIfAbsent(event.vin(), vin -> new ArrayList<>());
        CarHistory car = cars.getOrDefault(event.vin(), CarHistory.of(event.vin(), event.vin()));
        cars.put(event.vin(), car.then(event, TERMS, out));
      }
    }
    cars.forEach((vin, car) -> car.at(EVENING, TERMS, values.get(vin)));
    List<String> lines = new ArrayList<>();
    values.forEach(
        (vin, out) ->
            out.stream()
                .distinct()
                .forEach(
                    value ->
                        lines.add(
                            vin
                                + " "
                                + value.at()
                                + " "
                                + value.key()
                                + " "
                                + CarEventJson.value(value.value())
                                + (value.unit() == null ? "" : " " + value.unit()))));
    if (System.getProperty("golden.rewrite") != null) {
      Files.write(GOLDEN, lines);
    }
    assertThat(lines).isEqualTo(Files.readAllLines(GOLDEN));
  }
}
