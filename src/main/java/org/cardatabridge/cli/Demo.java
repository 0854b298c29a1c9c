// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cardatabridge.Lasting;
import org.cardatabridge.RenewableBridge;
import org.cardatabridge.RunningBridge;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.mqtt.LocalMqttComponent;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.settings.SettingsLoader;
import org.cardatabridge.simulator.ClientFiles;
import org.cardatabridge.simulator.HighMobility;
import org.cardatabridge.simulator.HighMobilityConfig;
import org.cardatabridge.simulator.Simulator;
import org.cardatabridge.simulator.SimulatorConfig;

/**
 * The main job without an account and without a broker: the real bridge, against the simulated BMW,
 * a simulated High Mobility and the embedded broker. None of the user's files is read or written,
 * and of the user's settings only what {@link DemoRequest} takes is used.
 */
final class Demo {

  private static final Duration READY_WITHIN = Duration.ofSeconds(90);
  private static final Duration LOOK_EACH = Duration.ofMillis(200);
  private static final int VEHICLES = 3;

  private final Redaction redaction;
  private final StopSignal signal;
  private final Path routes;
  private final PrintWriter out;

  Demo(Redaction redaction, StopSignal signal, Path routes, PrintWriter out) {
    this.redaction = redaction;
    this.signal = signal;
    this.routes = routes;
    this.out = out;
  }

  int play(DemoRequest request) throws Exception {
    Optional<Duration> length = request.length();
    try (DemoDirectory directory = DemoDirectory.open("cardata-demo");
        Simulator simulator =
            Simulator.start(
                SimulatorConfig.demo(directory.path().resolve("cars"))
                    .highMobility(HighMobilityConfig.oneCar()));
        RenewableBridge bridge =
            RenewableBridge.start(
                settings(directory.path(), simulator, request),
                BridgeActions.outside(this::say, redaction, signal))) {
      say("A simulated BMW and High Mobility, a broker and the bridge are running.");
      say("The login approves itself …");
      if (!isReady(bridge)) {
        say(signal.isGiven() ? "Ended before it was ready." : "No values came within 90 s.");
        return signal.isGiven() ? 0 : 1;
      }
      bridge.ask(running -> whereToLook(running, request)).forEach(this::say);
      if (length.isPresent()) {
        signal.await(length.get());
      } else {
        signal.await();
      }
      bridge.orThrow();
      long points = bridge.ask(running -> journal(running).snapshot().points());
      say("The demo is over: " + points + " values arrived.");
    }
    return 0;
  }

  private LoadedSettings settings(Path directory, Simulator simulator, DemoRequest request)
      throws IOException {
    Map<String, String> demo = new HashMap<>();
    demo.put("cardata.client-id", simulator.environment().get("CARDATA_CLIENT_ID"));
    demo.put("cardata.auth.url", simulator.authUrl().toString());
    demo.put("cardata.api.url", simulator.apiUrl().toString());
    demo.put("cardata.stream.host", simulator.streamHost());
    demo.put("cardata.stream.port", Integer.toString(simulator.streamPort()));
    demo.put("cardata.tls.ca-file", simulator.caFile().toString());
    putHighMobility(demo, simulator.highMobility());
    demo.put("cardata.data-dir", directory.resolve("data").toString());
    demo.put("cardata.routes.dir", routes.toString());
    demo.put("cardata.sink.mqtt.url", "embedded");
    demo.put("cardata.embedded.port", Integer.toString(freeAt(1883)));
    demo.put("cardata.http.port", Integer.toString(freeAt(8080)));
    LoadedSettings loaded = SettingsLoader.load(directory, request.variables(), demo);
    loaded.secrets().forEach(redaction::hideForGood);
    return loaded;
  }

  private static void putHighMobility(Map<String, String> demo, HighMobility highMobility) {
    ClientFiles files = highMobility.files();
    demo.put("cardata.highmobility.enabled", "true");
    demo.put("cardata.highmobility.host", highMobility.host());
    demo.put("cardata.highmobility.port", Integer.toString(highMobility.port()));
    demo.put("cardata.highmobility.ca-file", files.ca().toString());
    demo.put("cardata.highmobility.client-cert-file", files.certificate().toString());
    demo.put("cardata.highmobility.client-key-file", files.key().toString());
  }

  /** The usual port where it is free, else 0, with which the server takes a free one. */
  private static int freeAt(int usual) {
    try (ServerSocket probe = new ServerSocket(usual, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException e) {
      return 0;
    }
  }

  private boolean isReady(RenewableBridge bridge) throws InterruptedException {
    for (long waited = 0; waited < READY_WITHIN.toMillis(); waited += LOOK_EACH.toMillis()) {
      if (bridge.ask(running -> journal(running).newest().vehicles().size()) >= VEHICLES) {
        return true;
      }
      if (signal.await(LOOK_EACH)) {
        return false;
      }
    }
    return false;
  }

  private static List<String> whereToLook(RunningBridge bridge, DemoRequest request) {
    int mqtt =
        bridge
            .component("local-mqtt", LocalMqttComponent.class)
            .embeddedBroker()
            .orElseThrow()
            .port();
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        "Three cars are streaming: two BMWs, and a Mercedes-Benz from High Mobility. Where to look:");
    lines.add("  page     http://localhost:" + bridge.httpPort());
    lines.add("  topics   mosquitto_sub -p " + mqtt + " -t 'cardata/#' -v");
    lines.add("  broker   mqtt://127.0.0.1:" + mqtt + " (no password)");
    if (!request.sinks().isEmpty()) {
      lines.add(
          "  sinks    " + String.join(", ", request.sinks()) + ", with the environment's settings");
    }
    lines.add(
        request
            .length()
            .map(length -> "It ends by itself in " + Lasting.text(length) + ".")
            .orElse("Ctrl-C ends it."));
    return lines;
  }

  private static Journal journal(RunningBridge bridge) {
    return bridge.part("journal", Journal.class);
  }

  private void say(String text) {
    out.println(text);
    out.flush();
  }
}
