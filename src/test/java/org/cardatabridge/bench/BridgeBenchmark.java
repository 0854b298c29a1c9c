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
import java.util.concurrent.locks.LockSupport;
import org.cardatabridge.auth.BmwTrust;
import org.cardatabridge.bench.Rig.Kind;
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
  private final Rig rig;

  private BridgeBenchmark(Rig rig) {
    this.rig = rig;
  }

  /** Prints the figures named, or all; run it in the project's directory after a build. */
  public static void main(String[] args) throws Exception {
    List<String> parts =
        args.length > 0
            ? List.of(args)
            : List.of(
                "journal", "starts", "memory", "publishes", "latency", "sinks", "cycles", "idle");
    Path dir = Files.createTempDirectory("cardata-bench");
    say(
        "%s, Java %s, %d processors, load %s",
        Instant.now(), Runtime.version(), Runtime.getRuntime().availableProcessors(), Rig.load());
    try (Rig rig = Rig.in(dir)) {
      for (Kind kind : Kind.values()) {
        rig.makeArchive(kind);
      }
      for (String part : parts) {
        run(part, new BridgeBenchmark(rig), rig);
        say("load %s", Rig.load());
      }
    }
  }

  private static void run(String part, BridgeBenchmark benchmark, Rig rig) throws Exception {
    say("");
    say("-- %s", part);
    switch (part) {
      case "journal" -> JournalBench.run(rig.dir().resolve("journal"));
      case "starts" -> benchmark.starts();
      case "memory" -> benchmark.memory();
      case "publishes" -> benchmark.publishes();
      case "latency" -> LatencyBench.run(rig);
      case "sinks" -> SinksBench.run(rig);
      case "home" -> HomeBench.run(rig);
      case "cycles" -> cycles(rig.dir());
      case "idle" -> IdleBench.run(rig);
      default -> throw new IllegalArgumentException("no such part: " + part);
    }
  }

  // ---- what is measured ---------------------------------------------------------------------

  private void starts() throws Exception {
    double[][] millis = new double[Kind.values().length][STARTS];
    for (int i = 0; i < STARTS; i++) {
      for (Kind kind : Kind.values()) {
        // It finds a few messages waiting: what is timed ends with the first one's publication.
        rig.send(1, 20);
        rig.counter().reset();
        try (Child child = rig.start(kind, 1)) {
          millis[kind.ordinal()][i] = rig.firstMessage(child);
        }
      }
    }
    say("");
    say("start to first message, ms         bridge %s", list(millis[0]));
    say("                                   bare   %s", list(millis[1]));
    say("              Camel's components alone   %s", list(millis[2]));
    ratio(median(millis[0]), median(millis[1]));
    say("  Camel's components alone: %.2f", median(millis[2]));
  }

  private void memory() throws Exception {
    for (Kind kind : Kind.values()) {
      try (Child child = rig.start(kind, 1)) {
        child.awaitUp();
        LockSupport.parkNanos(Duration.ofSeconds(20).toNanos());
        long idle = child.megabytes("VmRSS");
        double cpu = child.cpuSeconds();
        for (int i = 0; i < 100; i++) {
          rig.trickle(20, 5);
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
        for (Kind kind : Kind.FAST) {
          try (Child child = rig.start(kind, qos)) {
            child.awaitUp();
            rig.trickle(k, 50);
            int messages = k == 20 ? 6_000 : 40_000;
            rig.drain(child, k, messages);
            for (int pass = 0; pass < PASSES; pass++) {
              double before = child.cpuSeconds();
              rate[kind.ordinal()][pass] = rig.drain(child, k, messages);
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
                  "0",
                  "CARDATA_API_PLAN",
                  "false"));
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

  private static void say(String format, Object... values) {
    Rig.say(format, values);
  }

  // ---- figures --------------------------------------------------------------------------------

  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }

  static void ratio(double bridge, double bare) {
    say("  medians: %.2f and %.2f, bridge to bare %.2f", bridge, bare, bridge / bare);
  }

  private static String list(double... values) {
    return Arrays.toString(Arrays.stream(values).mapToLong(Math::round).toArray());
  }

  private static String fine(double... values) {
    return Arrays.stream(values).mapToObj(v -> String.format(Locale.ROOT, "%.2f", v)).toList() + "";
  }
}
