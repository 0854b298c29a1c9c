// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.awaitility.core.ConditionTimeoutException;
import org.cardatabridge.auth.TokenRefresh;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.SinkSnapshot;
import org.cardatabridge.settings.SettingsLoader;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.simulator.Behaviour;
import org.cardatabridge.simulator.Place;
import org.cardatabridge.simulator.SessionEvent;
import org.cardatabridge.simulator.Simulator;
import org.cardatabridge.simulator.SimulatorConfig;
import org.cardatabridge.stream.StreamSession;
import org.cardatabridge.stream.StreamSnapshot;

/**
 * A whole bridge in this process between a simulated BMW and, where a test wants one, a mosquitto.
 * Accounts have names and ids of their own, so that benches can run side by side.
 */
final class StreamBench implements AutoCloseable {

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int REMEMBERED = 500_000;

  private final Path dir;
  private final Simulator simulator;
  private final List<String> names = new ArrayList<>();
  private final List<AccountConfig> accounts = new ArrayList<>();
  private final Map<String, String> settings = new HashMap<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private RunningBridge bridge;

  /** A simulator and the settings that point a bridge at it; nothing else runs yet. */
  StreamBench(Path dir, int howMany, Behaviour behaviour) throws IOException {
    this.dir = dir;
    for (int i = 0; i < howMany; i++) {
      int n = NUMBER.incrementAndGet();
      names.add("acc" + n);
      accounts.add(
          new AccountConfig(
              UUID.randomUUID().toString(),
              UUID.randomUUID().toString(),
              List.of(String.format("WBY00BENCH%07d", n))));
    }
    simulator =
        Simulator.start(
            SimulatorConfig.in(dir.resolve("bmw"))
                .withAccounts(accounts.toArray(AccountConfig[]::new))
                .withBehaviour(behaviour)
                .withLogLimit(REMEMBERED));
    set("accounts", String.join(",", names));
    set("auth.url", simulator.authUrl().toString());
    set("api.plan", "false");
    set("stream.host", simulator.streamHost());
    set("stream.port", Integer.toString(simulator.streamPort()));
    set("tls.ca-file", simulator.caFile().toString());
    set("data-dir", dir.resolve("data").toString());
    set("routes.dir", Path.of("routes").toAbsolutePath().toString());
    set("http.port", "0");
    set("sink.mqtt.enabled", "false");
    set("watchdog.tick", "1s");
    for (int i = 0; i < howMany; i++) {
      set(i, "client-id", accounts.get(i).clientId());
    }
  }

  /** Sets {@code cardata.<name>} for the next start. */
  StreamBench set(String name, String value) {
    settings.put("cardata." + name, value);
    return this;
  }

  /** Sets {@code cardata.account.<its name>.<name>} for the next start. */
  StreamBench set(int account, String name, String value) {
    return set("account." + names.get(account) + "." + name, value);
  }

  /** Publishes to a broker on this port. */
  StreamBench publishTo(int port) {
    set("sink.mqtt.enabled", "true");
    return set("sink.mqtt.url", "tcp://127.0.0.1:" + port);
  }

  /** Stores fresh tokens of this life, as a login would have done before the bridge starts. */
  StreamBench logIn(int account, Duration life) throws IOException {
    simulator.change(b -> b.idTokenLife(life));
    AccountConfig config = accounts.get(account);
    JsonNode answer = JSON.readTree(simulator.tokens(config.clientId()));
    Instant now = Instant.now();
    ObjectNode file = JSON.createObjectNode();
    file.put("version", 1);
    file.put("client_id", config.clientId());
    for (String key : List.of("gcid", "scope", "access_token", "id_token", "refresh_token")) {
      file.put(key, answer.path(key).asText());
    }
    file.put("obtained_at", now.toString());
    file.put("expires_at", now.plus(life).toString());
    file.put("refresh_expires_at", now.plus(Duration.ofDays(14)).toString());
    Path tokens = dir.resolve("data/accounts/" + names.get(account) + "/tokens.json");
    Files.createDirectories(tokens.getParent());
    Files.write(tokens, JSON.writeValueAsBytes(file));
    return this;
  }

  /**
   * Lets the running bridge refresh, so that from now on its tokens have this life: how long a
   * start takes on a busy machine does not matter then.
   */
  void shorten(int account, Duration life) {
    simulator.change(b -> b.idTokenLife(life));
    long before = count(account, SessionEvent.Kind.SUBSCRIBED);
    bridge
        .part("refresh-" + names.get(account), TokenRefresh.class)
        .force("the test wants tokens of another life");
    eventually(
        "new tokens are in use",
        Duration.ofSeconds(60),
        () -> count(account, SessionEvent.Kind.SUBSCRIBED) > before);
  }

  /** A valid id token of an account, for another client. */
  String idToken(int account) throws IOException {
    return JSON.readTree(simulator.tokens(accounts.get(account).clientId()))
        .path("id_token")
        .asText();
  }

  StreamBench start() throws Exception {
    bridge =
        RunningBridge.start(SettingsLoader.load(dir, Map.of(), settings), text -> {}, secret -> {});
    return this;
  }

  /** Starts the same bridge as a program of its own; the caller ends it. */
  Process startChild() throws IOException {
    Properties properties = new Properties();
    properties.putAll(settings);
    try (OutputStream out = Files.newOutputStream(dir.resolve("application.properties"))) {
      properties.store(out, null);
    }
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx96m",
            "-cp",
            System.getProperty("java.class.path"),
            Bridge.class.getName(),
            "run")
        .directory(dir.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.resolve("child.log").toFile()))
        .start();
  }

  /** Starts and waits for the subscriptions of all accounts. */
  StreamBench startLive() throws Exception {
    start();
    for (int i = 0; i < names.size(); i++) {
      awaitSubscribed(i);
    }
    return this;
  }

  /** Ends the bridge in good order, if it runs; the simulator stays. */
  void stop() {
    if (bridge != null) {
      bridge.close();
      bridge = null;
    }
  }

  @Override
  public void close() {
    try {
      stop();
    } finally {
      simulator.close();
    }
  }

  Simulator simulator() {
    return simulator;
  }

  Path dir() {
    return dir;
  }

  Map<String, String> settings() {
    return settings;
  }

  String name(int account) {
    return names.get(account);
  }

  String gcid(int account) {
    return accounts.get(account).gcid();
  }

  String vin(int account) {
    return accounts.get(account).vins().get(0);
  }

  // ---- the bridge's side --------------------------------------------------------------------

  StreamSession session(int account) {
    return bridge.part("stream-" + names.get(account), StreamSession.class);
  }

  StreamSnapshot stream(int account) {
    return session(account).status();
  }

  String state(int account) {
    return stream(account).state().text();
  }

  Journal journal() {
    return bridge.part("journal", Journal.class);
  }

  CamelContext camel() {
    return bridge.component("events", Component.class).getCamelContext();
  }

  SinkSnapshot sink(String name) {
    return journal().sinks().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  /** What {@code GET} of this path answers. */
  HttpResponse<String> get(String path) {
    URI uri = URI.create("http://127.0.0.1:" + bridge.httpPort() + path);
    try {
      return http.send(
          HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(40)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  JsonNode status() {
    return json(get("/api/status").body());
  }

  /** The stream's part of {@code /api/status}. */
  JsonNode shownStream(int account) {
    return status().path("accounts").path(account).path("stream");
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names of live threads that belong to an account: its session's and its clients'. */
  List<String> threads(int account) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(
            name ->
                name.contains(gcid(account))
                    || name.equals("stream-" + names.get(account))
                    || name.equals("bmw-" + names.get(account)))
        .toList();
  }

  // ---- the simulator's side -----------------------------------------------------------------

  List<SessionEvent> events(int account) {
    return simulator.sessionLog().stream().filter(e -> e.gcid().equals(gcid(account))).toList();
  }

  long count(int account, SessionEvent.Kind kind) {
    return events(account).stream().filter(e -> e.kind() == kind).count();
  }

  long refreshes(int account) {
    return simulator.requests().stream()
        .filter(r -> r.place() == Place.REFRESH)
        .filter(r -> r.clientId().equals(accounts.get(account).clientId()))
        .count();
  }

  void say(int account, String key, Object value) {
    simulator.publish(vin(account), key, value, null);
  }

  /** Publishes one value that the car measured then. */
  void say(int account, String key, Object value, Instant measured) {
    ObjectNode entry = JSON.createObjectNode();
    entry.put("timestamp", measured.truncatedTo(ChronoUnit.SECONDS).toString());
    entry.set("value", JSON.valueToTree(value));
    ObjectNode arguments = JSON.createObjectNode().put("vin", vin(account));
    arguments.putObject("data").set(key, entry);
    simulator.perform("publish", arguments.toString());
  }

  /** Publishes one message with the same value, measured now, in so many descriptors. */
  void sayWide(int account, String keys, int descriptors, int value) {
    Instant now = Instant.now();
    ObjectNode message = JSON.createObjectNode();
    message.put("vin", vin(account));
    message.put("entityId", gcid(account));
    message.put("topic", vin(account));
    message.put("timestamp", now.toString());
    ObjectNode data = message.putObject("data");
    for (int d = 0; d < descriptors; d++) {
      data.putObject(keys + d).put("value", value).put("timestamp", now.toString());
    }
    simulator.publish(vin(account), message.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Publishes the numbers from 1 on as fast as the simulator takes them. */
  void flood(int account, int messages) {
    for (int i = 1; i <= messages; i++) {
      say(account, "vehicle.bench.flood", i);
    }
  }

  void awaitSubscribed(int account) {
    eventually(
        "subscribed",
        Duration.ofSeconds(60),
        () -> simulator.isSubscribed(gcid(account)) && stream(account).state().isSubscribed());
  }

  void awaitState(int account, String state, Duration limit) {
    eventually(state, limit, () -> state(account).equals(state));
  }

  /**
   * Waits for a message to go all the way from BMW to the journal. It is said again each second:
   * without a kept session, what is said while credentials change is gone.
   */
  void proveAlive(int account, int value) {
    await("message " + value + " is in the journal")
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofSeconds(1))
        .pollDelay(Duration.ZERO)
        .until(
            () -> {
              say(account, "vehicle.bench.alive", value);
              return arrivesSoon(account, value);
            });
  }

  private boolean arrivesSoon(int account, int value) {
    try {
      eventually(
          "the value",
          Duration.ofSeconds(60),
          () ->
              journal()
                  .newest()
                  .newest(vin(account), "vehicle.bench.alive")
                  .filter(e -> ((Number) e.value()).intValue() == value)
                  .isPresent());
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }

  static void eventually(String what, Duration limit, Callable<Boolean> condition) {
    await(what).atMost(limit).pollInterval(Duration.ofMillis(20)).until(condition);
  }

  /** Milliseconds between two moments. */
  static long millis(Instant from, Instant to) {
    return Duration.between(from, to).toMillis();
  }

  /** A steady flow of numbered values of one account, over several descriptors. */
  static final class Flow implements AutoCloseable {

    /** One value: its number in the simulator's log, itself, and just before it was sent. */
    record Sent(long number, String key, int value, long nanos) {}

    private final List<Sent> sent = new ArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final StreamBench bench;
    private final int account;
    private final int keys;

    Flow(StreamBench bench, int account, int keys, Duration each) {
      this.bench = bench;
      this.account = account;
      this.keys = keys;
      clock.scheduleAtFixedRate(this::next, 0, each.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void next() {
      synchronized (sent) {
        int n = sent.size() + 1;
        String key = "vehicle.bench.k" + n % keys;
        long now = System.nanoTime();
        long number = bench.simulator.publish(bench.vin(account), key, n, null);
        sent.add(new Sent(number, key, n, now));
      }
    }

    List<Sent> sent() {
      synchronized (sent) {
        return List.copyOf(sent);
      }
    }

    int size() {
      synchronized (sent) {
        return sent.size();
      }
    }

    /** Values of one of its descriptors, in order. */
    List<Integer> of(int key) {
      return sent().stream().filter(s -> s.key().endsWith(".k" + key)).map(Sent::value).toList();
    }

    @Override
    public void close() {
      end();
    }

    /** Sends no more. */
    void end() {
      clock.shutdown();
      try {
        clock.awaitTermination(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
