// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.RunningBridge;
import org.cardatabridge.journal.EventsComponent;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.Pauses;
import org.cardatabridge.journal.SetAside;
import org.cardatabridge.journal.SinkSnapshot;
import org.cardatabridge.journal.SinkSnapshot.State;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.settings.SettingsLoader;
import org.cardatabridge.testing.CapturedLog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every shipped sink keeps to, in a whole bridge without an account, against its real target.
 * A subclass names the sink and makes the target; it is an {@code IT} and skips where the target's
 * program is absent.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
public abstract class SinkContract {

  private static final String VIN = "WBY00TEST00000007";
  private static final Instant NOON = Instant.parse("2026-07-27T12:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String NEIGHBOUR = "neighbour";

  /** Pauses with which a test need not wait; with those of the bridge an outage lasts longer. */
  private static final Pauses SHORT =
      new Pauses(Duration.ofMillis(100), Duration.ofMillis(800), () -> 0.5);

  @TempDir static Path common;
  @TempDir Path dir;

  private final HttpClient http = HttpClient.newHttpClient();
  private SinkTarget target;
  private RunningBridge bridge;
  private CapturedLog log;
  private String key;
  private int number;
  private int tests;

  /** The sink's name, as in {@code events:<name>}. */
  protected abstract String sink();

  /** Makes the target, running; aborts the tests where it cannot be made on this machine. */
  protected abstract SinkTarget target(Path directory) throws Exception;

  /** Whether it is on without a setting; only the local broker's is. */
  protected boolean isOnByDefault() {
    return false;
  }

  /** The sink's route file as the tests run it: where it waits for long, they may not. */
  protected String route(String shipped) {
    return shipped;
  }

  /**
   * The descriptor that a test publishes, of its own for each test, as the target stays. A sink
   * that knows only some gives one of them, and its target forgets in {@link SinkTarget#begin}.
   */
  protected String key(int test) {
    return "vehicle.contract.t" + test;
  }

  /** When the car measures the first value; the others follow by the second. */
  protected Instant noon() {
    return NOON;
  }

  @BeforeAll
  void makeTarget() throws Exception {
    target = target(common);
  }

  @AfterAll
  void endTarget() throws Exception {
    if (target != null) {
      target.close();
    }
  }

  @BeforeEach
  void begin() {
    log = CapturedLog.open();
    key = key(++tests);
    number = 0;
    target.begin();
  }

  @AfterEach
  void end() {
    close();
    log.close();
  }

  // ---- the contract -------------------------------------------------------------------------

  @Test
  void isOnOnlyWhereItIsSaidToBe() throws Exception {
    start(settings(null));
    publish(3);
    if (isOnByDefault()) {
      delivered(3);
    } else {
      assertThat(snapshots()).filteredOn(s -> s.name().equals(sink())).allMatch(s -> !s.enabled());
      eventually("the neighbour has them", () -> snapshot(NEIGHBOUR).delivered() == 3);
      assertThat(target.received(key)).isEmpty();
      close();
    }
    start(settings(!isOnByDefault()));
    assertThat(snapshots())
        .filteredOn(s -> s.name().equals(sink()))
        .allMatch(s -> s.enabled() == !isOnByDefault());
  }

  @Test
  void deliversAllInOrderAndSaysSoInStatusAndMetrics() throws Exception {
    start();
    publish(500);
    delivered(500);
    assertThat(target.received(key)).isEqualTo(upTo(500));
    eventually("it knows", () -> snapshot().delivered() == 500 && snapshot().lag() == 0);
    assertThat(snapshot()).isEqualTo(new SinkSnapshot(sink(), true, State.UP, 500, 0, 0, 0, null));
    assertThat(get("/api/status"))
        .contains(
            "\"name\":\""
                + sink()
                + "\",\"enabled\":true,\"state\":\"up\",\"delivered\":500,\"failed\":0,\"lag\":0");
    assertThat(get("/observe/metrics"))
        .contains("cardata_events_total{sink=\"" + sink() + "\"} 500")
        .contains("cardata_failed_events_total{sink=\"" + sink() + "\"} 0")
        .contains("cardata_lag_events{sink=\"" + sink() + "\"} 0")
        .contains("cardata_sink_up{sink=\"" + sink() + "\"} 1");
  }

  @Test
  void endsInOrderUnderLoadAndGoesOnWhereItWas() throws Exception {
    start();
    publish(400);
    Instant from = Instant.now();
    close();
    assertThat(Duration.between(from, Instant.now())).isLessThan(Duration.ofSeconds(40));
    List<Long> before = target.received(key);
    assertThat(before).isEqualTo(upTo(before.size()));

    start();
    publish(100);
    delivered(500);
    assertThat(target.received(key)).as("nothing twice").isEqualTo(upTo(500));
    eventually("it knows", () -> snapshot().lag() == 0);
    assertThat(snapshot().delivered()).isEqualTo(500 - before.size());
  }

  @Test
  void survivesItsTargetBeingDownAndHarmsNobody() throws Exception {
    outage(Duration.ofSeconds(5));
  }

  @Test
  @Tag("long")
  @Timeout(600)
  void survivesItsTargetBeingDownForMinutes() throws Exception {
    outage(Duration.ofMinutes(3));
  }

  private void outage(Duration length) throws Exception {
    start();
    publish(10);
    delivered(10);
    target.stop();
    try {
      Instant gone = Instant.now();
      publish(100);
      eventually("it is noticed", () -> snapshot().state() == State.DOWN);
      eventually("others go on", () -> snapshot(NEIGHBOUR).delivered() == 110);
      assertThat(snapshot().lastError()).isNotBlank();
      assertThat(get("/api/status")).contains("\"name\":\"" + sink() + "\"").contains("\"down\"");
      assertThat(get("/observe/metrics")).contains("cardata_sink_up{sink=\"" + sink() + "\"} 0");
      await("the outage goes on")
          .atMost(length.plus(PATIENCE))
          .pollInterval(Duration.ofMillis(100))
          .until(() -> Duration.between(gone, Instant.now()).compareTo(length) > 0);
      assertThat(snapshot().state()).isEqualTo(State.DOWN);
      assertThat(snapshot().failed()).as("an outage sets nothing aside").isZero();
      assertThat(snapshot().lag()).isGreaterThan(0);
      assertNoSecrets();
    } finally {
      target.start();
    }
    delivered(110);
    assertComplete(110);
    eventually("it is up again", () -> snapshot().state() == State.UP && snapshot().lag() == 0);
    assertThat(snapshot().failed()).isZero();
    assertThat(snapshot().lastError()).isNull();
  }

  @Test
  void survivesItsTargetBeingKilledUnderLoad() throws Exception {
    start();
    CountDownLatch killed = new CountDownLatch(1);
    CompletableFuture<Void> flood =
        CompletableFuture.runAsync(
            () -> {
              publishSlowly(3000);
              // A fast target may have all of it before it is gone.
              awaitQuietly(killed);
              publishSlowly(500);
            });
    eventually("it is under way", () -> target.received(key).size() >= 100);
    target.kill();
    try {
      killed.countDown();
      eventually("it is noticed", () -> snapshot().state() == State.DOWN);
    } finally {
      target.start();
    }
    flood.get(60, TimeUnit.SECONDS);
    delivered(3500);
    assertComplete(3500);
    eventually("it is up again", () -> snapshot().state() == State.UP && snapshot().lag() == 0);
    assertThat(snapshot().failed()).isZero();
    assertThat(snapshot().lost()).isZero();
  }

  @Test
  void setsAPoisonEventAsideAndTheRestFlows() throws Exception {
    CarEvent poison =
        target
            .poisoned(event(1))
            .orElseGet(() -> Assumptions.abort(sink() + " takes whatever a car can say"));
    start();
    publish(5);
    publish(List.of(poison));
    publish(5);
    delivered(10);
    eventually("it is set aside", () -> snapshot().failed() == 1 && snapshot().lag() == 0);
    assertThat(target.received(key)).isEqualTo(upTo(10));
    assertThat(snapshot().state()).isEqualTo(State.UP);
    assertThat(snapshot().lastError()).isNotBlank();
    eventually("it is kept", () -> journal().setAside().size() == 1);
    SetAside kept = journal().setAside().get(0);
    assertThat(kept.sink()).isEqualTo(sink());
    assertThat(kept.event().key()).isEqualTo(poison.key());
    assertThat(get("/observe/metrics"))
        .contains("cardata_failed_events_total{sink=\"" + sink() + "\"} 1");
    assertNoSecrets();
  }

  @Test
  void refusesSettingsThatCannotWorkInASentenceThatNamesThem() throws Exception {
    assertThat(target.badSettings()).isNotEmpty();
    for (Map.Entry<String, String> bad : new TreeMap<>(target.badSettings()).entrySet()) {
      LoadedSettings on = load(bad, true);
      if (on.problems().isEmpty()) {
        assertThat(sentence(on)).as("with %s switched on", bad.getKey()).contains(bad.getKey());
        try (RunningBridge off = running(load(bad, false))) {
          assertThat(off.sinks())
              .as("what is switched off stops nobody")
              .anyMatch(s -> s.name().equals(NEIGHBOUR) && s.state() == State.UP);
        }
      } else {
        assertThat(on.problems())
            .as("a bad %s", bad.getKey())
            .anyMatch(p -> p.contains(bad.getKey()));
      }
      assertNoSecrets();
    }
  }

  /** Either the start ends with it, or the sink's status shows it. */
  private String sentence(LoadedSettings settings) throws Exception {
    try (RunningBridge refused = running(settings)) {
      return refused.sinks().stream()
          .filter(s -> s.name().equals(sink()) && s.state() == State.BROKEN)
          .map(SinkSnapshot::lastError)
          .findFirst()
          .orElse("it runs");
    } catch (BadSettingException e) {
      return e.getMessage();
    }
  }

  private LoadedSettings load(Map.Entry<String, String> bad, boolean isOn) throws Exception {
    Map<String, String> settings = settings(isOn);
    if (bad.getValue().isEmpty()) {
      settings.remove(bad.getKey());
    } else {
      settings.put(bad.getKey(), bad.getValue());
    }
    return SettingsLoader.load(dir, Map.of(), settings);
  }

  // ---- how ----------------------------------------------------------------------------------

  private Map<String, String> settings(Boolean isOn) throws Exception {
    Map<String, String> settings = new TreeMap<>(target.settings());
    settings.put("cardata.sink.mqtt.enabled", "false");
    if (isOn != null) {
      settings.put("cardata.sink." + sink() + ".enabled", isOn.toString());
    } else if (isOnByDefault()) {
      settings.remove("cardata.sink." + sink() + ".enabled");
    }
    settings.put("cardata.data-dir", dir.resolve("data").toString());
    settings.put("cardata.routes.dir", routes().toString());
    settings.put("cardata.http.port", "0");
    return settings;
  }

  /** The shipped files, and a sink beside them that takes everything. */
  private Path routes() throws Exception {
    Path folder = Files.createDirectories(dir.resolve("routes"));
    try (Stream<Path> files = Files.list(Path.of("routes"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".camel.yaml")).toList()) {
        if (!Files.exists(folder.resolve(file.getFileName()))) {
          String text = Files.readString(file);
          boolean isOurs = file.endsWith("sink-" + sink() + ".camel.yaml");
          Files.writeString(folder.resolve(file.getFileName()), isOurs ? route(text) : text);
        }
      }
    }
    Files.writeString(
        folder.resolve("sink-" + NEIGHBOUR + ".camel.yaml"),
        """
        - route:
            id: sink-%1$s
            from:
              uri: events:%1$s
              steps:
                - log:
                    loggingLevel: TRACE
                    message: taken
        """
            .formatted(NEIGHBOUR));
    return folder;
  }

  private void start() throws Exception {
    start(settings(true));
  }

  private void start(Map<String, String> settings) throws Exception {
    bridge = running(SettingsLoader.load(dir, Map.of(), settings));
    CamelContext camel = bridge.component("events", EventsComponent.class).getCamelContext();
    bridge.component("events", EventsComponent.class).setPauses(SHORT);
    for (org.apache.camel.Route route : List.copyOf(camel.getRoutes())) {
      boolean isOurs = route.getEndpoint().getEndpointUri().matches("events://" + sink() + "\\b.*");
      if (isOurs && camel.getRouteController().getRouteStatus(route.getRouteId()).isStarted()) {
        camel.getRouteController().stopRoute(route.getRouteId());
        camel.getRouteController().startRoute(route.getRouteId());
      }
    }
  }

  private static RunningBridge running(LoadedSettings settings) throws Exception {
    return RunningBridge.start(settings, text -> {}, secret -> {});
  }

  private void close() {
    if (bridge != null) {
      bridge.close();
      bridge = null;
    }
  }

  /** The n-th data point of this test. */
  private CarEvent event(long n) {
    Instant at = noon().plusSeconds(n);
    String vin = vin(n);
    return new CarEvent("main", vin, vin, key(key, n), n, null, at, at.plusMillis(100), "stream");
  }

  /** The car of the n-th data point. */
  protected String vin(long n) {
    return VIN;
  }

  /** The descriptor of the n-th data point, for a sink that tells descriptors and not values. */
  protected String key(String key, long n) {
    return key;
  }

  private void publish(int more) throws InterruptedException {
    for (int i = 0; i < more; i++) {
      publish(List.of(event(++number)));
    }
  }

  private void publishSlowly(int more) {
    try {
      for (int i = 0; i < more; i++) {
        CountDownLatch kept = publish(List.of(event(++number)));
        if (i % 10 == 0 && !kept.await(40, TimeUnit.SECONDS)) {
          throw new IllegalStateException("the journal does not answer");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the target is not gone");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private CountDownLatch publish(List<CarEvent> events) throws InterruptedException {
    CarEvent event = events.get(0);
    byte[] payload =
        ("{\"vin\":\"%s\",\"data\":{\"%s\":{\"value\":%s,\"timestamp\":\"%s\"}}}")
            .formatted(event.vin(), event.key(), event.value(), event.timestamp())
            .getBytes(StandardCharsets.UTF_8);
    CountDownLatch kept = new CountDownLatch(1);
    journal()
        .publish(
            new CarMessage(
                "main", "stream", "gcid/" + event.vin(), event.received(), payload, events),
            false,
            failure -> kept.countDown());
    return kept;
  }

  /** Waits until the target has so many different values. */
  private void delivered(int many) {
    eventually(many + " are there", () -> target.received(key).stream().distinct().count() >= many);
  }

  /** All are there; a value may have come again after a failure, but each first time in order. */
  private void assertComplete(int many) throws Exception {
    List<Long> received = target.received(key);
    assertThat(received.stream().distinct().toList()).isEqualTo(upTo(many));
    if (target.showsDoubles()) {
      System.out.printf("%s: of %d values %d came twice%n", sink(), many, received.size() - many);
    }
  }

  private static List<Long> upTo(int many) {
    return LongStream.rangeClosed(1, many).boxed().toList();
  }

  private Journal journal() {
    return bridge.part("journal", Journal.class);
  }

  private List<SinkSnapshot> snapshots() {
    return bridge.sinks();
  }

  private SinkSnapshot snapshot() {
    return snapshot(sink());
  }

  private SinkSnapshot snapshot(String name) {
    return snapshots().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  private String get(String path) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + bridge.httpPort() + path))
                .timeout(Duration.ofSeconds(40))
                .build(),
            BodyHandlers.ofString())
        .body();
  }

  private void assertNoSecrets() throws Exception {
    List<String> seen = new ArrayList<>(log.lines(""));
    if (bridge != null) {
      seen.add(get("/api/status"));
      seen.add(get("/observe/metrics"));
      snapshots().forEach(s -> seen.add(String.valueOf(s.lastError())));
      journal().setAside().forEach(s -> seen.add(s.reason()));
    }
    for (String secret : target.secrets()) {
      assertThat(seen).noneMatch(text -> text.contains(secret));
    }
  }

  private static void eventually(String what, Callable<Boolean> condition) {
    await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(condition);
  }
}
