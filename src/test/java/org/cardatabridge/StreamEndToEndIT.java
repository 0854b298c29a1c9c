// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.StreamBench.eventually;
import static org.cardatabridge.StreamBench.millis;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.cardatabridge.StreamBench.Flow;
import org.cardatabridge.auth.BmwTrust;
import org.cardatabridge.simulator.Behaviour;
import org.cardatabridge.simulator.Fault;
import org.cardatabridge.simulator.Place;
import org.cardatabridge.simulator.SentMessage;
import org.cardatabridge.simulator.SessionEvent;
import org.cardatabridge.testing.Ear;
import org.cardatabridge.testing.Mosquitto;
import org.cardatabridge.testing.Programs;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The bridge as a whole against the simulated BMW: what happens to its one session, and that
 * nothing gets lost meanwhile. The tests mostly wait, so they run side by side, longest first.
 */
@Timeout(240)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StreamEndToEndIT {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final int CYCLES = 20;
  private static final int KEYS = 3;
  private static final int KEPT = 0;
  private static final int CLEAN = 1;

  @TempDir Path dir;

  private StreamBench bench(Behaviour behaviour) throws Exception {
    return new StreamBench(dir, 1, behaviour);
  }

  /** A bridge with one account and tokens for an hour, subscribed. */
  private StreamBench live() throws Exception {
    StreamBench bench = bench(Behaviour.likeBmw());
    try {
      return bench.logIn(0, HOUR).startLive();
    } catch (Throwable e) {
      bench.close();
      throw e;
    }
  }

  // ---- the hourly change of credentials -----------------------------------------------------

  @Test
  @Order(1)
  @Execution(ExecutionMode.CONCURRENT)
  void twentyChangesOfCredentialsInARowLoseNothing() throws Exception {
    Programs.need("mosquitto");
    // Tokens live 4 s and are renewed after 2 s, which the refresh route finds at its next tick.
    Duration life = Duration.ofSeconds(4);
    List<JsonNode> statuses = new ArrayList<>();
    try (Mosquitto local = localBroker();
        StreamBench bench = new StreamBench(dir, 2, Behaviour.likeBmw().keepSessions(true))) {
      bench.publishTo(local.port()).set("auth.refresh-before", "2s");
      bench.set(CLEAN, "stream.session-expiry", "0s");
      bench.logIn(KEPT, HOUR).logIn(CLEAN, HOUR).startLive();
      bench.shorten(KEPT, life);
      bench.shorten(CLEAN, life);
      int threadsBefore = bench.threads(KEPT).size() + bench.threads(CLEAN).size();
      Ear ear = Ear.on(local.port());
      Flow kept;
      Flow clean;
      try (ear;
          Flow a = new Flow(bench, KEPT, KEYS, Duration.ofMillis(10));
          Flow b = new Flow(bench, CLEAN, KEYS, Duration.ofMillis(10))) {
        kept = a;
        clean = b;
        eventually(
            "twenty changes of both",
            Duration.ofSeconds(150),
            () -> goodbyes(bench, KEPT) >= CYCLES && goodbyes(bench, CLEAN) >= CYCLES);
        bench.awaitSubscribed(KEPT);
        bench.awaitSubscribed(CLEAN);
        a.end();
        b.end();
        Set<Integer> due = valuesWithFate(bench, clean, SentMessage.Fate.NOBODY, false);
        awaitLast(ear, bench, kept, clean);

        for (int key = 0; key < KEYS; key++) {
          assertThat(ear.numbers(topic(bench, KEPT, key)))
              .as("kept session: all, in order, none twice")
              .containsExactlyElementsOf(kept.of(key));
        }
        Set<Integer> arrived = new TreeSet<>();
        for (int key = 0; key < KEYS; key++) {
          List<Integer> numbers = ear.numbers(topic(bench, CLEAN, key));
          assertThat(numbers).as("clean sessions: in order, none twice").isSorted();
          assertThat(numbers).doesNotHaveDuplicates();
          arrived.addAll(numbers);
        }
        System.out.printf(
            "clean sessions: %d values sent, %d while nobody was subscribed, %d cut off, %d"
                + " arrived%n",
            clean.size(),
            clean.size() - due.size(),
            valuesWithFate(bench, clean, SentMessage.Fate.LOST, true).size(),
            arrived.size());
        assertThat(arrived).as("sent while subscribed").containsAll(due);
        ear.on("cardata/bridge/status").forEach(text -> statuses.add(StreamBench.json(text)));
      }
      for (int account : List.of(KEPT, CLEAN)) {
        printGaps(bench, account);
        assertThat(bench.simulator().mostOpenSessions(bench.gcid(account))).isEqualTo(1);
        assertThat(bench.events(account))
            .extracting(SessionEvent::kind)
            .containsOnly(
                SessionEvent.Kind.CONNECTED,
                SessionEvent.Kind.SUBSCRIBED,
                SessionEvent.Kind.CLIENT_DISCONNECT);
        assertThat(bench.stream(account).reconnects()).isZero();
      }
      eventually(
          "threads of old connections are gone",
          Duration.ofSeconds(60),
          () -> bench.threads(KEPT).size() + bench.threads(CLEAN).size() <= threadsBefore);
    }
    List<Set<String>> shown = new ArrayList<>();
    for (JsonNode status : statuses) {
      Set<String> states = new TreeSet<>();
      status.path("accounts").forEach(a -> states.add(a.path("stream").path("state").asText()));
      // What came before the first subscription is of no interest here.
      if (!shown.isEmpty() || states.equals(Set.of("live"))) {
        shown.add(states);
      }
    }
    assertThat(shown).as("a change of credentials must not show").containsOnly(Set.of("live"));
  }

  private Mosquitto localBroker() throws Exception {
    return Mosquitto.start(
        dir.resolve("local"),
        List.of("allow_anonymous true", "max_queued_messages 0", "max_inflight_messages 0"));
  }

  private static long goodbyes(StreamBench bench, int account) {
    return bench.count(account, SessionEvent.Kind.CLIENT_DISCONNECT);
  }

  private static String topic(StreamBench bench, int account, int key) {
    return "cardata/" + bench.vin(account) + "/vehicle/bench/k" + key + "/value";
  }

  /** The flow's values that the simulator gave this fate, or another. */
  private static Set<Integer> valuesWithFate(
      StreamBench bench, Flow flow, SentMessage.Fate fate, boolean thisOne) {
    Set<Long> numbers = new HashSet<>();
    for (SentMessage message : bench.simulator().published()) {
      if (message.fate() == fate == thisOne) {
        numbers.add(message.number());
      }
    }
    Set<Integer> values = new TreeSet<>();
    for (Flow.Sent sent : flow.sent()) {
      if (numbers.contains(sent.number())) {
        values.add(sent.value());
      }
    }
    return values;
  }

  /** Marks the end of both flows and waits for the marks: what came before them is there too. */
  private static void awaitLast(Ear ear, StreamBench bench, Flow kept, Flow clean) {
    for (int account : List.of(KEPT, CLEAN)) {
      bench.say(account, "vehicle.bench.end", 1);
      ear.awaitOn("cardata/" + bench.vin(account) + "/vehicle/bench/end/value", "1");
    }
    assertThat(kept.size()).isGreaterThan(CYCLES);
    assertThat(clean.size()).isGreaterThan(CYCLES);
  }

  /** Prints how long the account was deaf at each change, as the simulator saw it. */
  private static void printGaps(StreamBench bench, int account) {
    List<Long> gaps = new ArrayList<>();
    Instant left = null;
    for (SessionEvent event : bench.events(account)) {
      if (event.kind() == SessionEvent.Kind.CLIENT_DISCONNECT) {
        left = event.at();
      } else if (event.kind() == SessionEvent.Kind.SUBSCRIBED && left != null) {
        gaps.add(millis(left, event.at()));
        left = null;
      }
    }
    gaps.sort(null);
    System.out.printf(
        "DISCONNECT to SUBACK, %s, %d times: median %d ms, longest %d ms%n",
        account == KEPT ? "session kept" : "clean start",
        gaps.size(),
        gaps.get(gaps.size() / 2),
        gaps.get(gaps.size() - 1));
    assertThat(gaps).hasSizeGreaterThanOrEqualTo(CYCLES);
    assertThat(gaps.get(gaps.size() / 2)).as("median, in ms").isLessThan(2_000);
  }

  // ---- what BMW and others do to the session ------------------------------------------------

  @Test
  @Order(3)
  @Execution(ExecutionMode.CONCURRENT)
  void anotherClientThatFightsForTheAccountIsNamedAndTheBridgeSlowsDown() throws Exception {
    try (StreamBench bench = live();
        Rival rival = new Rival(bench)) {
      for (int round = 1; round <= 3; round++) {
        bench.awaitSubscribed(0);
        rival.takeOver();
        int lost = round;
        eventually(
            "taken over " + lost + " times",
            Duration.ofSeconds(60),
            () ->
                bench.events(0).stream()
                            .filter(e -> e.kind() == SessionEvent.Kind.TAKEN_OVER)
                            .filter(e -> !e.clientId().startsWith(Rival.NAME))
                            .count()
                        == lost
                    && bench.state(0).equals("backing-off"));
        assertThat(bench.stream(0).lastReason().code()).isEqualTo(142);
        Instant next = bench.stream(0).nextAttemptAt();
        if (round < 3) {
          assertThat(next).isBetween(Instant.now().plusSeconds(2), Instant.now().plusSeconds(13));
        } else {
          assertThat(next).isAfter(Instant.now().plusSeconds(55));
        }
      }
      JsonNode shown = bench.shownStream(0);
      assertThat(shown.path("lastReason").path("code").asInt()).isEqualTo(142);
      assertThat(shown.path("lastReason").path("text").asText())
          .contains("another client uses this account", "stop it");
      assertThat(bench.refreshes(0)).isZero();

      rival.leave();
      // The minute that it waits now is the state machine's test; a person would not wait either.
      bench.session(0).cycle();
      bench.awaitSubscribed(0);
      bench.proveAlive(0, 1);
      assertThat(bench.simulator().mostOpenSessions(bench.gcid(0))).isEqualTo(1);
    }
  }

  /** Another program with the same account, for instance a second bridge. */
  private static final class Rival implements AutoCloseable {

    static final String NAME = "rival";
    private final StreamBench bench;
    private final MqttClient client;

    Rival(StreamBench bench) throws MqttException {
      this.bench = bench;
      client =
          new MqttClient(
              "ssl://" + bench.simulator().streamHost() + ":" + bench.simulator().streamPort(),
              NAME,
              new MemoryPersistence());
    }

    void takeOver() throws Exception {
      MqttConnectionOptions options = new MqttConnectionOptions();
      options.setSocketFactory(
          new BmwTrust(bench.simulator().caFile()).sslContext().getSocketFactory());
      options.setAutomaticReconnect(false);
      options.setUserName(bench.gcid(0));
      options.setPassword(bench.idToken(0).getBytes(StandardCharsets.UTF_8));
      client.connect(options);
      client.subscribe(bench.gcid(0) + "/+", 1);
    }

    void leave() throws MqttException {
      if (client.isConnected()) {
        client.disconnect();
      }
    }

    @Override
    public void close() throws MqttException {
      leave();
      client.close();
    }
  }

  @Test
  @Order(7)
  @Execution(ExecutionMode.CONCURRENT)
  void aValidTokenThatIsRefusedIsRefreshedOnceAndTakenThen() throws Exception {
    try (StreamBench bench = live()) {
      bench
          .simulator()
          .refuseTokens(bench.settings().get("cardata.account." + bench.name(0) + ".client-id"));
      Instant from = Instant.now();
      bench.simulator().reset(bench.gcid(0));
      eventually(
          "refused", Duration.ofSeconds(60), () -> bench.count(0, SessionEvent.Kind.REFUSED) > 0);
      bench.awaitSubscribed(0);
      System.out.printf("135 for a valid token: back after %d ms%n", millis(from, Instant.now()));
      bench.proveAlive(0, 1);
      assertThat(bench.refreshes(0)).isEqualTo(1);
      assertThat(bench.count(0, SessionEvent.Kind.REFUSED)).isEqualTo(1);
      assertThat(bench.stream(0).lastReason().code()).isEqualTo(135);
      assertThat(bench.stream(0).reconnects()).isEqualTo(1);
    }
  }

  @Test
  @Order(6)
  @Execution(ExecutionMode.CONCURRENT)
  void aRefusalSoonAfterOurOwnDisconnectIsWaitedForAndCostsNoRefresh() throws Exception {
    try (StreamBench bench = live()) {
      bench.simulator().change(b -> b.refuseAfterDisconnect(Duration.ofSeconds(4)));
      bench.session(0).cycle();
      eventually(
          "refused", Duration.ofSeconds(60), () -> bench.count(0, SessionEvent.Kind.REFUSED) == 1);
      bench.awaitSubscribed(0);
      Instant left = at(bench, SessionEvent.Kind.CLIENT_DISCONNECT);
      long deaf = millis(left, at(bench, SessionEvent.Kind.SUBSCRIBED));
      System.out.printf("refused after our own DISCONNECT: subscribed %d ms after it%n", deaf);
      assertThat(deaf).isBetween(9_000L, 30_000L);
      assertThat(bench.count(0, SessionEvent.Kind.REFUSED)).isEqualTo(1);
      assertThat(bench.refreshes(0)).isZero();
      bench.proveAlive(0, 1);
    }
  }

  /** When this happened last. */
  private static Instant at(StreamBench bench, SessionEvent.Kind kind) {
    return bench.events(0).stream()
        .filter(e -> e.kind() == kind)
        .reduce((first, second) -> second)
        .orElseThrow()
        .at();
  }

  @Test
  @Order(9)
  @Execution(ExecutionMode.CONCURRENT)
  void anExceededQuotaIsShownAsSuchAndKnockedAtOnceAMinuteAtMost() throws Exception {
    try (StreamBench bench = live()) {
      bench.simulator().fault(Place.CONNECT, Fault.code(151));
      bench.simulator().reset(bench.gcid(0));
      bench.awaitState(0, "quota", Duration.ofSeconds(60));
      JsonNode shown = bench.shownStream(0);
      assertThat(shown.path("state").asText()).isEqualTo("quota");
      assertThat(shown.path("lastReason").path("code").asInt()).isEqualTo(151);
      assertThat(Instant.parse(shown.path("nextAttemptAt").asText()))
          .isAfter(Instant.now().plusSeconds(50));
      assertThat(bench.get("/observe/health/live").statusCode()).isEqualTo(200);
      assertThat(bench.get("/observe/health/ready").statusCode()).isEqualTo(503);
      bench.session(0).rebuild();
      bench.awaitSubscribed(0);
      assertThat(bench.get("/observe/health/ready").statusCode()).isEqualTo(200);
      assertThat(bench.refreshes(0)).isZero();
    }
  }

  @Test
  @Order(9)
  @Execution(ExecutionMode.CONCURRENT)
  void aFilterThatIsNotAllowedFailsTheSessionAndIsNamed() throws Exception {
    try (StreamBench bench = bench(Behaviour.likeBmw())) {
      // Outside the ACL: SUBACK 135, and BMW drops the connection with it.
      bench.set("stream.topics", "{gcid}/#").logIn(0, HOUR).start();
      bench.awaitState(0, "backing-off", Duration.ofSeconds(60));
      JsonNode reason = bench.shownStream(0).path("lastReason");
      assertThat(reason.path("code").asInt()).isEqualTo(135);
      assertThat(reason.path("text").asText()).contains("cardata.stream.topics");
      assertThat(bench.count(0, SessionEvent.Kind.DROPPED)).isEqualTo(1);
      assertThat(bench.stream(0).nextAttemptAt())
          .isAfter(Instant.parse(reason.path("at").asText()).plusSeconds(15));

      // Refused without a drop: the bridge itself must not stay connected and deaf.
      bench.simulator().change(b -> b.hashFilter(true));
      bench.simulator().fault(Place.SUBSCRIBE, Fault.code(128));
      bench.session(0).cycle();
      eventually(
          "left",
          Duration.ofSeconds(60),
          () -> bench.count(0, SessionEvent.Kind.CLIENT_DISCONNECT) == 1);
      assertThat(bench.simulator().openSessions(bench.gcid(0))).isZero();
      bench.awaitState(0, "backing-off", Duration.ofSeconds(60));
      bench.session(0).rebuild();
      bench.awaitSubscribed(0);
      bench.proveAlive(0, 1);
      assertThat(bench.refreshes(0)).isZero();
    }
  }

  @Test
  @Order(5)
  @Execution(ExecutionMode.CONCURRENT)
  void aSessionThatBmwClosesAtTheTokensEndComesBackWithTheNextToken() throws Exception {
    try (StreamBench bench = bench(Behaviour.likeBmw())) {
      bench.set("auth.refresh-before", "2s").logIn(0, HOUR).startLive();
      bench.shorten(0, Duration.ofSeconds(5));
      long refreshes = bench.refreshes(0);
      bench.simulator().change(b -> b.idTokenLife(HOUR));
      bench.simulator().fault(Place.REFRESH, Fault.status(503), 2);
      eventually(
          "closed at the token's end",
          Duration.ofSeconds(60),
          () -> bench.count(0, SessionEvent.Kind.EXPIRED) == 1);
      eventually(
          "waiting for tokens", Duration.ofSeconds(60), () -> bench.state(0).equals("backing-off"));
      assertThat(bench.stream(0).lastReason().text()).contains("expired");
      bench.awaitSubscribed(0);
      System.out.printf(
          "closed at expiry while the login answers 503: subscribed %d ms after it%n",
          millis(at(bench, SessionEvent.Kind.EXPIRED), at(bench, SessionEvent.Kind.SUBSCRIBED)));
      bench.proveAlive(0, 1);
      // An expired token never knocked.
      assertThat(bench.count(0, SessionEvent.Kind.REFUSED)).isZero();
      assertThat(bench.refreshes(0) - refreshes).isEqualTo(3);
    }
  }

  @Test
  @Order(2)
  @Execution(ExecutionMode.CONCURRENT)
  void aConnectThatIsNeverAnsweredIsGivenUp() throws Exception {
    try (StreamBench bench = bench(Behaviour.likeBmw())) {
      bench.simulator().fault(Place.CONNECT, Fault.silence());
      bench.logIn(0, HOUR).start();
      Instant from = Instant.now();
      eventually(
          "subscribed",
          Duration.ofSeconds(60),
          () -> bench.simulator().isSubscribed(bench.gcid(0)) && bench.state(0).equals("live"));
      System.out.printf("no CONNACK: subscribed after %d ms%n", millis(from, Instant.now()));
      assertThat(bench.stream(0).lastReason().text()).contains("no CONNACK");
      assertThat(bench.refreshes(0)).isZero();
      bench.proveAlive(0, 1);
      eventually("one connection's threads", Duration.ofSeconds(60), () -> receivers(bench) == 1);
    }
  }

  private static long receivers(StreamBench bench) {
    return bench.threads(0).stream().filter(name -> name.startsWith("MQTT Rec")).count();
  }

  @Test
  @Order(6)
  @Execution(ExecutionMode.CONCURRENT)
  void aConnectionThatFallsSilentIsFoundAndReplaced() throws Exception {
    try (StreamBench bench = bench(Behaviour.likeBmw())) {
      bench.set("stream.keep-alive", "2s").logIn(0, HOUR).startLive();
      bench.proveAlive(0, 1);
      Instant from = Instant.now();
      assertThat(bench.simulator().stall(bench.gcid(0))).isTrue();
      eventually(
          "subscribed again",
          Duration.ofSeconds(60),
          () -> bench.count(0, SessionEvent.Kind.SUBSCRIBED) == 2);
      System.out.printf(
          "silent stall, keep-alive 2 s: subscribed again after %d ms%n",
          millis(from, Instant.now()));
      bench.awaitSubscribed(0);
      assertThat(bench.stream(0).lastReason().text()).contains("keep-alive");
      assertThat(bench.stream(0).reconnects()).isEqualTo(1);
      bench.proveAlive(0, 2);
      eventually("one connection's threads", Duration.ofSeconds(60), () -> receivers(bench) == 1);
    }
  }

  @Test
  @Order(6)
  @Execution(ExecutionMode.CONCURRENT)
  void aResetAndAnOutageAreOverSoonAfterBmwIsBack() throws Exception {
    try (StreamBench bench = bench(Behaviour.likeBmw().keepSessions(true))) {
      bench.logIn(0, HOUR).startLive();
      Instant reset = Instant.now();
      bench.simulator().reset(bench.gcid(0));
      eventually(
          "subscribed again",
          Duration.ofSeconds(60),
          () -> bench.count(0, SessionEvent.Kind.SUBSCRIBED) == 2);
      System.out.printf("TCP reset: subscribed again after %d ms%n", millis(reset, Instant.now()));
      bench.awaitSubscribed(0);

      bench.simulator().perform("outage", "{\"stream\":true}");
      bench.awaitState(0, "backing-off", Duration.ofSeconds(60));
      bench.say(0, "vehicle.bench.during", 7);
      // Several attempts meet the outage.
      Instant until = Instant.now().plusSeconds(5);
      eventually("a while", Duration.ofSeconds(60), () -> Instant.now().isAfter(until));
      assertThat(bench.state(0)).isEqualTo("backing-off");
      bench.simulator().perform("outage", "{\"stream\":false}");
      Instant back = Instant.now();
      eventually(
          "subscribed again",
          Duration.ofSeconds(60),
          () -> bench.count(0, SessionEvent.Kind.SUBSCRIBED) == 3);
      System.out.printf(
          "outage of 5 s: subscribed again %d ms after its end%n", millis(back, Instant.now()));
      bench.awaitSubscribed(0);
      // BMW kept it for us.
      eventually(
          "what came meanwhile",
          Duration.ofSeconds(60),
          () -> bench.journal().newest().newest(bench.vin(0), "vehicle.bench.during").isPresent());
      assertThat(bench.refreshes(0)).isZero();
      assertThat(bench.simulator().mostOpenSessions(bench.gcid(0))).isEqualTo(1);
      eventually("one connection's threads", Duration.ofSeconds(60), () -> receivers(bench) == 1);
    }
  }

  // ---- a car that says nothing --------------------------------------------------------------

  /**
   * Days in a row are the state machine's test. Here real time passes: one car's tokens live for an
   * hour, the other's are renewed again and again while it sleeps.
   */
  @Test
  @Order(4)
  @Execution(ExecutionMode.CONCURRENT)
  void aParkedCarIsQuietAndCausesNoConnectionBeyondTheSchedule() throws Exception {
    int sleeper = 0;
    int renewed = 1;
    try (StreamBench bench = new StreamBench(dir, 2, Behaviour.likeBmw())) {
      bench.set("stream.quiet-after", "2s").set("auth.refresh-before", "2s");
      bench.set("stream.keep-alive", "2s").set("watchdog.disconnected-for", "2s");
      bench.logIn(sleeper, HOUR).logIn(renewed, HOUR).startLive();
      bench.shorten(renewed, Duration.ofSeconds(4));
      bench.say(sleeper, "vehicle.bench.parked", true);
      bench.say(renewed, "vehicle.bench.parked", true);
      bench.awaitState(sleeper, "quiet", Duration.ofSeconds(60));
      bench.awaitState(renewed, "quiet", Duration.ofSeconds(60));

      Instant until = Instant.now().plusSeconds(13);
      Map<String, Integer> seen = new HashMap<>();
      eventually(
          "a parked while",
          Duration.ofSeconds(60),
          () -> {
            seen.merge(bench.state(sleeper), 1, Integer::sum);
            seen.merge(bench.state(renewed), 1, Integer::sum);
            return Instant.now().isAfter(until);
          });
      assertThat(seen).containsOnlyKeys("quiet");
      assertThat(bench.get("/observe/health/ready").statusCode()).isEqualTo(200);
      assertThat(bench.events(sleeper))
          .extracting(SessionEvent::kind)
          .containsExactly(SessionEvent.Kind.CONNECTED, SessionEvent.Kind.SUBSCRIBED);
      assertThat(bench.refreshes(sleeper)).isZero();

      long refreshes = bench.refreshes(renewed);
      System.out.printf(
          "parked: %d refreshes of a token of 4 s, %d DISCONNECTs%n",
          refreshes, goodbyes(bench, renewed));
      assertThat(refreshes).isBetween(3L, 9L);
      assertThat(goodbyes(bench, renewed)).isBetween(refreshes - 1, refreshes);
      assertThat(bench.events(renewed))
          .extracting(SessionEvent::kind)
          .containsOnly(
              SessionEvent.Kind.CONNECTED,
              SessionEvent.Kind.SUBSCRIBED,
              SessionEvent.Kind.CLIENT_DISCONNECT);
      for (int account : List.of(sleeper, renewed)) {
        assertThat(bench.stream(account).reconnects()).isZero();
        assertThat(bench.stream(account).lastReason()).isNull();
        bench.proveAlive(account, 1);
        assertThat(bench.state(account)).isEqualTo("live");
      }
    }
  }
}
