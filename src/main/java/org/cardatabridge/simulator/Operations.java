// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What the control API and scenarios can do: each operation has a name, takes a JSON object and
 * gives one. Used on one thread.
 *
 * <p>Every operation throws {@link IllegalArgumentException} with a sentence for a bad argument.
 */
final class Operations {

  private final World world;
  private final Map<String, Function<JsonObject, JsonObject>> all = new LinkedHashMap<>();

  Operations(World world) {
    this.world = world;
    all.put("approve", a -> decide(a, DeviceLogin::approve));
    all.put("deny", a -> decide(a, DeviceLogin::deny));
    all.put("settings", this::settings);
    all.put("fault", this::fault);
    all.put("clear-faults", a -> cleared());
    all.put("refuse-tokens", a -> done(account(a)::refuseIdTokens));
    all.put("kill-refresh-token", a -> done(account(a)::killRefreshTokens));
    all.put("services", this::services);
    all.put("client", this::client);
    all.put("tokens", a -> world.authority().issue(account(a)));
    all.put(
        "disconnect",
        a -> hit(world.broker().sessions().disconnect(gcid(a), a.getInteger("code", 0))));
    all.put("reset", a -> hit(world.broker().sessions().reset(gcid(a))));
    all.put("stall", a -> hit(world.broker().sessions().stall(gcid(a))));
    all.put("outage", this::outage);
    all.put("publish", this::publish);
    all.put("car", a -> done(() -> car(a)));
    all.put("burst", a -> done(() -> world.traffic().burst(vin(a), number(a, "messages", 12))));
    all.put(
        "duplicates",
        a -> done(() -> world.traffic().duplicates(vin(a), number(a, "messages", 5))));
    all.put("late", a -> done(() -> world.traffic().late(vin(a), span(a, "age", "10m"))));
    all.put("out-of-order", a -> done(() -> world.traffic().outOfOrder(vin(a))));
    all.put("gps-apart", a -> done(() -> world.traffic().gpsApart(vin(a), span(a, "pause", "2s"))));
    all.put(
        "flood",
        a ->
            done(
                () ->
                    world
                        .traffic()
                        .flood(vin(a), number(a, "messages", 1000), number(a, "descriptors", 1))));
    all.put("odd", this::odd);
    new ApiOperations(world).addTo(all);
    world.highMobility().ifPresent(h -> new HighMobilityOperations(h).addTo(all));
  }

  Set<String> names() {
    return all.keySet();
  }

  /** Carries an operation out. */
  JsonObject perform(String name, JsonObject arguments) {
    Function<JsonObject, JsonObject> operation = all.get(name);
    if (operation == null) {
      throw new IllegalArgumentException(
          "carrying out '" + name + "': no such operation — take one of " + all.keySet());
    }
    try {
      return operation.apply(arguments);
    } catch (ClassCastException e) {
      throw new IllegalArgumentException(
          "carrying out '" + name + "': an argument has the wrong type — see docs/simulator.md", e);
    }
  }

  private JsonObject decide(JsonObject a, java.util.function.Consumer<DeviceLogin> decision) {
    String code = a.getString("userCode");
    List<DeviceLogin> logins =
        world.authority().waiting().stream()
            .filter(l -> code == null || l.userCode().equals(code))
            .filter(
                l ->
                    a.getString("clientId") == null
                        || l.account().config().clientId().equals(a.getString("clientId")))
            .toList();
    logins.forEach(decision);
    return new JsonObject().put("logins", logins.size());
  }

  private JsonObject settings(JsonObject a) {
    world.change(b -> b.with(a));
    return world.behaviour().toJson();
  }

  private JsonObject fault(JsonObject a) {
    Place place = Place.of(a.getString("at", ""));
    boolean ofOne = a.containsKey("clientId") || a.containsKey("gcid");
    String clientId = ofOne ? account(a).config().clientId() : null;
    world.faults().add(place, Fault.of(a), number(a, "times", 1), clientId);
    return world.faults().toJson();
  }

  private JsonObject cleared() {
    world.faults().clear();
    return world.faults().toJson();
  }

  private JsonObject services(JsonObject a) {
    Account account = account(a);
    account.subscribe(
        a.getBoolean("api", account.hasApi()), a.getBoolean("streaming", account.hasStreaming()));
    return new JsonObject().put("api", account.hasApi()).put("streaming", account.hasStreaming());
  }

  private JsonObject client(JsonObject a) {
    Account account = account(a);
    account.setKnown(a.getBoolean("known", true));
    return new JsonObject().put("known", account.isKnown());
  }

  private JsonObject outage(JsonObject a) {
    TcpGate login = world.doors().loginGate();
    TcpGate stream = world.doors().streamGate();
    TcpGate api = world.doors().apiGate();
    login.setDown(a.getBoolean("login", login.isDown()));
    api.setDown(a.getBoolean("api", api.isDown()));
    stream.setDown(a.getBoolean("stream", stream.isDown()));
    return new JsonObject()
        .put("login", login.isDown())
        .put("stream", stream.isDown())
        .put("api", api.isDown());
  }

  private JsonObject publish(JsonObject a) {
    byte[] payload;
    if (a.containsKey("payloadBase64")) {
      payload = Base64.getDecoder().decode(a.getString("payloadBase64"));
    } else if (a.containsKey("payload")) {
      payload = a.getString("payload").getBytes(StandardCharsets.UTF_8);
    } else {
      JsonObject data = a.getJsonObject("data");
      if (data == null) {
        throw new IllegalArgumentException(
            "publishing: no message — give 'data', 'payload' or 'payloadBase64'");
      }
      Envelope envelope = world.fleet().envelope(vin(a));
      world.fleet().vehicle(vin(a)).values().note(data, world.clock().instant());
      payload =
          envelope.around(world.clock().instant(), data).encode().getBytes(StandardCharsets.UTF_8);
    }
    return new JsonObject().put("number", world.fleet().publish(vin(a), payload));
  }

  private void car(JsonObject a) {
    CarAction action = CarAction.of(a.getString("action", ""));
    List<String> vins =
        a.getString("vin") == null ? world.fleet().vins() : List.of(a.getString("vin"));
    vins.forEach(vin -> world.fleet().perform(vin, action));
  }

  private JsonObject odd(JsonObject a) {
    String word = a.getString("case", "all");
    List<OddMessage> cases =
        word.equals("all") ? List.of(OddMessage.values()) : List.of(OddMessage.of(word));
    cases.forEach(o -> world.traffic().odd(vin(a), o));
    return new JsonObject().put("cases", new JsonArray(oddWords(cases)));
  }

  static List<Object> oddWords(List<OddMessage> cases) {
    List<Object> words = new ArrayList<>();
    cases.forEach(o -> words.add(o.word()));
    return words;
  }

  private Account account(JsonObject a) {
    return world.accounts().named(a.getString("clientId", a.getString("gcid")));
  }

  private String gcid(JsonObject a) {
    return account(a).config().gcid();
  }

  private String vin(JsonObject a) {
    return a.getString("vin", world.fleet().vins().get(0));
  }

  private static int number(JsonObject a, String name, int otherwise) {
    return a.getInteger(name, otherwise);
  }

  private static Duration span(JsonObject a, String name, String otherwise) {
    return Span.parse(a.getString(name, otherwise));
  }

  private static JsonObject done(Runnable work) {
    work.run();
    return new JsonObject().put("done", true);
  }

  private static JsonObject hit(boolean somebody) {
    return new JsonObject().put("sessions", somebody ? 1 : 0);
  }
}
