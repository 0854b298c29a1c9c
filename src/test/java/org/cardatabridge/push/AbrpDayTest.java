// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.derived.DecodedDay;
import org.cardatabridge.settings.Settings;
import org.junit.jupiter.api.Test;

/**
 * A day of one car as ABRP is told of it, gathered for 10 s, held by a golden file: {@code
 * -Dgolden.rewrite} writes it anew, people read the diff.
 */
class AbrpDayTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/abrp/a-day.txt");
  private static final Duration EVERY = Duration.ofSeconds(10);

  private final List<String> told = new ArrayList<>();
  private Instant now = Instant.EPOCH;
  private final Clock clock =
      new Clock() {
        @Override
        public Instant instant() {
          return now;
        }

        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }
      };
  private final Abrp abrp =
      new Abrp(
          Settings.of(Map.of("cardata.sink.abrp.token", "t")), clock, (sink, vin) -> List.of());

  @Test
  void aDayIsToldAsTheGoldenFileHasIt() throws Exception {
    List<CarEvent> gathered = new ArrayList<>();
    Instant first = null;
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      for (CarMessage message : DecodedDay.messages()) {
        if (first != null && message.received().isAfter(first.plus(EVERY))) {
          tell(context, first, gathered);
          first = null;
        }
        first = first == null ? message.received() : first;
        gathered.addAll(message.points());
      }
      tell(context, first, gathered);
    }
    if (System.getProperty("golden.rewrite") != null) {
      Files.createDirectories(GOLDEN.getParent());
      Files.write(GOLDEN, told);
    }
    assertThat(told).isEqualTo(Files.readAllLines(GOLDEN));
  }

  private void tell(DefaultCamelContext context, Instant first, List<CarEvent> gathered)
      throws Exception {
    now = first.plus(EVERY);
    Exchange exchange = new DefaultExchange(context);
    exchange.getMessage().setBody(List.copyOf(gathered));
    gathered.clear();
    for (Telemetry telemetry : abrp.telemetry(exchange)) {
      assertThat(abrp.pause(telemetry)).as("what is gathered need not wait").isZero();
      told.add(now + " " + new String(abrp.json(telemetry), StandardCharsets.UTF_8));
    }
    exchange
        .getExchangeExtension()
        .handoverCompletions()
        .forEach(done -> done.onComplete(exchange));
  }
}
