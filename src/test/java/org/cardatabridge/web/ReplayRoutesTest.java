// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.CarMessage;
import org.cardatabridge.recording.FlattenIntake;
import org.cardatabridge.recording.Intake;
import org.cardatabridge.recording.RecordedMessage;
import org.cardatabridge.recording.ReplaySnapshot;
import org.cardatabridge.recording.Replays;
import org.cardatabridge.recording.SinkNames;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code /api/replay} on a real server, with a journal that notes what it is asked for. */
@Timeout(120)
class ReplayRoutesTest {

  private static final String LINE =
      "{\"received\":\"2026-01-31T12:00:00Z\",\"source\":\"stream\",\"account\":\"main\","
          + "\"topic\":\"g/v\",\"payload\":\"%s\"}\n";

  private final List<String> begun = new CopyOnWriteArrayList<>();
  private final List<String> taken = new CopyOnWriteArrayList<>();
  private final DefaultCamelContext context = new DefaultCamelContext();
  private Intake intake = this::note;
  private boolean isBusy;

  @AfterEach
  void end() {
    context.stop();
  }

  private void note(RecordedMessage message, Set<String> sinks, Consumer<Throwable> done) {
    String text = new String(message.payload(), StandardCharsets.UTF_8);
    taken.add(text.substring(0, Math.min(20, text.length())) + " for " + sinks);
    done.accept(text.equals("bad") ? new IllegalArgumentException("WBY00TEST00000001") : null);
  }

  private final class Notes implements Replays {
    @Override
    public long replay(
        Instant since, Instant until, Set<String> sinks, double speed, boolean setAside) {
      if (isBusy) {
        throw new IllegalStateException("Replaying: one is under way — wait for its end");
      }
      begun.add(since + " " + until + " " + sinks + " " + speed + " " + setAside);
      return 7;
    }

    @Override
    public Optional<ReplaySnapshot> replay(long id) {
      return id == 7
          ? Optional.of(new ReplaySnapshot(7, ReplaySnapshot.RUNNING, 10, 3, null))
          : Optional.empty();
    }
  }

  private Http serving(ShippedRoute... edited) throws Exception {
    for (String file : List.of("web", "web-replay")) {
      ShippedRoute route =
          List.of(edited).stream()
              .filter(e -> e.file().equals(file))
              .findFirst()
              .orElse(ShippedRoute.of(file));
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(ResourceHelper.fromString(file + ".camel.yaml", route.yaml()));
    }
    PageFiles page = new PageFiles();
    context.getRegistry().bind("page", page);
    context
        .getRegistry()
        .bind("status", new StatusApi("1.2.3", Instant.EPOCH, List::of, null, new RouteProblems()));
    context
        .getRegistry()
        .bind(
            "replayApi",
            new ReplayApi(
                new Notes(), intake, () -> new SinkNames(Set.of("mqtt", "hook"), Set.of("off"))));
    WebServer server =
        new WebServer(Settings.of(Map.of("cardata.http.port", "0")), page, Clock.systemUTC());
    context.addService(server, true, false);
    context.start();
    return new Http(server.port());
  }

  private static Http.Reply post(Http http, String query, String body, String... headers)
      throws Exception {
    return http.send("POST", "/api/replay" + query, "localhost", body, headers);
  }

  private static JsonNode json(Http.Reply reply) throws Exception {
    return new ObjectMapper().readTree(reply.body());
  }

  @Test
  void linesAreTakenAndTheBadOnesNamed() throws Exception {
    Http http = serving();
    Http.Reply reply =
        post(http, "?sink=mqtt", LINE.formatted("a") + "x\n" + LINE.formatted("bad") + "\n");

    assertThat(reply.code()).isEqualTo(200);
    assertThat(json(reply).get("taken").asInt()).isEqualTo(1);
    JsonNode refused = json(reply).get("refused");
    assertThat(refused).hasSize(2);
    assertThat(refused.get(0).get("line").asInt()).isEqualTo(2);
    assertThat(refused.get(1).get("line").asInt()).isEqualTo(3);
    assertThat(refused.get(1).get("reason").asText()).contains(" — ").doesNotContain("WBY");
    assertThat(taken).containsExactly("a for [mqtt]", "bad for [mqtt]");
    assertThat(begun).isEmpty();
  }

  @Test
  void aLineOfMegabytesIsTakenAndOneBeyondTheLimitIsNot() throws Exception {
    Http http = serving();
    assertThat(json(post(http, "", LINE.formatted("y".repeat(3 << 20)))).get("taken").asInt())
        .isEqualTo(1);
    assertThat(taken.get(0)).startsWith("yyyy");
    assertThat(http.send("POST", "/api/status", "localhost", "x".repeat(70_000)).code())
        .as("other paths keep their limit")
        .isEqualTo(413);
    String tooLong = LINE.formatted("y".repeat(5 << 20));
    assertThat(post(http, "", tooLong).code()).isEqualTo(413);
  }

  @Test
  void withoutABodyTheJournalIsPlayed() throws Exception {
    Http http = serving();
    Http.Reply reply =
        post(
            http,
            "?since=2026-01-01T00:00:00Z&until=2026-02-01T01:00:00%2B01:00&sink=hook,mqtt"
                + "&speed=10&set-aside=true",
            "");
    assertThat(reply.body()).isEqualTo("{\"id\":7}");
    assertThat(post(http, "", "").code()).isEqualTo(200);
    assertThat(begun.get(0))
        .startsWith("2026-01-01T00:00:00Z 2026-02-01T00:00:00Z [")
        .endsWith("] 10.0 true")
        .contains("hook", "mqtt");
    assertThat(begun.get(1)).isEqualTo("null null [] 0.0 false");
  }

  @Test
  void anEmptyRecordingIsNotTheJournal() throws Exception {
    Http http = serving();
    Http.Reply reply = post(http, "", "", "Content-Type: application/x-ndjson");
    assertThat(reply.body()).isEqualTo("{\"taken\":0,\"refused\":[]}");
    assertThat(begun).isEmpty();
  }

  @Test
  void howAReplayStandsIsTold() throws Exception {
    Http http = serving();
    assertThat(http.get("/api/replay?id=7").body())
        .isEqualTo("{\"id\":7,\"state\":\"running\",\"total\":10,\"done\":3}");
    assertThat(http.get("/api/replay?id=8").code()).isEqualTo(404);
    assertThat(http.get("/api/replay?id=x").code()).isEqualTo(400);
    assertThat(http.get("/api/replay").code()).isEqualTo(400);
  }

  @Test
  void whatCannotBeMeantIsRefusedByName() throws Exception {
    Http http = serving();
    for (String line : List.of("", LINE.formatted("a"))) {
      assertThat(json(post(http, "?sink=mqqt", line)).get("error").asText())
          .isEqualTo("sink: got 'mqqt', takes one of hook, mqtt");
      assertThat(json(post(http, "?sink=off", line)).get("error").asText())
          .contains("switched off", "cardata.sink.off.enabled=true");
    }
    assertThat(post(http, "?since=24h", "").code()).isEqualTo(400);
    assertThat(post(http, "?speed=-1", "").code()).isEqualTo(400);
    assertThat(post(http, "?speed=fast", "").code()).isEqualTo(400);
    assertThat(post(http, "?since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z", "").code())
        .isEqualTo(400);
    isBusy = true;
    assertThat(post(http, "", "").code()).isEqualTo(409);
    assertThat(taken).isEmpty();
    assertThat(begun).isEmpty();
  }

  @Test
  void anotherOriginIsRefused() throws Exception {
    Http http = serving();
    assertThat(post(http, "", LINE, "Origin: https://evil.example").code()).isEqualTo(403);
    assertThat(post(http, "", "", "Sec-Fetch-Site: cross-site").code()).isEqualTo(403);
    assertThat(taken).isEmpty();
    assertThat(begun).isEmpty();
  }

  @Test
  void eachLineGoesThroughTheFlattenRouteWithItsOwnProperties() throws Exception {
    intake = new FlattenIntake(context);
    List<Object> seen = new CopyOnWriteArrayList<>();
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:flatten")
                .process(
                    e ->
                        seen.addAll(
                            List.of(
                                e.getProperty(CarMessage.ACCOUNT),
                                e.getProperty(CarMessage.SOURCE),
                                e.getProperty(CarMessage.TOPIC),
                                e.getProperty(CarMessage.RECEIVED),
                                String.valueOf(e.getProperty(CarMessage.SINKS)),
                                e.getMessage().getBody(String.class))));
          }
        });
    Http http = serving();
    assertThat(json(post(http, "?sink=mqtt", LINE.formatted("a"))).get("taken").asInt()).isOne();
    assertThat(json(post(http, "", LINE.formatted("b"))).get("taken").asInt()).isOne();
    Instant received = Instant.parse("2026-01-31T12:00:00Z");
    assertThat(seen)
        .containsExactly(
            "main", "replay", "g/v", received, "mqtt", "a", "main", "replay", "g/v", received,
            "null", "b");
  }

  @Test
  void withoutAFlattenRouteItSaysSoAtOnce() throws Exception {
    intake = new FlattenIntake(context);
    Http.Reply reply = post(serving(), "", LINE.formatted("a"));
    assertThat(reply.code()).isEqualTo(409);
    assertThat(reply.body()).contains("flatten.camel.yaml");
  }

  @EditsRoute({"web-replay-begin", "web-replay-state"})
  void withoutTheirStepsNothingIsPlayedOrTold() throws Exception {
    Http http =
        serving(ShippedRoute.of("web-replay").without("method: post").without("method: state("));
    assertThat(post(http, "", LINE.formatted("a")).code()).isEqualTo(500);
    assertThat(http.get("/api/replay?id=7").body()).doesNotContain("running");
    assertThat(taken).isEmpty();
  }
}
