// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What the control API and scenarios can do with High Mobility. Used on one thread. */
final class HighMobilityOperations {

  static final String PREFIX = "highmobility/";

  private final HighMobilityWorld world;

  HighMobilityOperations(HighMobilityWorld world) {
    this.world = world;
  }

  void addTo(Map<String, Function<JsonObject, JsonObject>> all) {
    all.put(PREFIX + "settings", this::settings);
    all.put(
        PREFIX + "disconnect", a -> hit(sessions().disconnect(owner(a), a.getInteger("code", 0))));
    all.put(PREFIX + "reset", a -> hit(sessions().reset(owner(a))));
    all.put(PREFIX + "stall", a -> hit(sessions().stall(owner(a))));
    all.put(PREFIX + "outage", this::outage);
    all.put(PREFIX + "expire", a -> condemned(a, ClientObjection.EXPIRED));
    all.put(PREFIX + "revoke", a -> condemned(a, ClientObjection.REVOKED));
    all.put(PREFIX + "issue", a -> world.issue(app(a), CertificateOrder.from(a)).toJson());
    all.put(PREFIX + "install", a -> world.install(app(a), CertificateOrder.from(a)).toJson());
    all.put(PREFIX + "publish", this::publish);
    all.put(PREFIX + "car", a -> done(() -> car(a)));
    all.put(
        PREFIX + "burst",
        a -> done(() -> world.traffic().burst(vin(a), a.getInteger("messages", 12))));
    all.put(
        PREFIX + "duplicates",
        a -> done(() -> world.traffic().duplicates(vin(a), a.getInteger("messages", 2))));
    all.put(
        PREFIX + "late",
        a -> done(() -> world.traffic().late(vin(a), Span.parse(a.getString("age", "10m")))));
    all.put(PREFIX + "out-of-order", a -> done(() -> world.traffic().outOfOrder(vin(a))));
    all.put(
        PREFIX + "flood",
        a -> done(() -> world.traffic().flood(vin(a), a.getInteger("messages", 1000))));
    all.put(PREFIX + "odd", this::odd);
  }

  private JsonObject settings(JsonObject a) {
    world.change(b -> b.with(a));
    return world.behaviour().toJson();
  }

  private JsonObject outage(JsonObject a) {
    TcpGate gate = world.door().gate();
    gate.setDown(a.getBoolean("down", true));
    return new JsonObject().put("down", gate.isDown());
  }

  private JsonObject condemned(JsonObject a, ClientObjection why) {
    return done(() -> world.broker().condemn(owner(a), why));
  }

  private JsonObject publish(JsonObject a) {
    if (a.containsKey("capability")) {
      long number =
          world
              .traffic()
              .publish(
                  vin(a), a.getString("capability"), a.getString("property"), a.getValue("data"));
      return new JsonObject().put("number", number);
    }
    byte[] payload;
    if (a.containsKey("payloadBase64")) {
      payload = Base64.getDecoder().decode(a.getString("payloadBase64"));
    } else if (a.containsKey("payload")) {
      payload = a.getString("payload").getBytes(StandardCharsets.UTF_8);
    } else {
      throw new IllegalArgumentException(
          "publishing: no message — give 'capability', 'property' and 'data', or 'payload', or"
              + " 'payloadBase64'");
    }
    String usual = world.fleet().envelope(vin(a)).topic("diagnostics", "odometer");
    String topic = a.getString("topic", usual);
    return new JsonObject().put("number", world.fleet().publish(vin(a), topic, payload));
  }

  private void car(JsonObject a) {
    CarAction action = CarAction.of(a.getString("action", ""));
    List<String> vins =
        a.getString("vin") == null ? world.fleet().vins() : List.of(a.getString("vin"));
    vins.forEach(vin -> world.fleet().perform(vin, action));
  }

  private JsonObject odd(JsonObject a) {
    String word = a.getString("case", "all");
    List<HighMobilityOdd> cases =
        word.equals("all") ? List.of(HighMobilityOdd.values()) : List.of(HighMobilityOdd.of(word));
    cases.forEach(o -> world.traffic().odd(vin(a), o));
    JsonArray words = new JsonArray();
    cases.forEach(o -> words.add(o.word()));
    return new JsonObject().put("cases", words);
  }

  private Sessions sessions() {
    return world.broker().sessions();
  }

  private HighMobilityApp app(JsonObject a) {
    return world.app(a.getString("clientId"));
  }

  private String owner(JsonObject a) {
    return app(a).clientId();
  }

  private String vin(JsonObject a) {
    String vin = a.getString("vin");
    return vin == null ? world.fleet().vins().get(0) : vin;
  }

  private static JsonObject done(Runnable work) {
    work.run();
    return new JsonObject().put("done", true);
  }

  private static JsonObject hit(boolean somebody) {
    return new JsonObject().put("sessions", somebody ? 1 : 0);
  }
}
