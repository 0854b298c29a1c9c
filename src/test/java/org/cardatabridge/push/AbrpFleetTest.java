// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.cardatabridge.CarMessage;
import org.cardatabridge.derived.DecodedDay;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.AFleet;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.Test;

/**
 * A day of cars of several brands as ABRP is told of it, held by a golden file: {@code
 * -Dgolden.rewrite} writes it anew, people read the diff.
 */
class AbrpFleetTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/abrp/a-fleet.txt");

  private final SetClock clock = new SetClock(Instant.parse("2026-03-16T00:00:00Z"));
  private final Abrp abrp =
      new Abrp(
          Settings.of(Map.of("cardata.sink.abrp.token", "t")), clock, (sink, vin) -> List.of());

  @Test
  void theDayOfAFleetIsToldAsTheGoldenFileHasIt() throws Exception {
    List<String> told = new ArrayList<>();
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      for (CarMessage message : DecodedDay.messages(AFleet.lines())) {
        clock.set(message.received().plus(Duration.ofSeconds(1)));
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(message.points());
        for (Telemetry telemetry : abrp.telemetry(exchange)) {
          told.add(
              clock.instant()
                  + " "
                  + telemetry.vin()
                  + " "
                  + new String(abrp.json(telemetry), StandardCharsets.UTF_8));
        }
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
