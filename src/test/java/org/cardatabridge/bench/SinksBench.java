// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bench;

import static org.cardatabridge.bench.Rig.say;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cardatabridge.bench.Rig.Kind;

/**
 * The MQTT sink alone, and beside four others: one whose target is stopped, one that fails, one
 * that takes 50 ms for an event, and one more that keeps up.
 */
final class SinksBench {

  private static final int MESSAGES = 6_000;
  private static final int PASSES = 3;
  private static final Map<String, String> OTHERS =
      Map.of(
          "stopped", "        - to:\n            uri: http://127.0.0.1:9/\n",
          "failing",
              "        - throwException:\n            exceptionType:"
                  + " java.lang.IllegalStateException\n            message: it fails\n",
          "slow",
              "        - delay:\n            expression:\n              constant:\n"
                  + "                expression: \"50\"\n",
          "quick",
              "        - setBody:\n            expression:\n              constant:\n"
                  + "                expression: taken\n");

  private SinksBench() {}

  static void run(Rig rig) throws Exception {
    Path alone = routes(rig.dir().resolve("alone"), Map.of());
    Path five = routes(rig.dir().resolve("five"), OTHERS);
    double[][] rate = new double[2][2 * PASSES];
    double[][] cpu = new double[2][2 * PASSES];
    // One, five, five, one: what the machine does meanwhile falls on both.
    for (int turn = 0; turn < 4; turn++) {
      int which = turn == 1 || turn == 2 ? 1 : 0;
      Path home = which == 0 ? alone : five;
      Map<String, String> env = Map.of("CARDATA_ROUTES_DIR", home.resolve("routes").toString());
      try (Child child = rig.start(Kind.BRIDGE, home, 1, env)) {
        child.awaitUp();
        rig.trickle(20, 50);
        rig.drain(child, 20, MESSAGES);
        for (int pass = 0; pass < PASSES; pass++) {
          double before = child.cpuSeconds();
          int place = turn / 2 * PASSES + pass;
          rate[which][place] = rig.drain(child, 20, MESSAGES);
          cpu[which][place] = (child.cpuSeconds() - before) * 100_000 / (MESSAGES * 20.0);
        }
        say(
            "%s: %s, resident MB %d",
            which == 0 ? "the MQTT sink alone" : "with four others   ",
            LatencyBench.measure(rig, 20, 50, Duration.ofSeconds(15)),
            child.megabytes("VmHWM"));
      }
    }
    double one = BridgeBenchmark.median(rate[0]);
    double many = BridgeBenchmark.median(rate[1]);
    say("publishes/s: alone %.0f, with four others %.0f, ratio %.2f", one, many, many / one);
    say(
        "CPU s for 100,000, all sinks: alone %.2f, with four others %.2f",
        BridgeBenchmark.median(cpu[0]), BridgeBenchmark.median(cpu[1]));
  }

  /** The shipped routes and these sinks. */
  private static Path routes(Path home, Map<String, String> sinks) throws IOException {
    Path to = Files.createDirectories(home.resolve("routes"));
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path file : shipped.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    for (Map.Entry<String, String> sink : sinks.entrySet()) {
      String name = "sink-bench-" + sink.getKey();
      Files.write(
          to.resolve(name + ".camel.yaml"),
          List.of(
              "- route:",
              "    id: " + name,
              "    description: Takes events for the benchmark",
              "    from:",
              "      uri: events:bench-" + sink.getKey(),
              "      steps:",
              sink.getValue()));
    }
    return home;
  }
}
