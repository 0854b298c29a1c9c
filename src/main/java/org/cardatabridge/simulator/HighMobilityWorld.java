// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** All parts of one simulated High Mobility, tied together. Used on one thread. */
final class HighMobilityWorld {

  private final Path directory;
  private final Map<String, HighMobilityApp> apps = new LinkedHashMap<>();
  private final ThrowAwayCa server;
  private final ClientCa clients;
  private final HighMobilityDoor door;
  private final SessionLog log;
  private final MessageLog messages;
  private final HighMobilityBroker broker;
  private final HighMobilityFleet fleet;
  private final HighMobilityTraffic traffic;
  private HighMobilityBehaviour behaviour;
  private int orders;

  /** Makes its certificates and writes their files below the simulator's directory. */
  HighMobilityWorld(SimulatorConfig config, Vertx vertx, Supplier<Behaviour> pace, Faults faults)
      throws IOException {
    HighMobilityConfig own = config.highMobility();
    directory = config.directory().resolve("highmobility");
    own.apps().forEach(a -> apps.put(a.clientId(), a));
    behaviour = own.behaviour();
    server = ThrowAwayCa.make(directory, config.host());
    clients = new ClientCa(server.file());
    door = new HighMobilityDoor(vertx, config);
    log = new SessionLog(config.logLimit());
    messages = new MessageLog(config.logLimit());
    broker =
        new HighMobilityBroker(
            vertx,
            config.clock(),
            clients,
            apps,
            this::behaviour,
            faults,
            door.gate(),
            log,
            messages);
    fleet =
        new HighMobilityFleet(own.apps(), config.clock(), pace, this::behaviour, broker.sessions());
    traffic = new HighMobilityTraffic(vertx, config.clock(), fleet);
    for (HighMobilityApp app : own.apps()) {
      clients.write(app.certificate(), app.appId(), files(app));
    }
  }

  /** Begins to listen. */
  Future<Void> open() {
    return door.open(server.server(), new ClientTrust(clients, this::refused), broker::connect);
  }

  private void refused(int peerPort, ClientObjection why) {
    door.gate().alert(peerPort, why.alert());
    broker.sessions().refused("", broker.sessions().next(), 0, "", why.text());
  }

  HighMobilityDoor door() {
    return door;
  }

  HighMobilityBroker broker() {
    return broker;
  }

  HighMobilityFleet fleet() {
    return fleet;
  }

  HighMobilityTraffic traffic() {
    return traffic;
  }

  SessionLog log() {
    return log;
  }

  MessageLog messages() {
    return messages;
  }

  HighMobilityBehaviour behaviour() {
    return behaviour;
  }

  void change(UnaryOperator<HighMobilityBehaviour> how) {
    behaviour = how.apply(behaviour);
  }

  /** The application with a certificate id; null means the first. */
  HighMobilityApp app(String clientId) {
    HighMobilityApp app = clientId == null ? apps.values().iterator().next() : apps.get(clientId);
    if (app == null) {
      throw new IllegalArgumentException(
          "looking for an application: none has this certificate — GET /highmobility lists them");
    }
    return app;
  }

  /** The files of an application's own certificate. */
  ClientFiles files(HighMobilityApp app) {
    return ClientFiles.in(directory, app.clientId());
  }

  /** Makes another certificate for an application, in a folder of its own. */
  ClientFiles issue(HighMobilityApp app, CertificateOrder order) {
    Path folder = directory.resolve(order.kind().word() + "-" + ++orders);
    return write(app, order, ClientFiles.in(folder, app.clientId()));
  }

  /** Writes another certificate over the files of an application's own. */
  ClientFiles install(HighMobilityApp app, CertificateOrder order) {
    return write(app, order, files(app));
  }

  private ClientFiles write(HighMobilityApp app, CertificateOrder order, ClientFiles files) {
    try {
      clients.write(order, app.appId(), files);
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "writing a client certificate: " + e.getMessage() + " — make room below the directory",
          e);
    }
  }

  /** Lets real time pass. */
  void tick(Duration passed) {
    broker.sessions().tick();
    fleet.tick(passed);
  }

  /** Variables that point a bridge at an application, in a fixed order. */
  Map<String, String> environment(HighMobilityApp app) {
    ClientFiles files = files(app);
    Map<String, String> env = new LinkedHashMap<>();
    env.put("CARDATA_HIGHMOBILITY_ENABLED", "true");
    env.put("CARDATA_HIGHMOBILITY_HOST", door.host());
    env.put("CARDATA_HIGHMOBILITY_PORT", Integer.toString(door.port()));
    env.put("CARDATA_HIGHMOBILITY_CA_FILE", files.ca().toString());
    env.put("CARDATA_HIGHMOBILITY_CLIENT_CERT_FILE", files.certificate().toString());
    env.put("CARDATA_HIGHMOBILITY_CLIENT_KEY_FILE", files.key().toString());
    if (app.generation() == HighMobilityApp.Generation.V2) {
      // Both are UUIDs there, and nothing in the certificate says which is which.
      env.put("CARDATA_HIGHMOBILITY_APP_ID", app.appId());
      env.put("CARDATA_HIGHMOBILITY_CLIENT_ID", app.clientId());
    }
    if (!app.environment().equals("live")) {
      env.put("CARDATA_HIGHMOBILITY_TOPIC", app.root() + "/#");
    }
    return env;
  }

  /** What a person needs to know of it. */
  String describe() {
    StringBuilder text = new StringBuilder("\nSimulated High Mobility\n");
    text.append("  broker   mqtts://").append(door.host()).append(':').append(door.port());
    text.append(" (client certificate)\n");
    apps.values()
        .forEach(
            a ->
                text.append("  app      ")
                    .append(a.appId())
                    .append("  cars ")
                    .append(
                        String.join(", ", a.cars().stream().map(HighMobilityVehicle::vin).toList()))
                    .append('\n'));
    text.append("\nPoint a bridge at it, instead or as well:\n");
    environment(app(null))
        .forEach((k, v) -> text.append("  export ").append(k).append('=').append(v).append('\n'));
    return text.toString();
  }

  /** The door, the applications, the cars and what happened so far. */
  JsonObject toJson() {
    JsonArray all = new JsonArray();
    for (HighMobilityApp a : apps.values()) {
      all.add(
          new JsonObject()
              .put("appId", a.appId())
              .put("generation", a.generation().name())
              .put("filter", a.root() + "/#")
              .put("files", files(a).toJson())
              .put("open", log.open(a.clientId()))
              .put("mostOpen", log.mostOpen(a.clientId()))
              .put("held", broker.sessions().held(a.clientId())));
    }
    JsonArray odd = new JsonArray();
    for (HighMobilityOdd o : HighMobilityOdd.values()) {
      odd.add(o.word());
    }
    return new JsonObject()
        .put("host", door.host())
        .put("port", door.port())
        .put("apps", all)
        .put("cars", fleet.toJson())
        .put("settings", behaviour.toJson())
        .put("messages", messages.counters())
        .put("odd", odd);
  }
}
