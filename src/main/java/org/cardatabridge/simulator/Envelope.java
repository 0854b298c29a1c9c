// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Map;

/** The JSON around data points, as BMW writes it. Immutable. */
final class Envelope {

  /** Milliseconds with trailing zeros dropped, as captured messages have them. */
  private static final DateTimeFormatter SENT =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
          .appendFraction(ChronoField.MILLI_OF_SECOND, 0, 3, true)
          .appendLiteral('Z')
          .toFormatter(java.util.Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final String gcid;
  private final String vin;

  Envelope(String gcid, String vin) {
    this.gcid = gcid;
    this.vin = vin;
  }

  /** {@code GCID/VIN}. */
  String topic() {
    return gcid + "/" + vin;
  }

  String vin() {
    return vin;
  }

  /** A message with these points. */
  JsonObject around(Instant sent, List<DataPoint> points) {
    JsonObject data = new JsonObject();
    points.forEach(p -> data.put(p.key(), p.toJson()));
    return around(sent, data);
  }

  /** A message with this data, whatever it is. */
  JsonObject around(Instant sent, JsonObject data) {
    return new JsonObject()
        .put("vin", vin)
        .put("entityId", gcid)
        .put("topic", vin)
        .put("timestamp", time(sent))
        .put("data", data);
  }

  /** A message with one descriptor whose entry is written out. */
  JsonObject around(Instant sent, String key, Map<String, Object> entry) {
    return around(sent, new JsonObject().put(key, new JsonObject(entry)));
  }

  static String time(Instant at) {
    return SENT.format(at);
  }
}
