// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.cardatabridge.CarEvent;

/**
 * The steps of {@code routes/rest-tyres.camel.yaml}: each datum that machines can read becomes a
 * key of its own, such as {@code tyreDiagnosis.frontLeft.tyreWear.dueMileage}. BMW's labels and
 * values in words, which change with the language, are left out. Safe for use by many threads.
 */
public final class TyreAnswer {

  private static final String RESOURCE = "smartMaintenanceTyreDiagnosis";
  private static final String PREFIX = "tyreDiagnosis";
  private static final String UNMOUNTED = PREFIX + ".unmounted";
  private static final int DEEPEST = 6;
  private static final int MOST = 500;
  private static final int LONGEST_TEXT = 255;
  private static final Set<String> WORDS = Set.of("label", "value", "unit", "timestamp");
  private static final Set<String> NUMBERS =
      Set.of("dueMileage", "sectionWidth", "aspectRatio", "rimDiameter", "loadIndex");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  /** The one datum that has nothing but its value; week or month and year read alike anywhere. */
  private static final String MADE = "tyreProductionDate";

  private static final Pattern MADE_AT = Pattern.compile("\\d{1,2}/\\d{2,4}|\\d{4}");

  private final BiFunction<String, String, Optional<CarEvent>> newest;
  private final Replies replies;

  /**
   * Makes data points of answers.
   *
   * @param newest the newest data point of a VIN and a key
   */
  public TyreAnswer(BiFunction<String, String, Optional<CarEvent>> newest, Clock clock) {
    this.newest = newest;
    this.replies = new Replies(clock);
  }

  /** What to ask. */
  public RestCall call(@Body RestRequest order) {
    return RestCall.get(order, RestPath.of(order.vin(), RESOURCE), Map.of());
  }

  /** The answer as flat keys; the data say how many. */
  public RestResult read(@Body Object body, @ExchangeProperty(Fetched.ORDER) RestRequest order) {
    RestReply reply = replies.of(body);
    if (!reply.isOk()) {
      return RestResult.of(reply.verdict());
    }
    JsonNode json = AnswerJson.read(reply.body());
    if (json == null || !json.isObject()) {
      return RestResult.unreadable(order);
    }
    JsonNode car = json.path("passengerCar").isObject() ? json.get("passengerCar") : json;
    boolean isTyres = car.has("mountedTyres") || car.has("unmountedTyres");
    if (!isTyres && !json.has("passengerCar") && !json.has("errors")) {
      return RestResult.unreadable(order);
    }
    Map<String, Datum> found = new LinkedHashMap<>();
    walk(car.path("mountedTyres"), PREFIX, "", 0, found);
    walk(car.path("unmountedTyres"), UNMOUNTED, "", 0, found);
    Points points = new Points(order.vin());
    Instant received = reply.received();
    found.forEach(
        (key, datum) -> points.addUndated(key, datum.value(), datum.unit(), received, newest));
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("values", points.size());
    if (json.path("errors").size() > 0) {
      data.put("errors", json.get("errors").size());
    }
    return new RestResult(
        RestVerdict.OK,
        points.size() == 0 ? List.of() : List.of(points.message(order, RESOURCE, received)),
        data);
  }

  private record Datum(Object value, String unit) {}

  private static void walk(
      JsonNode node, String path, String last, int depth, Map<String, Datum> to) {
    if (!node.isObject() || depth > DEEPEST) {
      return;
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String name = field.getKey();
      JsonNode value = field.getValue();
      if (!NAME.matcher(name).matches()) {
        continue;
      }
      if (value.isObject()) {
        walk(value, path + "." + name, name, depth + 1, to);
      } else if (!WORDS.contains(name)) {
        String key = name.equals(last) ? path : path + "." + name;
        put(key, datum(name, value, node), to);
      } else if (name.equals("value") && last.equals(MADE)) {
        String made = AnswerJson.text(node, "value");
        put(
            path,
            made != null && MADE_AT.matcher(made).matches() ? new Datum(made, null) : null,
            to);
      }
    }
  }

  private static void put(String key, Datum datum, Map<String, Datum> to) {
    if (datum != null && to.size() < MOST) {
      to.put(key, datum);
    }
  }

  /** Null for what says nothing. */
  private static Datum datum(String name, JsonNode value, JsonNode beside) {
    if (value.isBoolean() || value.isNumber()) {
      return new Datum(AnswerJson.plain(value), unit(name, beside));
    }
    String text = value.isTextual() ? value.asText().strip() : "";
    if (text.isEmpty() || text.length() > LONGEST_TEXT) {
      return null;
    }
    if (NUMBERS.contains(name)) {
      Number number = AnswerJson.number(text);
      return number == null ? null : new Datum(number, unit(name, beside));
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> new Datum(true, null);
      case "false" -> new Datum(false, null);
      default -> new Datum(text, null);
    };
  }

  private static String unit(String name, JsonNode beside) {
    String unit = name.equals("dueMileage") ? AnswerJson.text(beside, "unit") : null;
    if (unit == null) {
      return null;
    }
    return switch (unit.toUpperCase(Locale.ROOT)) {
      case "KILOMETER", "KILOMETERS", "KM" -> "km";
      case "MILE", "MILES", "MI" -> "mi";
      default -> null;
    };
  }
}
