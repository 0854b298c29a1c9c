// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cardatabridge.CarEvent;
import org.cardatabridge.stream.StreamReason;
import org.cardatabridge.stream.StreamSnapshot;
import org.cardatabridge.stream.StreamState;
import org.cardatabridge.stream.StreamStates;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.SetClock;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The routes of {@code web-live.camel.yaml} on a real server. */
@Timeout(120)
class LiveRoutesTest {

  private static final Instant NOON = Instant.parse("2026-07-27T12:00:00Z");
  private static final String VIN = LiveServer.VIN;
  private static final String SOC = "vehicle.drivetrain.batteryManagement.header";

  private final SetClock clock = new SetClock(NOON);
  private final LiveServer live = new LiveServer(clock, Map.of());
  private final StreamStates states =
      new StreamStates(live.journal.rows(), clock, TimelineApi::shown);
  private final Set<String> pictures = new HashSet<>();

  @AfterEach
  void end() {
    states.close();
    live.close();
  }

  private Http started(ShippedRoute route) throws Exception {
    live.bind("summaryApi", new SummaryApi(live.journal.newest(), pictures::contains));
    live.bind("timelineApi", new TimelineApi(states, List.of("main", "wife"), clock));
    return live.start(ShippedRoute.of("web"), route);
  }

  private static JsonNode json(Http.Reply reply) throws Exception {
    assertThat(reply.code()).as(reply.body()).isEqualTo(200);
    assertThat(reply.header("Content-Type")).isEqualTo("application/json");
    return new ObjectMapper().readTree(reply.body());
  }

  private static CarEvent event(String key, Object value, String unit) {
    return LiveServer.event(VIN, key, value, unit, NOON);
  }

  @Test
  void theSummaryTellsWhatTheValuesOfACarMean() throws Exception {
    Http http = started(ShippedRoute.of("web-live"));
    pictures.add(VIN);
    live.publish(
        event(SOC, 81L, "%"),
        event("vehicle.vehicle.travelledDistance", 12345.5, "km"),
        event("location", Map.of("latitude", 48.1, "longitude", 11.5), null),
        event("vehicle.cabin.door.row1.driver.isOpen", true, null),
        event("vehicle.cabin.door.row2.driver.isOpen", false, null),
        event("vehicle.unknown", "x", null));

    JsonNode car = json(http.get("/api/summary")).get(0);

    assertThat(car.get("vin").asText()).isEqualTo(VIN);
    assertThat(car.get("name").asText()).as("without alias and model").isEqualTo(VIN);
    assertThat(car.get("hasImage").asBoolean()).isTrue();
    assertThat(car.get("descriptors").asInt()).isEqualTo(6);
    assertThat(car.get("lastMessageAt").asText()).isEqualTo("2026-07-27T12:00:01Z");
    JsonNode meanings = car.get("meanings");
    assertThat(meanings.get("soc").toString())
        .isEqualTo("{\"value\":81,\"unit\":\"%\",\"timestamp\":\"2026-07-27T12:00:00Z\"}");
    assertThat(meanings.get("odometer").get("value").asDouble()).isEqualTo(12345.5);
    assertThat(meanings.get("position").get("value").toString())
        .isEqualTo("{\"latitude\":48.1,\"longitude\":11.5}");
    assertThat(meanings.get("doors").toString())
        .isEqualTo(
            "{\"value\":\"open\",\"timestamp\":\"2026-07-27T12:00:00Z\",\"open\":[\"front-driver\"]}");
    assertThat(meanings.has("range")).as("what no value tells").isFalse();
  }

  @Test
  void aCarIsCalledByItsAliasElseByItsModel() throws Exception {
    Http http = started(ShippedRoute.of("web-live"));
    String basic = "vehicle.vehicleIdentification.basicVehicleData";
    live.publish(event(basic, Map.of("modelName", " i4 eDrive40 ", "series", "4"), null));
    JsonNode car = json(http.get("/api/summary")).get(0);
    assertThat(car.get("name").asText()).isEqualTo("i4 eDrive40");
    assertThat(car.get("model").asText()).isEqualTo("i4 eDrive40");

    live.publish(
        new CarEvent("main", VIN, "daily", SOC, 5L, "%", NOON, NOON.plusSeconds(2), "stream"));
    car = json(http.get("/api/summary")).get(0);
    assertThat(List.of(car.get("name").asText(), car.get("alias").asText()))
        .containsExactly("daily", "daily");
  }

  private void stream(StreamState state, StreamReason reason) {
    states.changed("main", new StreamSnapshot(state, null, null, 0, 0, reason, null, null));
  }

  @Test
  void theTimelineTellsStatesInOrderWithReasonsThatShowNoAddress() throws Exception {
    Http http = started(ShippedRoute.of("web-live"));
    clock.set(NOON.minusSeconds(7_200));
    stream(StreamState.LIVE, null);
    clock.set(NOON.minusSeconds(1_800));
    stream(
        StreamState.REFUSED,
        new StreamReason(135, "not let in by mqtts://bmw.example:9000 (VIN " + VIN + ")", NOON));
    clock.set(NOON.minusSeconds(600));
    stream(StreamState.LIVE, null);
    clock.set(NOON);

    assertThat(json(http.get("/api/timeline?hours=1")).toString())
        .isEqualTo(
            "[{\"state\":\"live\",\"from\":\"2026-07-27T11:00:00Z\",\"to\":\"2026-07-27T11:30:00Z\"},"
                + "{\"state\":\"refused\",\"from\":\"2026-07-27T11:30:00Z\",\"to\":\"2026-07-27T11:50:00Z\",\"reason\":{\"code\":135,\"text\":\"not"
                + " let in by … (VIN …0001)\"}},"
                + "{\"state\":\"live\",\"from\":\"2026-07-27T11:50:00Z\"}]");
    assertThat(json(http.get("/api/timeline?account=main"))).hasSize(3);
    assertThat(json(http.get("/api/timeline?account=wife"))).isEmpty();
    assertThat(http.get("/api/timeline?account=nobody").code()).isEqualTo(404);
    assertThat(http.get("/api/timeline?hours=0").code()).isEqualTo(400);
    assertThat(http.get("/api/timeline?hours=193").body()).contains("hours: takes");
  }

  @EditsRoute("web-live-timeline")
  void withoutItsStepThereIsNoTimeline() throws Exception {
    Http http = started(ShippedRoute.of("web-live").without("method: timeline"));
    assertThat(http.get("/api/timeline").code()).isEqualTo(500);
  }

  @EditsRoute("web-live-summary")
  void withoutItsStepThereIsNoSummary() throws Exception {
    Http http = started(ShippedRoute.of("web-live").without("method: summary"));
    assertThat(http.get("/api/summary").code()).isEqualTo(500);
  }
}
