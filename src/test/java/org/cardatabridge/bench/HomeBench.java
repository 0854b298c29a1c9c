// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bench;

import static org.cardatabridge.bench.Rig.say;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.cardatabridge.bench.Rig.Kind;

/**
 * The bridge with the MQTT sink alone, and with all sinks for a home beside it and derived values:
 * resident memory and what the MQTT sink still does. Their targets are the same mosquitto and a
 * stand-in that answers at once.
 */
final class HomeBench {

  private static final int MESSAGES = 6_000;
  private static final int PASSES = 2;
  private static final Duration SETTLE = Duration.ofSeconds(8);

  private HomeBench() {}

  static void run(Rig rig) throws Exception {
    HttpServer standIn = standIn();
    try {
      double[][] rate = new double[2][2 * PASSES];
      double[][] cpu = new double[2][2 * PASSES];
      // Off, on, on, off: what the machine does meanwhile falls on both.
      for (int turn = 0; turn < 4; turn++) {
        int which = turn == 1 || turn == 2 ? 1 : 0;
        Map<String, String> env = which == 0 ? Map.of() : all(standIn.getAddress().getPort());
        try (Child child = rig.start(Kind.BRIDGE, rig.dir().resolve("home" + turn), 1, env)) {
          child.awaitUp();
          LockSupport.parkNanos(SETTLE.toNanos());
          long idle = child.megabytes("VmRSS");
          for (int i = 0; i < 50; i++) {
            rig.trickle(20, 5);
          }
          long load = child.megabytes("VmRSS");
          rig.drain(child, 20, MESSAGES);
          LockSupport.parkNanos(SETTLE.toNanos());
          for (int pass = 0; pass < PASSES; pass++) {
            double before = child.cpuSeconds();
            int place = turn / 2 * PASSES + pass;
            rate[which][place] = rig.drain(child, 20, MESSAGES);
            // The others may still be behind.
            LockSupport.parkNanos(SETTLE.toNanos());
            cpu[which][place] = (child.cpuSeconds() - before) * 100_000 / (MESSAGES * 20.0);
          }
          say(
              "%s: resident MB idle %d, at 50 messages a second %d, at most %d",
              which == 0 ? "the MQTT sink alone " : "with all home sinks ",
              idle,
              load,
              child.megabytes("VmHWM"));
        }
      }
      double off = BridgeBenchmark.median(rate[0]);
      double on = BridgeBenchmark.median(rate[1]);
      say(
          "publishes/s of the MQTT sink: alone %.0f, with them %.0f, ratio %.2f",
          off, on, on / off);
      say(
          "CPU s for 100,000, all sinks: alone %.2f, with them %.2f",
          BridgeBenchmark.median(cpu[0]), BridgeBenchmark.median(cpu[1]));
    } finally {
      standIn.stop(0);
    }
  }

  private static Map<String, String> all(int port) {
    String target = "http://127.0.0.1:" + port + "/";
    return Map.ofEntries(
        Map.entry("CARDATA_SINK_HOMEASSISTANT_ENABLED", "true"),
        Map.entry("CARDATA_SINK_EVCC_ENABLED", "true"),
        Map.entry("CARDATA_SINK_HOMIE_ENABLED", "true"),
        Map.entry("CARDATA_SINK_ABRP_ENABLED", "true"),
        Map.entry("CARDATA_SINK_ABRP_URL", target),
        Map.entry("CARDATA_SINK_ABRP_API_KEY", "bench"),
        Map.entry("CARDATA_SINK_ABRP_TOKEN", "bench"),
        Map.entry("CARDATA_SINK_NOTIFY_ENABLED", "true"),
        Map.entry("CARDATA_SINK_NOTIFY_WEBHOOK_URL", target),
        Map.entry("CARDATA_DERIVED_ENABLED", "true"));
  }

  private static HttpServer standIn() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "stand-in");
              thread.setDaemon(true);
              return thread;
            }));
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          byte[] ok = "{\"status\":\"ok\"}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, ok.length);
          exchange.getResponseBody().write(ok);
          exchange.close();
        });
    server.start();
    return server;
  }
}
