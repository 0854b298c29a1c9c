// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A list of steps that are carried out one after the other: operations, pauses, and waiting for a
 * session. Used on one thread.
 */
final class Scenario {

  private static final long LOOK_EACH_MILLIS = 20;
  private static final int MOST_STEPS = 100_000;

  private final Vertx vertx;
  private final World world;
  private final Operations operations;
  private final List<JsonObject> steps = new ArrayList<>();
  private int next;
  private String error;
  private boolean stopped;

  /** Checks the steps; throws {@link IllegalArgumentException} with a sentence for a bad one. */
  Scenario(Vertx vertx, World world, Operations operations, JsonArray steps) {
    this.vertx = vertx;
    this.world = world;
    this.operations = operations;
    unfold(steps);
  }

  private void unfold(JsonArray list) {
    for (Object o : list) {
      if (!(o instanceof JsonObject step)) {
        throw new IllegalArgumentException(
            "reading a scenario: a step is no object — write {\"do\":…}, {\"wait\":…}, "
                + "{\"await\":…} or {\"repeat\":…}");
      }
      if (step.containsKey("repeat")) {
        for (int i = 0; i < step.getInteger("repeat"); i++) {
          unfold(step.getJsonArray("steps", new JsonArray()));
        }
      } else {
        check(step);
        steps.add(step);
      }
      if (steps.size() > MOST_STEPS) {
        throw new IllegalArgumentException(
            "reading a scenario: more than " + MOST_STEPS + " steps — repeat less often");
      }
    }
  }

  private void check(JsonObject step) {
    if (step.containsKey("wait")) {
      Span.parse(step.getString("wait"));
    } else if (step.containsKey("await")) {
      String what = step.getString("await");
      if (!what.equals("subscribed") && !what.equals("disconnected")) {
        throw new IllegalArgumentException(
            "reading a scenario: cannot await '" + what + "' — take subscribed or disconnected");
      }
      Span.parse(step.getString("within", "60s"));
    } else if (!operations.names().contains(step.getString("do", ""))) {
      throw new IllegalArgumentException(
          "reading a scenario: no operation in "
              + step.fieldNames()
              + " — 'do' takes one of "
              + operations.names());
    }
  }

  /** Carries the steps out from the first on. */
  void run() {
    while (!stopped && error == null && next < steps.size()) {
      JsonObject step = steps.get(next++);
      if (step.containsKey("wait")) {
        vertx.setTimer(Math.max(1, Span.parse(step.getString("wait")).toMillis()), t -> run());
        return;
      }
      if (step.containsKey("await")) {
        Duration patience = Span.parse(step.getString("within", "60s"));
        look(step, patience.toMillis() / LOOK_EACH_MILLIS);
        return;
      }
      try {
        JsonObject arguments = step.copy();
        operations.perform((String) arguments.remove("do"), arguments);
      } catch (IllegalArgumentException e) {
        error = "step " + next + ": " + e.getMessage();
      }
    }
  }

  private void look(JsonObject step, long looksLeft) {
    String gcid =
        world.accounts().named(step.getString("clientId", step.getString("gcid"))).config().gcid();
    boolean subscribed = world.broker().session(gcid).filter(Session::isSubscribed).isPresent();
    boolean open = world.broker().session(gcid).isPresent();
    boolean met = step.getString("await").equals("subscribed") ? subscribed : !open;
    if (met || stopped) {
      run();
    } else if (looksLeft <= 0) {
      error = "step " + next + ": waited in vain for " + step.getString("await");
    } else {
      vertx.setTimer(LOOK_EACH_MILLIS, t -> look(step, looksLeft - 1));
    }
  }

  void stop() {
    stopped = true;
  }

  /** How far it is. */
  JsonObject toJson() {
    return new JsonObject()
        .put("steps", steps.size())
        .put("done", next)
        .put("running", !stopped && error == null && next < steps.size())
        .put("error", error);
  }
}
