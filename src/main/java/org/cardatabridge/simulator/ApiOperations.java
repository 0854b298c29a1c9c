// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The operations of the control API that are about the REST API. Used on one thread. */
final class ApiOperations {

  private final World world;

  ApiOperations(World world) {
    this.world = world;
  }

  /** Adds them under their names. */
  void addTo(Map<String, Function<JsonObject, JsonObject>> all) {
    all.put("quota", this::quota);
    all.put("expire-access-tokens", this::expireAccessTokens);
    all.put("expire-page-tokens", a -> count(world.api().pages().expire()));
    all.put("vehicle", a -> world.fleet().vehicle(vin(a)).change(a));
    all.put("telematic", this::telematic);
    all.put("add-sessions", this::addSessions);
    all.put("fill-containers", this::fillContainers);
    all.put("forget-containers", a -> count(world.api().containers(account(a)).forget()));
  }

  private JsonObject quota(JsonObject a) {
    Account account = account(a);
    if (a.containsKey("limit")) {
      int limit = a.getInteger("limit");
      world.change(b -> b.api(b.api().withLimit(limit)));
    }
    if (a.containsKey("used")) {
      int used = a.getInteger("used");
      if (used < 0 || used > 100_000) {
        throw new IllegalArgumentException(
            "setting the quota: got " + used + " calls — 0 to 100000");
      }
      world.api().guard().quota(account).set(used, now());
    }
    return world.quota(account);
  }

  private JsonObject expireAccessTokens(JsonObject a) {
    world.authority().accessTokens().expire(account(a));
    return new JsonObject().put("done", true);
  }

  private JsonObject telematic(JsonObject a) {
    String key = a.getString("key");
    if (key == null) {
      throw new IllegalArgumentException("setting an entry: no 'key' — name the descriptor");
    }
    world.fleet().vehicle(vin(a)).values().tell(key, a.getJsonObject("entry"));
    return new JsonObject().put("done", true);
  }

  private JsonObject addSessions(JsonObject a) {
    int count = number(a, 1);
    world.fleet().vehicle(vin(a)).charging().addBefore(now(), count);
    return count(count);
  }

  private static int number(JsonObject a, int otherwise) {
    int count = a.getInteger("count", otherwise);
    if (count < 1 || count > 1_000) {
      throw new IllegalArgumentException("making some: got " + count + " — 1 to 1000");
    }
    return count;
  }

  private JsonObject fillContainers(JsonObject a) {
    int count = number(a, 10);
    world.api().containers(account(a)).fill(count, List.of(Descriptors.MILEAGE), now());
    return count(count);
  }

  private Instant now() {
    return world.clock().instant();
  }

  private Account account(JsonObject a) {
    return world.accounts().named(a.getString("clientId", a.getString("gcid")));
  }

  private String vin(JsonObject a) {
    return a.getString("vin", world.fleet().vins().get(0));
  }

  private static JsonObject count(int count) {
    return new JsonObject().put("count", count);
  }
}
