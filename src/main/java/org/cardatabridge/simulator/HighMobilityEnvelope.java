// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** The topics of one car and the JSON around its properties, in both generations. One thread. */
final class HighMobilityEnvelope {

  /** A message and where it goes. */
  record Letter(String topic, JsonObject json) {}

  /** Numbers messages as High Mobility does: 64 hex characters that never come again. */
  static final class Ids {
    private final byte[] run = new byte[24];
    private long last;

    Ids() {
      new SecureRandom().nextBytes(run);
    }

    String next() {
      byte[] id = ByteBuffer.allocate(32).put(run).putLong(++last).array();
      return HexFormat.of().withUpperCase().formatHex(id);
    }
  }

  private final HighMobilityApp app;
  private final String vin;
  private final Ids ids;

  HighMobilityEnvelope(HighMobilityApp app, String vin, Ids ids) {
    this.app = app;
    this.vin = vin;
    this.ids = ids;
  }

  String vin() {
    return vin;
  }

  boolean isFirst() {
    return app.generation() == HighMobilityApp.Generation.V1;
  }

  /** Where a property is published. */
  String topic(String capability, String property) {
    return isFirst() ? app.root() + "/" + vin + "/" + capability + "/get/" + property : app.root();
  }

  /** Messages with these points: one for each, or as few as hold them all. */
  List<Letter> around(List<HighMobilityPoint> points) {
    List<Letter> letters = new ArrayList<>();
    List<HighMobilityPoint> together = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (HighMobilityPoint p : points) {
      if (isFirst()) {
        letters.add(first(p));
      } else {
        if (!keys.add(p.key())) {
          letters.add(second(together));
          together.clear();
          keys.clear();
          keys.add(p.key());
        }
        together.add(p);
      }
    }
    if (!together.isEmpty()) {
      letters.add(second(together));
    }
    return letters;
  }

  private Letter first(HighMobilityPoint p) {
    JsonObject data =
        new JsonObject().put(p.capability(), new JsonObject().put(p.property(), p.first()));
    return new Letter(
        topic(p.capability(), p.property()),
        head(p.capability(), p.property())
            .put("timestamp", HighMobilityPoint.time(p.at()))
            .put("data", data));
  }

  private Letter second(List<HighMobilityPoint> points) {
    JsonObject data = new JsonObject();
    for (HighMobilityPoint p : points) {
      if (!data.containsKey(p.capability())) {
        data.put(p.capability(), new JsonObject());
      }
      data.getJsonObject(p.capability()).put(p.property(), p.second());
    }
    return new Letter(app.root(), head().put("data", data));
  }

  /** A message of the first generation without time and data. */
  JsonObject head(String capability, String property) {
    return new JsonObject()
        .put("message_id", ids.next())
        .put("version", 1)
        .put("vin", vin)
        .put("capability", capability)
        .put("property", property);
  }

  /** A message of the second generation without data. */
  JsonObject head() {
    return new JsonObject()
        .put("version", 2)
        .put("application_id", app.appId())
        .put("message_id", ids.next())
        .put("vin", vin);
  }
}
