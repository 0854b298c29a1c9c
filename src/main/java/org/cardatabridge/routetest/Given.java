// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routetest;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;

/** One thing that comes in. Immutable. */
sealed interface Given {

  /** A data point for the sinks of the file. */
  record Event(CarEvent event) implements Given {}

  /** A whole message; {@code to} is a route's id, empty for the sinks or the first route. */
  record Message(CarMessage message, Optional<String> to, int line) implements Given {}

  /** What a route gets directly. */
  record Direct(
      Object body,
      Map<String, Object> headers,
      Map<String, Object> properties,
      Optional<String> to,
      int line)
      implements Given {}

  /** The car of whoever names none. */
  String VIN = "WBY00TEST00000001";

  /** The time of the first event. */
  Instant FIRST = Instant.parse("2026-01-31T12:00:00Z");

  Set<String> EVENT =
      Set.of(
          "key", "value", "unit", "vin", "vehicle", "account", "timestamp", "received", "source");

  Set<String> KNOWN =
      Set.of(
          "event",
          "message",
          "body",
          "to",
          "account",
          "source",
          "topic",
          "received",
          "headers",
          "properties");

  /** What a list says. */
  static List<Given> of(YamlPart list) {
    List<Given> all = new ArrayList<>();
    for (YamlPart item : list.items()) {
      all.add(of(item, FIRST.plusSeconds(all.size())));
    }
    if (all.isEmpty()) {
      throw list.wrong("'given' takes at least one event, message or body");
    }
    return all;
  }

  private static Given of(YamlPart item, Instant now) {
    Map<String, YamlPart> entries = item.entries(KNOWN);
    long kinds = Set.of("event", "message", "body").stream().filter(entries::containsKey).count();
    if (kinds != 1) {
      throw item.wrong("takes one of event, message and body");
    }
    Optional<String> to = item.find("to").map(YamlPart::text);
    if (entries.containsKey("event")) {
      only(item, Set.of("event"));
      return new Event(event(entries.get("event"), now));
    }
    if (entries.containsKey("message")) {
      only(item, Set.of("message", "to", "account", "source", "topic", "received"));
      CarMessage message =
          new CarMessage(
              text(item, "account", "main"),
              text(item, "source", "stream"),
              text(item, "topic", "gcid/" + VIN),
              item.find("received").map(Given::time).orElse(now),
              bytes(entries.get("message")),
              List.of());
      return new Message(message, to, item.line());
    }
    only(item, Set.of("body", "to", "headers", "properties"));
    return new Direct(
        body(entries.get("body")),
        plain(item, "headers"),
        plain(item, "properties"),
        to,
        item.line());
  }

  private static void only(YamlPart item, Set<String> known) {
    item.entries(known);
  }

  private static CarEvent event(YamlPart part, Instant now) {
    Map<String, YamlPart> entries = part.entries(EVENT);
    if (!entries.containsKey("key") || !entries.containsKey("value")) {
      throw part.wrong("'event' needs key and value");
    }
    String vin = text(part, "vin", VIN);
    Instant timestamp = part.find("timestamp").map(Given::time).orElse(now);
    return new CarEvent(
        text(part, "account", "main"),
        vin,
        text(part, "vehicle", vin),
        entries.get("key").text(),
        entries.get("value").plain(),
        part.find("unit").filter(unit -> unit.value() != null).map(YamlPart::text).orElse(null),
        timestamp,
        part.find("received").map(Given::time).orElse(timestamp),
        text(part, "source", "stream"));
  }

  private static String text(YamlPart part, String key, String otherwise) {
    return part.find(key).map(YamlPart::text).orElse(otherwise);
  }

  private static Instant time(YamlPart part) {
    try {
      return Instant.parse(part.text());
    } catch (DateTimeException e) {
      throw part.wrong("'" + part.name() + "' takes a time such as 2026-01-31T12:00:00Z");
    }
  }

  private static Map<String, Object> plain(YamlPart item, String key) {
    Map<String, Object> all = new HashMap<>();
    item.find(key)
        .ifPresent(part -> part.entries().forEach((name, value) -> all.put(name, value.plain())));
    return all;
  }

  private static byte[] bytes(YamlPart part) {
    Object body = body(part);
    return body == null ? new byte[0] : body.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A text as it is, anything else as JSON; null stays null. */
  static Object body(YamlPart part) {
    if (part.value() == null) {
      return null;
    }
    return part.isList() || part.isMap() ? BodyText.json(part.plain()) : part.text();
  }
}
