// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
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

/** The routes of {@code web-messages.camel.yaml} on a real server. */
@Timeout(60)
class MessagesRoutesTest {

  private static final Instant NOON = Instant.parse("2026-07-27T12:00:00Z");
  private static final String VIN = LiveServer.VIN;
  private static final String GCID = "3e8ab8d5-gcid";
  private static final String MESSAGES = "/api/vehicles/" + VIN + "/messages";

  private final SetClock clock = new SetClock(NOON);
  private final LiveServer live = new LiveServer(clock, Map.of());
  private final StreamStates states =
      new StreamStates(live.journal.rows(), clock, TimelineApi::shown);

  @AfterEach
  void end() {
    states.close();
    live.close();
  }

  private Http started() throws Exception {
    return started(ShippedRoute.of("web-messages"));
  }

  private Http started(ShippedRoute route) throws Exception {
    live.bind("messagesApi", new MessagesApi(live.journal, () -> Set.of("known-gcid")));
    live.bind("errorsApi", new ErrorsApi(live.journal, states, () -> live.accounts, clock));
    return live.start(ShippedRoute.of("web"), route);
  }

  private static JsonNode json(Http.Reply reply) throws Exception {
    assertThat(reply.code()).as(reply.body()).isEqualTo(200);
    return new ObjectMapper().readTree(reply.body());
  }

  private static List<String> received(JsonNode messages) {
    List<String> times = new ArrayList<>();
    messages.forEach(message -> times.add(message.get("received").asText().substring(11, 19)));
    return times;
  }

  private void keep(int second, String vin, byte[] payload, boolean isReadable) throws Exception {
    Instant at = NOON.plusSeconds(second);
    List<CarEvent> points =
        isReadable ? List.of(LiveServer.event(vin, "vehicle.soc", second, "%", at)) : List.of();
    AtomicBoolean done = new AtomicBoolean();
    live.journal.publish(
        new CarMessage("main", "stream", GCID + "/" + vin, at, payload, points),
        !isReadable,
        failure -> done.set(true));
    await().untilTrue(done);
  }

  private void keep(int second, String vin, String payload) throws Exception {
    keep(second, vin, payload.getBytes(StandardCharsets.UTF_8), true);
  }

  @Test
  void messagesComeNewestFirstAndPageByPage() throws Exception {
    Http http = started();
    for (int n = 0; n < 10; n++) {
      keep(2 * n, VIN, "{\"n\":" + n + "}");
      keep(2 * n + 1, LiveServer.OTHER, "{\"n\":" + n + "}");
    }
    assertThat(received(json(http.get(MESSAGES)))).hasSize(10).startsWith("12:00:18", "12:00:16");
    JsonNode page = json(http.get(MESSAGES + "?limit=2&before=2026-07-27T12:00:10Z"));
    assertThat(received(page)).containsExactly("12:00:08", "12:00:06");
    assertThat(page.get(0).get("payload").toString()).isEqualTo("{\"n\":4}");
    assertThat(http.get(MESSAGES + "?limit=101").code()).isEqualTo(400);
    assertThat(http.get(MESSAGES + "?before=yesterday").code()).isEqualTo(400);
    assertThat(http.get("/api/vehicles/UNKNOWN/messages").code()).isEqualTo(404);
  }

  @Test
  void theAccountsIdStandsNowhere() throws Exception {
    Http http = started();
    keep(
        1,
        VIN,
        "{\"vin\":\"%s\",\"entityId\":\"%s\",\"topic\":\"%s/%s\",\"%s\":1,\"gcid\":12345678,"
                .formatted(VIN, GCID, GCID, VIN, GCID)
            + "\"data\":{\"a\":{\"value\":\"by %s, 12345678\",\"n\":12345678,\"x\":1.50}},"
                .formatted(GCID)
            + "\"other\":\"known-gcid\",\"nested\":[{\"EntityID\":\"%s\"}]}".formatted("else-id"));
    String body = http.get(MESSAGES).body();
    assertThat(body).doesNotContain(GCID, "known-gcid", "12345678", "else-id");
    JsonNode message = json(http.get(MESSAGES)).get(0);
    assertThat(message.get("topic").asText()).isEqualTo("…/" + VIN);
    assertThat(message.get("payload").get("topic").asText()).isEqualTo("…/" + VIN);
    assertThat(message.get("payload").get("entityId").asText()).isEqualTo("…");
    assertThat(body).contains("\"x\":1.50");
  }

  @Test
  void whatHighMobilityCallsTheApplicationAndTheMessageStandsNowhere() throws Exception {
    Http http = started();
    String app = "0A1B2C3D4E5F60718293A4B5";
    String payload =
        "{\"version\":1,\"message_id\":\"12345\",\"application_id\":\"%s\",\"vin\":\"%s\","
                .formatted(GCID, VIN)
            + "\"capability\":\"live\",\"data\":{\"diagnostics\":{\"odometer\":{\"data\":12345,"
            + "\"by\":\"%s %s\"}}}}".formatted(app, GCID);
    Instant at = NOON.plusSeconds(1);
    AtomicBoolean done = new AtomicBoolean();
    live.journal.publish(
        new CarMessage(
            "fleet",
            "highmobility",
            "live/level13/" + app + "/" + VIN + "/diagnostics/get/odometer",
            at,
            payload.getBytes(StandardCharsets.UTF_8),
            List.of(LiveServer.event(VIN, "diagnostics.odometer", 12345, "km", at))),
        false,
        failure -> done.set(true));
    await().untilTrue(done);
    JsonNode message = json(http.get(MESSAGES)).get(0);
    assertThat(message.toString()).doesNotContain(app, GCID, "\"12345\"");
    assertThat(message.get("source").asText()).isEqualTo("highmobility");
    assertThat(message.get("topic").asText())
        .isEqualTo("live/level13/…/" + VIN + "/diagnostics/get/odometer");
    assertThat(message.at("/payload/message_id").asText()).isEqualTo("…");
    assertThat(message.at("/payload/capability").asText()).isEqualTo("live");
    assertThat(message.at("/payload/data/diagnostics/odometer/data").asLong()).isEqualTo(12345);
  }

  @Test
  void whatIsNoJsonComesAsTextOrBytesAndNotWithoutEnd() throws Exception {
    Http http = started();
    keep(0, VIN, "{}");
    keep(1, VIN, ("by " + GCID + " " + "x".repeat(9_000)).getBytes(StandardCharsets.UTF_8), false);
    byte[] bytes = ("\u00ff by " + GCID).getBytes(StandardCharsets.ISO_8859_1);
    keep(2, VIN, bytes, false);
    keep(3, VIN, "{} {}".getBytes(StandardCharsets.UTF_8), false);
    keep(4, VIN, new byte[0], false);
    keep(5, VIN, "[".repeat(5_000).getBytes(StandardCharsets.UTF_8), false);
    JsonNode all = json(http.get(MESSAGES));
    assertThat(all).hasSize(6);
    assertThat(all.get(0).get("text").asText()).hasSize(4_097);
    assertThat(all.get(1).get("text").asText()).isEmpty();
    assertThat(all.get(2).get("text").asText()).isEqualTo("{} {}");
    String decoded =
        new String(
            Base64.getDecoder().decode(all.get(3).get("base64").asText()),
            StandardCharsets.ISO_8859_1);
    assertThat(decoded).isEqualTo("\u00ff by *");
    assertThat(all.get(4).get("text").asText()).startsWith("by … xxx").hasSize(4_097);
    assertThat(all.get(4).get("bytes").asInt()).isGreaterThan(9_000);
  }

  @Test
  void anAnswerHasAMegabyteAtMost() throws Exception {
    Http http = started();
    for (int n = 0; n < 6; n++) {
      keep(n, VIN, "{\"n\":\"" + "x".repeat(300_000) + "\"}");
    }
    Http.Reply reply = http.get(MESSAGES + "?limit=100");
    assertThat(json(reply)).hasSize(3);
    assertThat(reply.body().length()).isLessThan(1 << 20);
  }

  @Test
  void errorsOfAllKindsComeNewestFirst() throws Exception {
    Http http = started();
    keep(0, VIN, "{}");
    keep(10, VIN, "?".getBytes(StandardCharsets.UTF_8), false);
    live.accounts =
        List.of(Accounts.failed("main", NOON.plusSeconds(20), VIN, "BMW answers 500 — try later"));
    clock.set(NOON.plusSeconds(30));
    states.changed(
        "main",
        new StreamSnapshot(
            StreamState.REFUSED,
            null,
            null,
            0,
            0,
            new StreamReason(135, "not let in", NOON),
            null,
            null));

    JsonNode all = json(http.get("/api/errors"));
    assertThat(all.findValuesAsText("kind")).containsExactly("stream", "rest", "unparsed");
    assertThat(all.get(1).get("vehicle").asText()).isEqualTo(VIN);
    assertThat(all.get(2).toString())
        .isEqualTo(
            "{\"at\":\"2026-07-27T12:00:10Z\",\"kind\":\"unparsed\",\"vehicle\":\""
                + VIN
                + "\",\"text\":\"the message could not be read\"}");
    assertThat(json(http.get("/api/errors?vin=" + VIN)).findValuesAsText("kind"))
        .containsExactly("rest", "unparsed");
    assertThat(json(http.get("/api/errors?limit=1"))).hasSize(1);
    assertThat(http.get("/api/errors?vin=UNKNOWN").code()).isEqualTo(404);
    assertThat(http.get("/api/errors?limit=x").code()).isEqualTo(400);
    JsonNode lastError = json(http.get("/api/status")).get("vehicles").get(0).get("lastError");
    assertThat(lastError.toString())
        .isEqualTo("{\"at\":\"2026-07-27T12:00:20Z\",\"text\":\"BMW answers 500 — try later\"}");
  }

  @EditsRoute("web-messages")
  void withoutItsStepThereAreNoMessages() throws Exception {
    Http http = started(ShippedRoute.of("web-messages").without("method: messages"));
    assertThat(http.get(MESSAGES).code()).isEqualTo(500);
  }

  @EditsRoute("web-messages-errors")
  void withoutItsStepThereAreNoErrors() throws Exception {
    Http http = started(ShippedRoute.of("web-messages").without("method: errors"));
    assertThat(http.get("/api/errors").code()).isEqualTo(500);
  }
}
