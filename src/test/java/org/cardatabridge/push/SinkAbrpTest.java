// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cardatabridge.CarEvent;
import org.cardatabridge.push.HttpTarget.Answer;
import org.cardatabridge.push.HttpTarget.Request;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.ShippedRoute;
import org.cardatabridge.testing.SinkRig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shipped route against an HTTP server. */
@Timeout(120)
class SinkAbrpTest {

  private static final ShippedRoute ROUTE = ShippedRoute.of("sink-abrp");
  private static final String PREFIX = "cardata.sink.abrp.";
  private static final String GATHER = "gather: \"{{cardata.sink.abrp.every:10s}}\"";
  private static final String SOC = "vehicle.drivetrain.batteryManagement.header";

  @TempDir Path dir;
  private HttpTarget target;
  private SinkRig rig;

  @BeforeEach
  void startTarget() throws Exception {
    target = new HttpTarget();
    target.answers(r -> Answer.because(200, "{\"status\":\"ok\"}"));
  }

  @AfterEach
  void stop() {
    if (rig != null) {
      rig.close();
    }
    target.close();
  }

  private void start(ShippedRoute route, String... more) throws Exception {
    Map<String, String> settings = new TreeMap<>();
    settings.put(PREFIX + "url", target.url() + "/1/tlm/send");
    settings.put(PREFIX + "api-key", "key");
    settings.put(PREFIX + "token", "sesame");
    settings.put(PREFIX + "every", "1ms");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(PREFIX + more[i], more[i + 1]);
    }
    rig =
        SinkRig.start(
            dir,
            route,
            settings,
            (registry, read) -> {
              registry.bind("abrp", new Abrp(read, Clock.systemUTC(), (sink, vin) -> List.of()));
              registry.bind("abrpClient", new PushClient(read, "abrp", dir));
            });
  }

  private static CarEvent soc(String vin, long value) {
    Instant at = Instant.now().minusSeconds(100 - value);
    return new CarEvent("main", vin, vin, SOC, value, "%", at, Instant.now(), "stream");
  }

  private void awaitDone() {
    await().atMost(Duration.ofSeconds(40)).until(rig::isDone);
  }

  @Test
  void theNewestOfABatchIsPostedOnce() throws Exception {
    start(ROUTE);
    rig.publish(List.of(soc("A", 63), soc("A", 64)));
    awaitDone();
    Request only = target.requests().get(0);
    assertThat(target.requests()).hasSize(1);
    assertThat(only.method() + " " + only.uri()).isEqualTo("POST /1/tlm/send?token=sesame");
    assertThat(only.headers())
        .containsEntry("Authorization", "APIKEY key")
        .containsEntry("Content-Type", "application/json");
    assertThat(only.body()).startsWith("{\"tlm\":{\"utc\":").contains("\"soc\":64");
  }

  @EditsRoute("sink-abrp")
  void twoCallsForACarAreApartAsLongAsTheSettingSays() throws Exception {
    start(ROUTE.writing(GATHER, "gather: \"0\""), "every", "1s");
    rig.publish(List.of(soc("A", 63)));
    await().atMost(Duration.ofSeconds(40)).until(() -> target.requests().size() == 1);
    rig.publish(List.of(soc("A", 64)));
    awaitDone();
    List<Request> both = target.requests();
    assertThat(both).hasSize(2);
    assertThat(Duration.between(both.get(0).at(), both.get(1).at()))
        .isGreaterThanOrEqualTo(Duration.ofMillis(900));
  }

  @EditsRoute("sink-abrp")
  void valuesOfAFewSecondsGoTogether() throws Exception {
    start(ROUTE.writing(GATHER, "gather: 3s"));
    rig.publish(List.of(soc("A", 63)));
    rig.publish(List.of(soc("A", 64)));
    awaitDone();
    assertThat(target.requests()).hasSize(1);
    assertThat(target.requests().get(0).body()).contains("\"soc\":64");
  }

  @Test
  void aPauseThatAbrpAsksForIsKept() throws Exception {
    target.answers(
        r ->
            target.requests().size() == 1
                ? Answer.of(429).with("Retry-After", "1")
                : Answer.because(200, "{\"status\":\"ok\"}"));
    start(ROUTE);
    rig.publish(List.of(soc("A", 63)));
    awaitDone();
    assertThat(Duration.between(target.requests().get(0).at(), target.requests().get(1).at()))
        .isGreaterThanOrEqualTo(Duration.ofMillis(990));
    assertThat(rig.status().failed()).isZero();
  }

  @Test
  void whatIsRefusedForGoodIsSetAside() throws Exception {
    target.answers(r -> r.body().contains("\"soc\":63") ? Answer.of(400) : Answer.of(200));
    start(ROUTE);
    rig.publish(List.of(soc("A", 63)));
    awaitDone();
    rig.publish(List.of(soc("A", 64)));
    awaitDone();
    assertThat(rig.status().failed()).isOne();
    assertThat(rig.status().lastError()).contains("400").doesNotContain("sesame");
  }

  @EditsRoute("sink-abrp")
  void aStepPutInChangesWhatIsSent() throws Exception {
    String mine =
        """
        - filter:
            expression:
              simple:
                expression: "${body[0].vehicle} == 'A'"
            steps:
              - stop: {}
        """;
    start(ROUTE.after("method: telemetry", mine));
    rig.publish(List.of(soc("A", 63)));
    // Else both may come in one batch, and the step is asked about its first car alone.
    awaitDone();
    rig.publish(List.of(soc("B", 64)));
    await().atMost(Duration.ofSeconds(40)).until(() -> !target.requests().isEmpty());
    awaitDone();
    assertThat(target.requests()).hasSize(1);
    assertThat(target.requests().get(0).body()).contains("\"soc\":64");
  }

  @EditsRoute("sink-abrp")
  void withoutItsDelayACarIsToldOfAsOftenAsItSpeaks() throws Exception {
    start(ROUTE.writing(GATHER, "gather: \"0\"").without("method: pause"), "every", "1h");
    rig.publish(List.of(soc("A", 63)));
    await().atMost(Duration.ofSeconds(40)).until(() -> target.requests().size() == 1);
    rig.publish(List.of(soc("A", 64)));
    await().atMost(Duration.ofSeconds(40)).until(() -> target.requests().size() == 2);
  }
}
