// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.testing.BridgeUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the page sees live and of before, of the whole bridge between BMW and a broker. */
@Timeout(120)
class LiveIT {

  private static final AccountConfig ACCOUNT = AccountConfig.first();
  private static final String VIN = ACCOUNT.vins().get(0);
  private static final String MILEAGE = "vehicle.vehicle.travelledDistance";

  @TempDir private Path directory;

  private static JsonNode json(BridgeUnderTest test, String path) throws Exception {
    return new ObjectMapper().readTree(test.http("GET", path).body());
  }

  private static void awaitPoint(BridgeUnderTest test, EventReader reader, long value) {
    await("a point with " + value)
        .atMost(BridgeUnderTest.PATIENCE)
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              test.bmw().publish(VIN, MILEAGE, value, "km");
              return reader.data("point").stream().anyMatch(d -> d.contains("\"value\":" + value));
            });
  }

  private static List<String> states(BridgeUnderTest test) throws Exception {
    List<String> states = new ArrayList<>();
    json(test, "/api/timeline").forEach(span -> states.add(span.get("state").asText()));
    return states;
  }

  @Test
  void aPageSeesWhatTheCarSaysAndARestartAndEndsInOrder() throws Exception {
    try (BridgeUnderTest test = BridgeUnderTest.in(directory)) {
      String gcid = test.store("main", ACCOUNT).get("gcid").asText();
      test.start().awaitStream("main", "live");
      EventReader reader = new EventReader(test.bridge().httpPort(), "/api/events").read();
      awaitPoint(test, reader, 4711);
      await().until(() -> String.join("", reader.data("status")).contains(VIN));

      JsonNode status = json(test, "/api/status");
      JsonNode stream = status.get("accounts").get(0).get("stream");
      assertThat(stream.get("subscriptions").toString())
          .isEqualTo("[{\"filter\":\"…/+\",\"qos\":1}]");
      assertThat(stream.get("messagesPerMinute").asDouble()).isPositive();
      assertThat(status.get("vehicles").get(0).get("messages").asInt()).isPositive();
      assertThat(json(test, "/api/summary").get(0).get("meanings").get("odometer").get("value"))
          .hasToString("4711");

      JsonNode message = json(test, "/api/vehicles/" + VIN + "/messages?limit=1").get(0);
      assertThat(message.get("topic").asText()).isEqualTo("…/" + VIN);
      assertThat(message.get("payload").get("data").get(MILEAGE).get("value").asInt())
          .isEqualTo(4711);
      assertThat(message.toString()).doesNotContain(gcid);
      assertThat(states(test)).last().isEqualTo("live");
      assertThat(String.join("", reader.data("status"))).doesNotContain(gcid);

      long begin = System.nanoTime();
      test.stop();
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .as("an open stream does not hold the end up")
          .isLessThan(Duration.ofSeconds(20));
      await().until(reader::hasEnded);
      assertThat(reader.hasEndedInOrder()).isTrue();
      reader.close();

      test.start().awaitStream("main", "live");
      try (EventReader again = new EventReader(test.bridge().httpPort(), "/api/events").read()) {
        awaitPoint(test, again, 4712);
        await().untilAsserted(() -> assertThat(states(test)).contains("stopped").endsWith("live"));
        assertThat(json(test, "/api/timeline?hours=1").findValues("to")).isNotEmpty();
      }
    }
  }
}
