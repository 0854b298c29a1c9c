// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The containers of one account. Used on one thread. */
final class ApiContainers {

  private static final int MOST = 10;
  private static final int ID_LENGTH = 13;
  private static final Duration PURGED_AFTER = Duration.ofDays(29);
  private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

  /** One container. */
  private static final class Container {
    private final String id;
    private final String name;
    private final String purpose;
    private final Instant created;
    private final List<String> descriptors;
    private Instant deleted;

    private Container(
        String id, String name, String purpose, Instant created, List<String> descriptors) {
      this.id = id;
      this.name = name;
      this.purpose = purpose;
      this.created = created;
      this.descriptors = descriptors;
    }
  }

  private final SecureRandom random = new SecureRandom();
  private final Map<String, Container> containers = new LinkedHashMap<>();

  /** All that are there, the deleted ones of the last weeks too, without descriptors. */
  JsonObject list(Instant now, ApiRules rules) {
    purge(now);
    JsonArray list = new JsonArray();
    containers.values().forEach(c -> list.add(head(c, rules)));
    return new JsonObject().put("containers", list);
  }

  /** Makes one as a request says. */
  JsonObject create(ApiCall call, KnownDescriptors known, Instant now, ApiRules rules) {
    purge(now);
    JsonObject wish = wish(call);
    Set<String> descriptors = new LinkedHashSet<>();
    for (Object d : wish.getJsonArray("technicalDescriptors")) {
      if (!(d instanceof String name) || !known.contains(name)) {
        throw new ApiRefusal(ApiError.DESCRIPTOR);
      }
      descriptors.add(name);
    }
    if (descriptors.size() > rules.containerKeys()) {
      throw new ApiRefusal(ApiError.CONTAINER_REFUSED);
    }
    if (active() >= MOST) {
      throw new ApiRefusal(ApiError.CONTAINERS_FULL);
    }
    return whole(
        add(wish.getString("name"), wish.getString("purpose"), List.copyOf(descriptors), now),
        rules);
  }

  private static JsonObject wish(ApiCall call) {
    if (!call.header("Content-Type").startsWith("application/json")) {
      throw new ApiRefusal(ApiError.BAD_REQUEST);
    }
    try {
      if (Json.decodeValue(call.body()) instanceof JsonObject wish
          && isText(wish.getValue("name"))
          && isText(wish.getValue("purpose"))
          && wish.getValue("technicalDescriptors") instanceof JsonArray list
          && !list.isEmpty()) {
        return wish;
      }
    } catch (DecodeException e) {
      // No JSON at all is refused like JSON of another shape.
    }
    throw new ApiRefusal(ApiError.BAD_REQUEST);
  }

  private static boolean isText(Object value) {
    return value instanceof String text && !text.isBlank();
  }

  /** Makes so many that belong to somebody else's program. */
  void fill(int count, List<String> descriptors, Instant now) {
    for (int i = 1; i <= count; i++) {
      add("other-app-" + i, "somebody else's", descriptors, now.minus(Duration.ofDays(100L + i)));
    }
  }

  private Container add(String name, String purpose, List<String> descriptors, Instant now) {
    StringBuilder id = new StringBuilder();
    while (id.length() < ID_LENGTH) {
      id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    Container c = new Container(id.toString(), name, purpose, now, descriptors);
    containers.put(c.id, c);
    return c;
  }

  /** One with its descriptors. */
  JsonObject get(String id, Instant now, ApiRules rules) {
    return whole(find(id, now), rules);
  }

  /** Marks one as deleted; a second time is an error. */
  void delete(String id, Instant now) {
    living(id, now).deleted = now;
  }

  /** Descriptors of one that can still be used. */
  List<String> descriptors(String id, Instant now) {
    return living(id, now).descriptors;
  }

  private Container living(String id, Instant now) {
    Container c = find(id, now);
    if (c.deleted != null) {
      throw new ApiRefusal(ApiError.CONTAINER_DELETED);
    }
    return c;
  }

  private Container find(String id, Instant now) {
    purge(now);
    if (!id.matches("[A-Z0-9]{" + ID_LENGTH + "}")) {
      throw new ApiRefusal(ApiError.CONTAINER_FORM);
    }
    Container c = containers.get(id);
    if (c == null) {
      throw new ApiRefusal(ApiError.CONTAINER);
    }
    return c;
  }

  /** Forgets all, deleted or not, as if they had never been; gives how many. */
  int forget() {
    int count = containers.size();
    containers.clear();
    return count;
  }

  private void purge(Instant now) {
    containers
        .values()
        .removeIf(c -> c.deleted != null && !c.deleted.plus(PURGED_AFTER).isAfter(now));
  }

  private long active() {
    return containers.values().stream().filter(c -> c.deleted == null).count();
  }

  private static JsonObject whole(Container c, ApiRules rules) {
    return head(c, rules).put("technicalDescriptors", new JsonArray(c.descriptors));
  }

  private static JsonObject head(Container c, ApiRules rules) {
    return new JsonObject()
        .put("containerId", c.id)
        .put("name", c.name)
        .put("purpose", c.purpose)
        .put("state", c.deleted == null ? "ACTIVE" : rules.deletedState())
        .put("created", ApiTime.millis(c.created));
  }
}
