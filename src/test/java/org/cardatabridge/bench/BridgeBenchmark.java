// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.cardatabridge.auth.BmwTrust;
import org.cardatabridge.mqtt.BrokerSettings;
import org.cardatabridge.mqtt.Presence;
import org.cardatabridge.mqtt.Publication;
import org.cardatabridge.mqtt.Publisher;
import org.cardatabridge.simulator.Behaviour;
import org.cardatabridge.simulator.SessionEvent;
import org.cardatabridge.simulator.Simulator;
import org.cardatabridge.simulator.SimulatorConfig;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;

/**
 * The bridge from outside, beside a bare client of the same libraries in the same run: start to the
 * first forwarded message, resident memory, flattened publishes per second, credential cycle. A
 * mosquitto with TLS stands for BMW, another is the local broker. Linux only; asserts nothing.
 * {@code docs/performance.md} has the command.
 */
public final class BridgeBenchmark {

  private static final int STARTS = 5;
  private static final int PASSES = 3;
  private static final Duration QUIET = Duration.ofSeconds(20);
  private static final String[] DESCRIPTORS = {
    "vehicle.vehicle.travelledDistance km n",
    "vehicle.drivetrain.batteryManagement.header % n",
    "vehicle.drivetrain.electricEngine.charging.level % n",
    "vehicle.drivetrain.electricEngine.charging.status - s",
    "vehicle.drivetrain.electricEngine.kombiRemainingElectricRange km n",
    "vehicle.cabin.door.row1.driver.isOpen - b",
    "vehicle.chassis.axle.row1.wheel.left.tire.pressure kPa n",
    "vehicle.chassis.axle.row1.wheel.right.tire.pressure kPa t",
    "vehicle.chassis.axle.row2.wheel.left.tire.pressure kPa n",
    "vehicle.chassis.axle.row2.wheel.right.tire.pressure kPa t",
    "vehicle.cabin.window.row1.driver.status - s",
    "vehicle.cabin.window.row1.passenger.status - s",
    "vehicle.cabin.door.status - s",
    "vehicle.body.trunk.isOpen - b",
    "vehicle.drivetrain.lastRemainingRange km n",
    "vehicle.vehicle.avgSpeed km/h n",
    "vehicle.cabin.hvac.preconditioning.status.comfortState - s",
    "vehicle.drivetrain.electricEngine.charging.timeRemaining min n",
    "vehicle.vehicle.preConditioning.remainingTime min n",
    "vehicle.drivetrain.fuelSystem.level % n"
  };

  private final Path dir;
  private final BenchBroker bmw;
  private final BenchBroker local;
  private final Publisher cars;
  private final Counter counter;
  private long sent;

  private BridgeBenchmark(
      Path dir, BenchBroker bmw, BenchBroker local, Publisher cars, Counter counter) {
    this.dir = dir;
    this.bmw = bmw;
    this.local = local;
    this.cars = cars;
    this.counter = counter;
  }

  /** Prints all figures; run it in the project's directory after {@code ./mvnw package}. */
  public static void main(String[] args) throws Exception {
    Path dir = Files.createTempDirectory("cardata-bench");
    try (BenchBroker bmw = BenchBroker.bmw(dir.resolve("bmw"));
        BenchBroker local = BenchBroker.local(dir.resolve("local"));
        Publisher cars =
            new Publisher(
                BrokerSettings.tcp("127.0.0.1", bmw.port(), "cars"), Presence.on("cars/state"));
        Counter counter = new Counter(local.port(), "cardata/+/vehicle/#")) {
      cars.start();
      say("%s, Java %s, %d processors, load %s", Instant.now(), Runtime.version(), cores(), load());
      BridgeBenchmark benchmark = new BridgeBenchmark(dir, bmw, local, cars, counter);
      benchmark.makeArchives();
      benchmark.starts();
      benchmark.memory();
      benchmark.publishes();
      say("load at the end: %s", load());
    }
    cycles(dir);
  }

  private static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).substring(0, 14);
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }

  // ---- the two under test -----------------------------------------------------------------

  private enum Kind {
    BRIDGE,
    BARE
  }

  private Child start(Kind kind, int qos) throws IOException {
    Map<String, String> env =
        Map.of(
            "CARDATA_CLIENT_ID", "bench",
            "CARDATA_AUTH_URL", "http://127.0.0.1:9",
            "CARDATA_STREAM_HOST", "localhost",
            "CARDATA_STREAM_PORT", Integer.toString(bmw.tlsPort()),
            "CARDATA_TLS_CA_FILE", bmw.caFile().toString(),
            "CARDATA_SINK_MQTT_URL", "tcp://127.0.0.1:" + local.port(),
            "CARDATA_SINK_MQTT_QOS", Integer.toString(qos),
            "CARDATA_SINK_MQTT_LEAVES", "none",
            "CARDATA_HTTP_PORT", "0");
    return Child.start(dir.resolve(kind.name()), command(kind), env);
  }

  private List<String> command(Kind kind) {
    if (kind == Kind.BRIDGE) {
      return List.of(Path.of("bridge").toAbsolutePath().toString(), "run");
    }
    Path archive = dir.resolve("bare.jsa");
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        (Files.exists(archive) ? "-XX:SharedArchiveFile=" : "-XX:ArchiveClassesAtExit=") + archive,
        "-Xlog:disable",
        "-XX:+UnlockDiagnosticVMOptions",
        "-XX:ArchiveRelocationMode=0",
        "-XX:+UseSerialGC",
        "-Xms8m",
        "-Xmx64m",
        "-XX:MinHeapFreeRatio=20",
        "-XX:MaxHeapFreeRatio=40",
        "-XX:ReservedCodeCacheSize=64m",
        "-cp",
        // The archive takes jars only, and of those only what stands before the first directory.
        Path.of("target/cardata-bridge.jar").toAbsolutePath() + ":" + testClasses(),
        BareClient.class.getName());
  }

  private static Path testClasses() {
    return Path.of("target/test-classes").toAbsolutePath();
  }

  /** Both get class-data sharing: a first run that ends in an orderly way leaves the archive. */
  private void makeArchives() throws Exception {
    for (Kind kind : Kind.values()) {
      try (Child child = start(kind, 1)) {
        child.awaitUp();
        trickle(1, 20);
        child.stop();
      }
    }
  }

  // ---- what is measured ---------------------------------------------------------------------

  private void starts() throws Exception {
    double[][] millis = new double[2][STARTS];
    for (int i = 0; i < STARTS; i++) {
      for (Kind kind : Kind.values()) {
        // It finds a few messages waiting: what is timed ends with the first one's publication.
        send(1, 20);
        counter.reset();
        try (Child child = start(kind, 1)) {
          while (counter.count() == 0) {
            trickle(1, 1);
          }
          millis[kind.ordinal()][i] = (counter.firstAt() - child.startedAt()) / 1e6;
        }
      }
    }
    say("");
    say("start to first message, ms         bridge %s", list(millis[0]));
    say("                                   bare   %s", list(millis[1]));
    ratio(median(millis[0]), median(millis[1]));
  }

  private void memory() throws Exception {
    for (Kind kind : Kind.values()) {
      try (Child child = start(kind, 1)) {
        child.awaitUp();
        LockSupport.parkNanos(Duration.ofSeconds(20).toNanos());
        long idle = child.megabytes("VmRSS");
        double cpu = child.cpuSeconds();
        for (int i = 0; i < 100; i++) {
          trickle(20, 5);
        }
        say(
            "resident MB of the %-6s          idle %d, at 50 messages a second %d; CPU s: start"
                + " %.2f, 500 messages %.2f",
            kind.name().toLowerCase(Locale.ROOT),
            idle,
            child.megabytes("VmRSS"),
            cpu,
            child.cpuSeconds() - cpu);
      }
    }
  }

  private void publishes() throws Exception {
    for (int qos = 0; qos < 2; qos++) {
      for (int k : new int[] {20, 1}) {
        double[][] rate = new double[2][PASSES];
        double[][] cpu = new double[2][PASSES];
        long[] most = new long[2];
        for (Kind kind : Kind.values()) {
          try (Child child = start(kind, qos)) {
            child.awaitUp();
            trickle(k, 50);
            int messages = k == 20 ? 6_000 : 40_000;
            drain(child, k, messages);
            for (int pass = 0; pass < PASSES; pass++) {
              double before = child.cpuSeconds();
              rate[kind.ordinal()][pass] = drain(child, k, messages);
              cpu[kind.ordinal()][pass] =
                  (child.cpuSeconds() - before) * 100_000 / ((double) messages * k);
            }
            most[kind.ordinal()] = child.megabytes("VmHWM");
          }
        }
        say("");
        say("QoS %d, %2d descriptors, publishes/s bridge %s", qos, k, list(rate[0]));
        say("                                   bare   %s", list(rate[1]));
        ratio(median(rate[0]), median(rate[1]));
        say("  CPU s for 100,000                bridge %s", fine(cpu[0]));
        say("                                   bare   %s", fine(cpu[1]));
        ratio(median(cpu[0]), median(cpu[1]));
        say("  resident MB at most              bridge %d, bare %d", most[0], most[1]);
      }
    }
  }

  /** Puts a backlog into BMW's broker while the child stands still; its rate when it goes on. */
  private double drain(Child child, int k, int messages) throws Exception {
    counter.reset();
    child.hold();
    send(k, messages);
    child.goOn();
    long wanted = (long) messages * k;
    if (!counter.await(wanted, QUIET)) {
      say("only %d of %d came", counter.count(), wanted);
    }
    return counter.count() / counter.seconds();
  }

  // ---- cars ---------------------------------------------------------------------------------

  /** One message after the other, 10 ms apart, and waits for a moment. */
  private void trickle(int k, int messages) throws Exception {
    for (int i = 0; i < messages; i++) {
      send(k, 1);
      LockSupport.parkNanos(10_000_000);
    }
  }

  private void send(int k, int messages) throws Exception {
    int left = messages;
    while (left > 0) {
      List<Publication> batch = new ArrayList<>();
      for (int i = 0; i < Math.min(left, 500); i++) {
        batch.add(message(k));
      }
      left -= batch.size();
      CountDownLatch done = new CountDownLatch(1);
      cars.publish(batch, failure -> done.countDown());
      done.await();
    }
  }

  private Publication message(int k) {
    long n = sent++;
    String vin = "WBY0000000000000" + n % 4;
    Instant now = Instant.now();
    StringBuilder text = new StringBuilder(3_000);
    text.append("{\"vin\":\"").append(vin).append("\",\"entityId\":\"bench\",\"topic\":\"");
    text.append(vin).append("\",\"timestamp\":\"").append(now).append("\",\"data\":{");
    for (int i = 0; i < k; i++) {
      String[] descriptor = DESCRIPTORS[i].split(" ");
      String value =
          switch (descriptor[2]) {
            case "n" -> Long.toString(n % 100);
            case "t" -> "\"" + n % 100 + "\"";
            case "b" -> Boolean.toString(n % 8 < 4);
            default -> "\"STATE_" + n % 100 + "\"";
          };
      text.append(i == 0 ? "\"" : ",\"").append(descriptor[0]).append("\":{\"timestamp\":\"");
      text.append(now.plusNanos(n % 1_000)).append("\",\"value\":").append(value);
      if (!descriptor[1].equals("-")) {
        text.append(",\"unit\":\"").append(descriptor[1]).append('"');
      }
      text.append('}');
    }
    return Publication.of("gcid-bench/" + vin, text.append("}}").toString(), 1, false);
  }

  // ---- credentials --------------------------------------------------------------------------

  /** Tokens that live 15 s, so that the bridge changes its session every 10 s. */
  private static void cycles(Path dir) throws Exception {
    Behaviour shortLived =
        Behaviour.likeBmw()
            .idTokenLife(Duration.ofSeconds(15))
            .routine(false)
            .autoApproveAfter(Duration.ofMillis(1));
    try (Simulator simulator =
            Simulator.start(
                SimulatorConfig.in(dir.resolve("simulator")).withBehaviour(shortLived));
        BenchBroker local = BenchBroker.local(dir.resolve("cycles"))) {
      Path home = dir.resolve("CYCLES");
      Files.createDirectories(home.resolve("data"));
      String clientId = simulator.environment().get("CARDATA_CLIENT_ID");
      Map<String, String> env =
          new java.util.HashMap<>(
              Map.of(
                  "CARDATA_SINK_MQTT_URL",
                  "tcp://127.0.0.1:" + local.port(),
                  "CARDATA_HTTP_PORT",
                  "0"));
      env.putAll(simulator.environment());
      List<String> command = List.of(Path.of("bridge").toAbsolutePath().toString(), "run");
      Files.createDirectories(home.resolve("data"));
      Files.writeString(home.resolve("data/tokens.json"), tokenFile(simulator, clientId));
      try (Child bridge = Child.start(home, command, env)) {
        bridge.awaitUp();
        LockSupport.parkNanos(Duration.ofSeconds(65).toNanos());
        bridge.stop();
      }
      double[] ours = cycles(simulator.sessionLog());
      int before = simulator.sessionLog().size();
      pahoCycles(simulator, clientId);
      List<SessionEvent> all = simulator.sessionLog();
      double[] bare = cycles(all.subList(before, all.size()));
      say("");
      say("credential cycle, ms               bridge %s", list(ours));
      say("  (DISCONNECT to SUBACK)           bare   %s", list(bare));
      ratio(median(ours), median(bare));
    }
  }

  private static String tokenFile(Simulator simulator, String clientId) throws IOException {
    JsonNode tokens = new ObjectMapper().readTree(simulator.tokens(clientId));
    return """
        {"version":1,"client_id":"%s","gcid":"%s","access_token":"%s","scope":"%s",
         "id_token":"%s","refresh_token":"%s","obtained_at":"%s","expires_at":"%s",
         "refresh_expires_at":"%s"}
        """
        .formatted(
            clientId,
            tokens.path("gcid").asText(),
            tokens.path("access_token").asText(),
            tokens.path("scope").asText(),
            tokens.path("id_token").asText(),
            tokens.path("refresh_token").asText(),
            Instant.now(),
            Instant.now().plusSeconds(tokens.path("expires_in").asLong(15)),
            Instant.now().plusSeconds(86_400));
  }

  private static void pahoCycles(Simulator simulator, String clientId) throws Exception {
    MqttAsyncClient previous = null;
    for (int i = 0; i < 7; i++) {
      JsonNode tokens = new ObjectMapper().readTree(simulator.tokens(clientId));
      String gcid = tokens.path("gcid").asText();
      if (previous != null) {
        previous.disconnect().waitForCompletion();
        previous.close();
      }
      MqttAsyncClient client =
          new MqttAsyncClient(
              "ssl://localhost:" + simulator.streamPort(), gcid, new MemoryPersistence());
      MqttConnectionOptions options = new MqttConnectionOptions();
      options.setCleanStart(false);
      options.setUserName(gcid);
      options.setPassword(tokens.path("id_token").asText().getBytes(StandardCharsets.UTF_8));
      options.setSocketFactory(new BmwTrust(simulator.caFile()).sslContext().getSocketFactory());
      client.connect(options).waitForCompletion();
      client.subscribe(gcid + "/+", 1).waitForCompletion();
      previous = client;
      LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
    }
    previous.disconnect().waitForCompletion();
    previous.close();
  }

  private static double[] cycles(List<SessionEvent> log) {
    List<Double> millis = new ArrayList<>();
    Instant left = null;
    for (SessionEvent event : log) {
      if (event.kind() == SessionEvent.Kind.CLIENT_DISCONNECT) {
        left = event.at();
      } else if (event.kind() == SessionEvent.Kind.SUBSCRIBED && left != null) {
        millis.add(Duration.between(left, event.at()).toNanos() / 1e6);
        left = null;
      }
    }
    return millis.stream().mapToDouble(Double::doubleValue).toArray();
  }

  // ---- figures --------------------------------------------------------------------------------

  private static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }

  private static void ratio(double bridge, double bare) {
    say("  medians: %.2f and %.2f, bridge to bare %.2f", bridge, bare, bridge / bare);
  }

  private static String list(double... values) {
    return Arrays.toString(Arrays.stream(values).mapToLong(Math::round).toArray());
  }

  private static String fine(double... values) {
    return Arrays.stream(values).mapToObj(v -> String.format(Locale.ROOT, "%.2f", v)).toList() + "";
  }
}
