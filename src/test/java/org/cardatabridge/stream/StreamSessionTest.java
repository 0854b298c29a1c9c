// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLSocketFactory;
import org.cardatabridge.stream.ScriptedBroker.Part;
import org.cardatabridge.stream.ScriptedBroker.Session;
import org.cardatabridge.testing.CapturedLog;
import org.cardatabridge.testing.SetClock;
import org.cardatabridge.testing.Trust;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The session and its client against a scripted MQTT 5 server, in process. */
class StreamSessionTest {

  private final AtomicReference<Credentials> tokens = new AtomicReference<>();
  private final AtomicReference<String> trouble = new AtomicReference<>();
  private final List<String> refreshes = new CopyOnWriteArrayList<>();
  private final List<String> states = new CopyOnWriteArrayList<>();
  private final List<Integer> received = new CopyOnWriteArrayList<>();
  private final ExecutorService downstream = Executors.newSingleThreadExecutor();
  private volatile boolean acknowledging = true;
  private volatile Runnable beforeTaking = () -> {};
  private final AtomicLong ahead = new AtomicLong();
  private volatile LongSupplier nanos = () -> System.nanoTime() + ahead.get();
  private Clock clock = Clock.systemUTC();
  private int tokenNumber;
  private boolean tokensAreStored = true;

  private ScriptedBroker broker;
  private BmwMqttClient client;
  private StreamSession session;

  @BeforeEach
  void begin() throws Exception {
    broker = new ScriptedBroker();
  }

  @AfterEach
  void end() throws Exception {
    if (session != null) {
      session.close();
    }
    downstream.shutdownNow();
    broker.close();
    await("no thread of Paho is left").untilAsserted(() -> assertThat(mqttThreads()).isEmpty());
  }

  // ---- helpers ---------------------------------------------------------------------------

  /** Each with the place it is at, so that a failure tells what it waits for. */
  private static List<String> mqttThreads() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(e -> e.getKey().getName().matches("(MQTT |mqtt-|bmw-).*"))
        .map(e -> e.getKey().getName() + " at " + List.of(e.getValue()))
        .toList();
  }

  private void open() {
    open("tcp://localhost:" + broker.port(), null, Duration.ofSeconds(30));
  }

  private void open(String uri, SSLSocketFactory tls, Duration keepAlive) {
    StreamSettings settings =
        new StreamSettings(
            uri,
            "{gcid}",
            keepAlive,
            Duration.ofHours(24),
            Duration.ofMinutes(10),
            Duration.ofHours(6),
            Duration.ofSeconds(30),
            null,
            MqttProtocol.MQTT_5);
    client = BmwMqttClient.of("main", settings, tls);
    client.setCallback(new Downstream());
    client.subscribe("{gcid}/+", 1);
    session =
        new StreamSession(
            "main",
            settings,
            client,
            () -> Optional.ofNullable(tokens.get()),
            refreshes::add,
            () -> false,
            () -> Optional.ofNullable(trouble.get()),
            clock,
            nanos,
            new Random(1));
    session.onChange(s -> states.add(s.state().text()));
    if (tokensAreStored) {
      tokens.set(credentials());
      session.start();
    } else {
      session.start();
      rotate();
    }
  }

  private Credentials credentials() {
    return new BmwCredentials(
        "gcid-1", "token-" + ++tokenNumber, Instant.now().plus(Duration.ofHours(1)));
  }

  private void rotate() {
    tokens.set(credentials());
    session.tokensChanged();
  }

  private StreamState state() {
    return session.status().state();
  }

  private void awaitSubscribed(int connections) {
    await()
        .atMost(Duration.ofSeconds(40))
        .until(
            () ->
                broker.sessions.size() >= connections
                    && broker.sessions.get(connections - 1).isSubscribed()
                    && state() == StreamState.LIVE);
  }

  /** Camel's part: takes a message, and acknowledges it from another thread. */
  private class Downstream implements MqttCallback {
    @Override
    public void messageArrived(String topic, MqttMessage message) {
      beforeTaking.run();
      received.add(Integer.parseInt(new String(message.getPayload())));
      if (acknowledging) {
        downstream.execute(() -> client.messageArrivedComplete(message.getId(), message.getQos()));
      }
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {}

    @Override
    public void mqttErrorOccurred(MqttException exception) {}

    @Override
    public void deliveryComplete(IMqttToken token) {}

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {}

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {}
  }

  // ---- tests -----------------------------------------------------------------------------

  @Test
  void connectsWithTheTokenAndResolvesTheGcidEverywhere() {
    open();
    awaitSubscribed(1);
    Session seen = broker.last();

    assertThat(seen.endpoint.clientIdentifier()).isEqualTo("gcid-1");
    assertThat(seen.endpoint.auth().getUsername()).isEqualTo("gcid-1");
    assertThat(seen.endpoint.auth().getPassword()).isEqualTo("token-1");
    assertThat(seen.endpoint.isCleanSession()).isFalse();
    assertThat(seen.endpoint.keepAliveTimeSeconds()).isEqualTo(30);
    assertThat(seen.filters).containsExactly("gcid-1/+");
  }

  @Test
  void subscribesEachFilterOfAList() {
    open();
    awaitSubscribed(1);
    client.subscribe("{gcid}/A, {gcid}/B", 1);
    rotate();
    awaitSubscribed(2);

    assertThat(broker.last().filters).containsExactly("gcid-1/A", "gcid-1/B");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void twentyRotationsLoseNothingThatTheServerHeldAndLeaveOneSessionOpen(boolean tls)
      throws Exception {
    if (tls) {
      broker.close();
      broker = new ScriptedBroker(true);
      SSLSocketFactory trust = Trust.in(Path.of(broker.certificatePath())).getSocketFactory();
      open("ssl://localhost:" + broker.port(), trust, Duration.ofSeconds(30));
    } else {
      open();
    }
    awaitSubscribed(1);
    List<Long> cycles = new ArrayList<>();
    Set<Integer> sent = new HashSet<>();
    int next = 0;
    for (int rotation = 1; rotation <= 20; rotation++) {
      for (int i = 0; i < 50; i++) {
        sent.add(next);
        if (i % 2 == 0) {
          broker.send(next++);
        } else {
          broker.queue(next++);
        }
      }
      Session before = broker.last();
      rotate();
      awaitSubscribed(rotation + 1);
      Session after = broker.last();
      assertThat(after.endpoint.auth().getPassword()).isEqualTo("token-" + (rotation + 1));
      assertThat(before.goodbye).as("DISCONNECT came first").isTrue();
      cycles.add((after.subscribedNanos - before.goodbyeNanos) / 1_000_000);
    }
    await().until(() -> broker.unacknowledged.isEmpty());

    assertThat(new HashSet<>(received)).isEqualTo(sent);
    assertThat(broker.openSessions()).isEqualTo(1);
    assertThat(broker.mostOpen).isEqualTo(1);
    assertThat(session.status().reconnects()).isZero();
    assertThat(session.status().lastReason()).isNull();
    assertThat(states).as("an orderly cycle does not flicker").doesNotContain("backing-off");
    Collections.sort(cycles);
    assertThat(cycles.get(cycles.size() / 2)).as("median, ms").isLessThan(2000);
    LoggerFactory.getLogger(StreamSessionTest.class)
        .info(
            "cycle from DISCONNECT to SUBACK in ms, TLS {}: median {}, longest {}",
            tls,
            cycles.get(10),
            cycles.get(19));
    await().untilAsserted(() -> assertThat(mqttThreads()).hasSizeLessThanOrEqualTo(5));
  }

  @Test
  void whatBmwSentBeforeItReadOurDisconnectIsTakenIn() {
    open();
    awaitSubscribed(1);
    Session first = broker.last();
    // Taking in the first message lasts until BMW has our DISCONNECT.
    beforeTaking = () -> await().pollInterval(Duration.ofMillis(1)).until(() -> first.goodbye);
    for (int i = 1; i <= 8; i++) {
      broker.send(i);
    }
    await().until(() -> first.sent.size() == 8);
    // As with a broker that keeps nothing: what is not taken in now never comes again.
    broker.unacknowledged.clear();
    rotate();
    awaitSubscribed(2);

    assertThat(received).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(first.sent).as("nothing is said behind DISCONNECT").hasSize(8);
  }

  @Test
  void aFloodRightAfterConnackReachesTheRouteWhole() {
    for (int i = 0; i < 500; i++) {
      broker.queue(i);
    }
    open();
    awaitSubscribed(1);
    await().until(() -> broker.unacknowledged.isEmpty());

    assertThat(received).hasSize(500).isSorted();
  }

  @Test
  void aRefusedTokenIsRefreshedOnceAndTriedAgain() {
    tokensAreStored = false;
    broker.script = n -> n == 1 ? Part.REFUSE_135 : Part.ACCEPT;
    open();
    await().until(() -> refreshes.size() == 1);
    assertThat(state()).isEqualTo(StreamState.REFUSED);
    assertThat(session.status().lastReason().code()).isEqualTo(135);
    rotate();
    awaitSubscribed(2);

    assertThat(refreshes).hasSize(1);
    assertThat(broker.last().endpoint.auth().getPassword()).isEqualTo("token-2");
  }

  @Test
  void aDisconnectWith135OnALiveSessionIsSeenWithItsCode() {
    open();
    awaitSubscribed(1);
    broker.disconnect(135);
    await().until(() -> state() == StreamState.REFUSED);

    assertThat(session.status().lastReason().code()).isEqualTo(135);
    assertThat(refreshes).hasSize(1);
  }

  @Test
  void aTakeoverIsSeenWithItsCode() {
    open();
    awaitSubscribed(1);
    broker.disconnect(142);
    await().until(() -> state() == StreamState.BACKING_OFF);

    assertThat(session.status().lastReason().code()).isEqualTo(142);
    assertThat(session.status().nextAttemptAt()).isAfter(Instant.now().plusSeconds(8));
  }

  @Test
  void quotaExceededIsAStateOfItsOwn() {
    open();
    awaitSubscribed(1);
    broker.disconnect(151);
    await().until(() -> state() == StreamState.QUOTA);

    assertThat(session.status().lastReason().code()).isEqualTo(151);
  }

  @Test
  void quotaExceededAtConnackIsSeenToo() {
    broker.script = n -> Part.REFUSE_151;
    open();

    await().until(() -> state() == StreamState.QUOTA);
  }

  @Test
  void aFilterThatIsNotAllowedIsAFailedSessionAlthoughBmwDropsTheConnection() {
    broker.script = n -> Part.SUBACK_135_AND_DROP;
    open();
    await().until(() -> state() == StreamState.BACKING_OFF);

    assertThat(session.status().lastReason().code()).isEqualTo(135);
    assertThat(session.status().lastReason().text()).contains("cardata.stream.topics");
    assertThat(refreshes).isEmpty();
  }

  @Test
  void theEndOfALongOutageIsSaidWithItsLengthInWords() {
    SetClock set = new SetClock(Instant.now());
    clock = set;
    tokensAreStored = false;
    broker.script = n -> n == 1 ? Part.REFUSE_137 : Part.ACCEPT;
    try (CapturedLog log = CapturedLog.open()) {
      open();
      await().until(() -> states.contains("backing-off"));
      set.move(Duration.ofSeconds(188));
      assertThat(session.verdict()).isEqualTo("fine");
      session.cycle();
      awaitSubscribed(2);

      await()
          .untilAsserted(
              () ->
                  assertThat(log.lines("is back after"))
                      .containsExactly("BMW's stream of main is back after 3 min 8 s"));
    }
  }

  @Test
  void aDroppedConnectionIsBackAfterASecondOrSo() {
    open();
    awaitSubscribed(1);
    broker.drop();
    awaitSubscribed(2);

    assertThat(session.status().reconnects()).isEqualTo(1);
    assertThat(session.status().lastReason().code()).isNull();
  }

  @Test
  void aWakeUpThatFailsIsReportedOnceAndComesAgain() {
    AtomicInteger failures = new AtomicInteger();
    nanos =
        () -> {
          if (Thread.currentThread().getName().equals("stream-main")
              && failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw new IllegalStateException("a bug");
          }
          return System.nanoTime();
        };
    open();
    awaitSubscribed(1);
    try (CapturedLog log = CapturedLog.open()) {
      failures.set(2);
      broker.drop();
      awaitSubscribed(2);

      assertThat(log.lines("please report")).hasSize(1);
    }
  }

  @Test
  void aSilentStallIsFoundByTheKeepAlive() {
    broker.script = n -> n == 1 ? Part.STALL : Part.ACCEPT;
    open("tcp://localhost:" + broker.port(), null, Duration.ofSeconds(1));
    awaitSubscribed(1);
    awaitSubscribed(2);

    assertThat(session.status().lastReason().text()).contains("keep-alive");
  }

  @Test
  void stoppingWithoutAConnackLeavesNothingBehind() {
    broker.script = n -> Part.NO_CONNACK;
    open();
    await().until(() -> broker.sessions.size() == 1);
    session.stop();

    await().until(() -> broker.openSessions() == 0);
    await().until(() -> mqttThreads().isEmpty());
  }

  @Test
  void stoppingSaysGoodbyeAndLeavesNoThread() {
    open();
    awaitSubscribed(1);
    session.stop();

    await().until(() -> broker.last().goodbye);
    await().until(() -> mqttThreads().isEmpty());
    assertThat(state()).isEqualTo(StreamState.STOPPED);
  }

  @Test
  void rebuildMakesANewClientAndLeavesNoSecondOne() {
    open();
    awaitSubscribed(1);
    session.rebuild();
    awaitSubscribed(2);

    assertThat(broker.openSessions()).isEqualTo(1);
    assertThat(broker.mostOpen).isEqualTo(1);
    await().untilAsserted(() -> assertThat(mqttThreads()).hasSizeLessThanOrEqualTo(5));
  }

  @Test
  void aServerThatHangsUpAtOnceCostsNoThreads() throws Exception {
    try (ServerSocket rude = new ServerSocket(0)) {
      List<Socket> seen = new CopyOnWriteArrayList<>();
      Thread porter =
          new Thread(
              () -> {
                while (!rude.isClosed()) {
                  try {
                    Socket socket = rude.accept();
                    seen.add(socket);
                    socket.close();
                  } catch (java.io.IOException e) {
                    return;
                  }
                }
              },
              "porter");
      porter.start();
      open("tcp://localhost:" + rude.getLocalPort(), null, Duration.ofSeconds(30));
      await().atMost(Duration.ofSeconds(40)).until(() -> seen.size() >= 5);
      session.stop();

      await().until(() -> mqttThreads().isEmpty());
    }
  }

  @Test
  void aStandstillDownstreamStopsTheIntakeAtTheBound() {
    acknowledging = false;
    for (int i = 0; i < 1000; i++) {
      broker.queue(i);
    }
    open();
    await().until(() -> received.size() == BmwMqttClient.IN_FLIGHT);
    assertThat(client.inFlight()).isEqualTo(BmwMqttClient.IN_FLIGHT);
    session.stop();

    await().until(() -> mqttThreads().isEmpty());
    assertThat(received).hasSize(BmwMqttClient.IN_FLIGHT);
  }

  @Test
  void aLateAcknowledgementDoesNotAcknowledgeAnotherMessageOnTheNextConnection() {
    acknowledging = false;
    List<MqttMessage> late = new CopyOnWriteArrayList<>();
    open();
    awaitSubscribed(1);
    client.setCallback(
        new Downstream() {
          @Override
          public void messageArrived(String topic, MqttMessage message) {
            late.add(message);
          }
        });
    awaitSubscribed(2);
    broker.send(1);
    await().until(() -> late.size() == 1);
    rotate();
    awaitSubscribed(3);
    await().until(() -> late.size() == 2);
    broker.send(2);
    await().until(() -> late.size() == 3);
    client.messageArrivedComplete(late.get(0).getId(), 1);
    client.messageArrivedComplete(late.get(2).getId(), 1);
    await().until(() -> !broker.unacknowledged.contains(2));

    assertThat(broker.unacknowledged).containsExactly(1);
    assertThat(late.get(0).getId()).isNotEqualTo(late.get(1).getId());
  }

  /** Trouble that lasts until it is too long for the session, whose clock is put forward. */
  private void halt() {
    trouble.set("the disk is full — free some space");
    await()
        .until(
            () -> {
              ahead.addAndGet(Duration.ofSeconds(2).toNanos());
              session.troubleChanged();
              return state() == StreamState.BACKING_OFF && broker.last().goodbye;
            });
  }

  @Test
  void aJournalThatKeepsNothingHaltsTheSessionUntilItWorksAgain() {
    List<MqttMessage> waiting = new CopyOnWriteArrayList<>();
    open();
    awaitSubscribed(1);
    client.setCallback(
        new Downstream() {
          @Override
          public void messageArrived(String topic, MqttMessage message) {
            waiting.add(message);
          }
        });
    awaitSubscribed(2);
    int many = BmwMqttClient.IN_FLIGHT + 100;
    for (int i = 0; i < many; i++) {
      broker.send(i);
    }
    await().until(() -> waiting.size() == BmwMqttClient.IN_FLIGHT);
    try (CapturedLog log = CapturedLog.open()) {
      halt();
      await().until(() -> mqttThreads().isEmpty());
      assertThat(session.status().lastReason().text()).contains("the disk is full");
      assertThat(session.verdict()).isEqualTo("fine");
      assertThat(broker.sessions).hasSize(2);
      assertThat(broker.unacknowledged).hasSize(many);

      trouble.set(null);
      session.troubleChanged();
      await().until(() -> broker.sessions.size() == 3);
      // The journal keeps what waited, and what comes again.
      int completed = 0;
      while (!broker.unacknowledged.isEmpty()) {
        int next = completed;
        await().until(() -> waiting.size() > next || broker.unacknowledged.isEmpty());
        for (; completed < waiting.size(); completed++) {
          client.messageArrivedComplete(waiting.get(completed).getId(), 1);
          int late = completed;
          if (late < BmwMqttClient.IN_FLIGHT) {
            assertThat(broker.unacknowledged).as("late ones acknowledge nothing").hasSize(many);
          }
        }
      }

      awaitSubscribed(3);
      await().until(() -> client.inFlight() == 0);
      assertThat(waiting).hasSize(BmwMqttClient.IN_FLIGHT + many);
      assertThat(log.warnings()).singleElement().asString().contains("the disk is full");
    }
  }

  @Test
  void aMessageThatIsStuckInTheRouteHoldsNeitherTheHaltNorTheStop() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    beforeTaking =
        () -> {
          try {
            if (calls.incrementAndGet() == 1) {
              stuck.await(60, TimeUnit.SECONDS);
            }
          } catch (InterruptedException e) {
            throw new IllegalStateException("nobody may interrupt it", e);
          }
        };
    open();
    awaitSubscribed(1);
    broker.send(1);
    await().until(() -> session.status().messages() == 1);
    try (CapturedLog log = CapturedLog.open()) {
      halt();
      assertThat(broker.unacknowledged).containsExactly(1);
      trouble.set(null);
      session.troubleChanged();
      awaitSubscribed(2);
      await().until(() -> broker.unacknowledged.isEmpty());
      long begin = System.nanoTime();
      session.stop();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
      assertThat(state()).isEqualTo(StreamState.STOPPED);
      stuck.countDown();
      await().until(() -> mqttThreads().isEmpty());

      assertThat(received).containsExactly(1, 1);
      await().until(() -> client.inFlight() == 0);
      assertThat(log.warnings()).singleElement().asString().contains("the disk is full");
    }
  }

  @Test
  void aCallbackThatThrowsNeitherEndsTheConnectionNorAcknowledges() {
    open();
    awaitSubscribed(1);
    client.setCallback(
        new Downstream() {
          @Override
          public void messageArrived(String topic, MqttMessage message) {
            received.add(-1);
            throw new IllegalStateException("a bug");
          }
        });
    awaitSubscribed(2);
    broker.send(7);
    await().until(() -> received.contains(-1));

    assertThat(client.isConnected()).isTrue();
    assertThat(broker.unacknowledged).containsExactly(7);
    assertThat(client.inFlight()).isZero();
  }

  @Test
  void withoutTokensItWaitsForALogin() {
    tokens.set(null);
    open();
    session.stop();
    tokens.set(null);
    session.start();
    assertThat(state()).isEqualTo(StreamState.LOGIN_REQUIRED);
    int before = broker.sessions.size();
    rotate();

    await().until(() -> broker.sessions.size() > before);
  }

  @Test
  void aConnectionOpenedAheadIsTheOneThatLogsIn() {
    open();
    awaitSubscribed(1);
    session.stop();
    client.openAhead();
    session.start();
    awaitSubscribed(2);
    rotate();

    awaitSubscribed(3);
  }

  @Test
  void speaksTlsAndChecksTheHostName() throws Exception {
    try (ScriptedBroker secure = new ScriptedBroker(true)) {
      SSLSocketFactory trusting = Trust.in(Path.of(secure.certificatePath())).getSocketFactory();
      open("ssl://localhost:" + secure.port(), trusting, Duration.ofSeconds(30));
      await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> !secure.sessions.isEmpty() && secure.last().isSubscribed());
      session.close();
      open("ssl://127.0.0.1:" + secure.port(), trusting, Duration.ofSeconds(30));
      await().until(() -> session.status().lastReason() != null);

      assertThat(session.status().lastReason().text())
          .isEqualTo(
              "TLS with BMW failed: the server's certificate is made out to another host name —"
                  + " check cardata.stream.host");
      assertThat(secure.sessions).hasSize(1);
      session.close();
    }
  }
}
