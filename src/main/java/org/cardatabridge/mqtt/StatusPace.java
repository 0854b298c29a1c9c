// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Decides when the bridge's status is worth a publication: when a state changed and has held for a
 * moment, so that the hourly change of credentials shows nowhere, and otherwise, for its counters,
 * now and then. Safe for use by many threads.
 */
public final class StatusPace {

  /** How long a new state must hold; one that never holds is told after {@link #AT_LEAST}. */
  public static final Duration HOLD = Duration.ofSeconds(5);

  /** How often an unchanged status goes out, if its text differs. */
  public static final Duration AT_LEAST = Duration.ofSeconds(30);

  private final Clock clock;
  private final LongSupplier connects;
  private final ObjectMapper mapper = new ObjectMapper();
  private List<String> toldStates;
  private String toldText;
  private Instant toldAt = Instant.MIN;
  private long toldConnects;
  private List<String> pendingStates;
  private Instant pendingSince;
  private Instant unsettledSince;

  /**
   * A pace by this clock.
   *
   * @param connects how often the local broker let us in; each time, everything is told anew
   */
  public StatusPace(Clock clock, LongSupplier connects) {
    this.clock = clock;
    this.connects = connects;
  }

  /**
   * Whether this status should go out now; an answer of true counts as told.
   *
   * @param json the status, with its states anywhere in fields called {@code state}
   */
  public synchronized boolean isDue(String json) throws IOException {
    Instant now = clock.instant();
    List<String> states = new ArrayList<>();
    collectStates(mapper.readTree(json), states);
    if (toldStates == null || connects.getAsLong() != toldConnects) {
      return tell(json, states, now);
    }
    if (states.equals(toldStates)) {
      pendingStates = null;
      unsettledSince = null;
      boolean rested = !now.isBefore(toldAt.plus(AT_LEAST));
      return rested && !json.equals(toldText) && tell(json, states, now);
    }
    if (!states.equals(pendingStates)) {
      pendingStates = states;
      pendingSince = now;
    }
    if (unsettledSince == null) {
      unsettledSince = now;
    }
    boolean held = !now.isBefore(pendingSince.plus(HOLD));
    boolean restless = !now.isBefore(unsettledSince.plus(AT_LEAST));
    return (held || restless) && tell(json, states, now);
  }

  private boolean tell(String json, List<String> states, Instant now) {
    toldStates = states;
    toldText = json;
    toldAt = now;
    toldConnects = connects.getAsLong();
    pendingStates = null;
    unsettledSince = null;
    return true;
  }

  private static void collectStates(JsonNode node, List<String> states) {
    if (node.isObject() && node.has("name")) {
      states.add(node.path("name").asText());
    }
    if (node.isObject() && node.has("state")) {
      states.add(node.path("state").asText());
    }
    node.forEach(child -> collectStates(child, states));
  }
}
