// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * The rules of the REST API, part of {@link Behaviour}. Immutable and safe for use by many threads.
 *
 * @param limit calls of an account that are answered in a day; 0 and up
 * @param reset when the count begins anew; never null
 * @param quotaStatus HTTP status of the answer beyond the limit
 * @param pageSize entries on one page of a list that has pages
 * @param pageTokenLife how long a page token holds; never null
 * @param mappingsAsObject whether mappings are one object, as the swagger says, and no array
 * @param deletedState word for a deleted container; never null
 * @param containerKeys most descriptors of a container
 */
public record ApiRules(
    int limit,
    Reset reset,
    int quotaStatus,
    int pageSize,
    Duration pageTokenLife,
    boolean mappingsAsObject,
    String deletedState,
    int containerKeys) {

  /** When a quota begins anew; sources about BMW contradict each other. */
  public enum Reset {
    /** Each call is forgotten after 24 hours. */
    ROLLING,
    /** All calls are forgotten at midnight UTC. */
    MIDNIGHT
  }

  /** Refuses values outside their range with a sentence. */
  public ApiRules {
    Objects.requireNonNull(reset, "reset");
    Objects.requireNonNull(deletedState, "deletedState");
    check("api-limit", limit, 0, 100_000);
    check("api-quota-status", quotaStatus, 400, 599);
    check("api-page-size", pageSize, 1, 1_000);
    check("api-container-keys", containerKeys, 1, 10_000);
    if (pageTokenLife.isZero() || pageTokenLife.isNegative()) {
      throw new IllegalArgumentException(
          "setting api-page-token-life: got " + pageTokenLife.toMillis() + "ms — 1ms or more");
    }
  }

  /** 50 calls in 24 hours, and what other clients have seen. */
  public static ApiRules likeBmw() {
    return new ApiRules(50, Reset.ROLLING, 403, 10, Duration.ofMinutes(10), false, "DELETED", 200);
  }

  /** The same with another number of calls. */
  public ApiRules withLimit(int calls) {
    return with("api-limit", Integer.toString(calls));
  }

  /** The same with another reading of the reset. */
  public ApiRules withReset(Reset other) {
    return with("api-quota-reset", other.name().toLowerCase(Locale.ROOT));
  }

  /** The same with so many entries on a page. */
  public ApiRules withPageSize(int entries) {
    return with("api-page-size", Integer.toString(entries));
  }

  /** The same with one value changed; names are those of {@link #addTo}. */
  ApiRules with(String name, String text) {
    return new ApiRules(
        name.equals("api-limit") ? number(name, text) : limit,
        name.equals("api-quota-reset") ? reset(text) : reset,
        name.equals("api-quota-status") ? number(name, text) : quotaStatus,
        name.equals("api-page-size") ? number(name, text) : pageSize,
        name.equals("api-page-token-life") ? Span.parse(text) : pageTokenLife,
        name.equals("api-mappings-as-object") ? flag(name, text) : mappingsAsObject,
        name.equals("api-deleted-state") ? text : deletedState,
        name.equals("api-container-keys") ? number(name, text) : containerKeys);
  }

  /** Whether a value of that name exists. */
  boolean knows(String name) {
    return addTo(new JsonObject()).containsKey(name);
  }

  /** Adds all values under their names in the control API. */
  JsonObject addTo(JsonObject json) {
    return json.put("api-limit", limit)
        .put("api-quota-reset", reset.name().toLowerCase(Locale.ROOT))
        .put("api-quota-status", quotaStatus)
        .put("api-page-size", pageSize)
        .put("api-page-token-life", Span.write(pageTokenLife))
        .put("api-mappings-as-object", mappingsAsObject)
        .put("api-deleted-state", deletedState)
        .put("api-container-keys", containerKeys);
  }

  private static Reset reset(String text) {
    return switch (text) {
      case "rolling" -> Reset.ROLLING;
      case "midnight" -> Reset.MIDNIGHT;
      default ->
          throw new IllegalArgumentException(
              "setting api-quota-reset: got '" + text + "' — write rolling or midnight");
    };
  }

  private static boolean flag(String name, String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException(
          "setting " + name + ": got '" + text + "' — write true or false");
    }
    return Boolean.parseBoolean(text);
  }

  private static int number(String name, String text) {
    if (!text.matches("\\d{1,9}")) {
      throw new IllegalArgumentException(
          "setting " + name + ": got '" + text + "' — write a whole number");
    }
    return Integer.parseInt(text);
  }

  private static void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "setting " + name + ": got " + value + " — " + least + " to " + most);
    }
  }
}
