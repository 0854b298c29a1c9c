// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.derived.DecodedDay;
import org.cardatabridge.meaning.CarModel;
import org.cardatabridge.testing.AFleet;
import org.junit.jupiter.api.Test;

/**
 * What the evening shows of each car of several brands, held by a golden file: {@code
 * -Dgolden.rewrite} writes it anew, people read the diff.
 */
class SummaryFleetTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/web/a-fleet.txt");

  @Test
  void theEveningOfAFleetIsAsTheGoldenFileHasIt() throws Exception {
    Map<String, Map<String, CarEvent>> cars = new LinkedHashMap<>();
    for (CarMessage message : DecodedDay.messages(AFleet.lines())) {
      assertThat(message.points()).as(message.topic()).isNotEmpty();
      for (CarEvent event : message.points()) {
        cars.computeIfAbsent(event.vin(), vin -> new LinkedHashMap<>()).put(event.key(), event);
      }
    }
    ObjectMapper json = new ObjectMapper();
    List<String> lines = new ArrayList<>();
    for (String vin : AFleet.VINS) {
      CarModel model = CarModel.of(vin, cars.get(vin)::get);
      lines.add(vin + ": " + model.brand() + ", " + model.name().orElse("no model"));
      for (Map.Entry<String, SummaryMeanings.Meant> meant :
          SummaryMeanings.of(cars.get(vin).values()).entrySet()) {
        SummaryMeanings.Meant said = meant.getValue();
        lines.add(
            "  "
                + meant.getKey()
                + " "
                + json.writeValueAsString(said.value())
                + (said.unit() == null ? "" : " " + said.unit())
                + (said.open() == null || said.open().isEmpty() ? "" : " " + said.open())
                + " at "
                + said.timestamp());
      }
    }
    if (System.getProperty("golden.rewrite") != null) {
      Files.createDirectories(GOLDEN.getParent());
      Files.write(GOLDEN, lines);
    }
    assertThat(lines).isEqualTo(Files.readAllLines(GOLDEN));
  }
}
