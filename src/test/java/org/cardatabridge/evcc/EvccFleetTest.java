// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.evcc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.cardatabridge.CarMessage;
import org.cardatabridge.derived.DecodedDay;
import org.cardatabridge.mqtt.Topics;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.AFleet;
import org.junit.jupiter.api.Test;

/**
 * A day of cars of several brands as evcc sees it, held by a golden file: {@code -Dgolden.rewrite}
 * writes it anew, people read the diff.
 */
class EvccFleetTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/evcc/a-fleet.txt");

  @Test
  void theDayOfAFleetIsToldAsTheGoldenFileHasIt() throws Exception {
    EvccTopics evcc =
        new EvccTopics(
            new Topics(Settings.of(Map.of()), Clock.systemUTC()), (sink, vin) -> List.of());
    List<String> told = new ArrayList<>();
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      for (CarMessage message : DecodedDay.messages(AFleet.lines())) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(message.points());
        evcc.values(exchange)
            .forEach(
                v ->
                    told.add(
                        message.received() + " " + v.vehicle() + " " + v.name() + " " + v.text()));
        exchange
            .getExchangeExtension()
            .handoverCompletions()
            .forEach(done -> done.onComplete(exchange));
      }
    }
    if (System.getProperty("golden.rewrite") != null) {
      Files.write(GOLDEN, told);
    }
    assertThat(told).isEqualTo(Files.readAllLines(GOLDEN));
  }
}
