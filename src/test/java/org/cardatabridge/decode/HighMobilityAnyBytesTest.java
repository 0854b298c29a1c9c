// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.cardatabridge.decode.Points.NOW;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.cardatabridge.CarEvent;
import org.cardatabridge.highmobility.Facts;

/** Whatever High Mobility sends: nothing thrown, and either points or a reason. */
class HighMobilityAnyBytesTest {

  private static final List<String> MESSAGES =
      List.of(
          "v1-measure.json",
          "v1-list-of-objects.json",
          "v1-capability-level-missing.json",
          "v1-numbers-and-fractions.json",
          "v1-unknown-shapes.json",
          "v2-bmw.json",
          "v2-mercedes.json",
          "v2-fiat.json",
          "list-of-one-message.json");

  private final Facts facts = new Facts();
  private final HighMobilityDecoder decoder = new HighMobilityDecoder(facts, true);
  private final Catalogue catalogue = new Catalogue();
  private final Units units = new Units(Points.settings(), catalogue);
  private final Positions positions = new Positions();
  private final ObjectMapper json = new ObjectMapper();

  private List<CarEvent> check(byte[] payload) {
    byte[] before = payload.clone();
    Decoded decoded =
        decoder.decode(payload, "fleet", "highmobility", "live/level13/app/v/c/get/p", NOW);

    assertThat(payload).isEqualTo(before);
    assertThatCode(() -> MessageId.of(payload)).doesNotThrowAnyException();
    if (decoded.unreadable() != null) {
      assertThat(decoded.points()).isEmpty();
    }
    List<CarEvent> flat = positions.pair(units.convert(catalogue.type(decoded.points())));
    for (CarEvent point : flat) {
      assertThat(point.key()).matches("[^/+#\\p{Cc}]{1,255}");
      assertThat(point.vin()).isNotEmpty().doesNotContain("/", "+", "#");
      assertIsPlain(point.value());
      assertThatCode(() -> json.writeValueAsBytes(point.value())).doesNotThrowAnyException();
    }
    return flat;
  }

  private static void assertIsPlain(Object value) {
    if (value instanceof Map<?, ?> map) {
      map.values().forEach(HighMobilityAnyBytesTest::assertIsPlain);
    } else if (value instanceof List<?> list) {
      list.forEach(HighMobilityAnyBytesTest::assertIsPlain);
    } else if (value instanceof Double number) {
      assertThat(number).isFinite();
    } else if (value != null) {
      assertThat(value)
          .isInstanceOfAny(Boolean.class, Long.class, String.class, java.math.BigDecimal.class);
    }
  }

  private static byte[] fixture(String name) {
    return Points.payload("highmobility/" + name);
  }

  @Property(tries = 500)
  void randomBytes(@ForAll @Size(max = 1000) byte[] payload) {
    check(payload);
  }

  @Property(tries = 500)
  void aMessageWithBytesTurned(
      @ForAll("message") String name,
      @ForAll @Size(min = 1, max = 5) List<@IntRange(max = 100_000) Integer> places,
      @ForAll byte with) {
    byte[] payload = fixture(name);
    places.forEach(place -> payload[place % payload.length] = with);

    check(payload);
  }

  @Property(tries = 300)
  void aMessageCutOffIsNeverHalfRead(
      @ForAll("message") String name, @ForAll @IntRange(max = 100_000) int at) {
    byte[] whole =
        new String(fixture(name), StandardCharsets.UTF_8).trim().getBytes(StandardCharsets.UTF_8);

    assertThat(check(Arrays.copyOf(whole, at % whole.length))).isEmpty();
  }

  @Property(tries = 1000)
  void anyJsonAnywhere(
      @ForAll("name") String capability,
      @ForAll("name") String property,
      @ForAll("jsonValue") String value,
      @ForAll("jsonValue") String data,
      @ForAll("jsonValue") String timestamp) {
    String inner = "{" + quoted(capability) + ":{" + quoted(property) + ":" + value + "}}";
    String wrapped = "[{\"data\":" + data + ",\"timestamp\":" + timestamp + "}]";
    for (String held :
        List.of(inner, value, data, inner.replace(value, wrapped), "{\"x\":" + wrapped + "}")) {
      check(
          ("{\"vin\":\"v\",\"version\":2,\"timestamp\":" + timestamp + ",\"data\":" + held + "}")
              .getBytes(StandardCharsets.UTF_8));
      check(
          ("{\"vin\":\"v\",\"capability\":"
                  + value
                  + ",\"message_id\":"
                  + data
                  + ",\"data\":"
                  + held
                  + "}")
              .getBytes(StandardCharsets.UTF_8));
    }
  }

  @Property(tries = 30)
  void anyDepth(@ForAll @IntRange(max = 20_000) int depth, @ForAll boolean closed) {
    String open = "[{\"data\":".repeat(depth / 2);
    String close = closed ? "1" + "}]".repeat(depth / 2) : "";

    check((open + close).getBytes(StandardCharsets.UTF_8));
    check(
        ("{\"vin\":\"v\",\"data\":{\"doors\":{\"locks\":" + open + close + "}}}")
            .getBytes(StandardCharsets.UTF_8));
  }

  @Property(tries = 300)
  void theOrderOfMembersMakesNoDifference(@ForAll("message") String name, @ForAll long seed)
      throws IOException {
    JsonNode message = json.readTree(fixture(name));
    byte[] shuffled = json.writeValueAsBytes(shuffled(message, new Random(seed)));

    assertThat(said(check(shuffled))).isEqualTo(said(check(fixture(name))));
  }

  /** What is said of each key; the position is derived once for both. */
  private static Set<Object> said(List<CarEvent> points) {
    return points.stream()
        .filter(point -> !point.source().equals("derived"))
        .map(
            point ->
                (Object) Arrays.asList(point.key(), point.value(), point.unit(), point.timestamp()))
        .collect(Collectors.toSet());
  }

  private JsonNode shuffled(JsonNode node, Random random) {
    if (node.isArray()) {
      ArrayNode copy = json.createArrayNode();
      node.forEach(item -> copy.add(shuffled(item, random)));
      return copy;
    }
    if (!node.isObject()) {
      return node;
    }
    List<Map.Entry<String, JsonNode>> members = new ArrayList<>(node.properties());
    Collections.shuffle(members, random);
    ObjectNode copy = json.createObjectNode();
    members.forEach(member -> copy.set(member.getKey(), shuffled(member.getValue(), random)));
    return copy;
  }

  @Provide
  Arbitrary<String> message() {
    return Arbitraries.of(MESSAGES);
  }

  @Provide
  Arbitrary<String> name() {
    List<String> known = new ArrayList<>(facts.capabilities());
    facts.all().forEach(property -> known.add(property.name()));
    known.addAll(List.of("data", "value", "unit", "failure", "timestamp", "location", "vin", ""));
    return Arbitraries.oneOf(Arbitraries.of(known), Arbitraries.strings().ofMaxLength(300));
  }

  @Provide
  Arbitrary<String> jsonValue() {
    Arbitrary<String> words =
        Arbitraries.of(
            "null",
            "true",
            "NaN",
            "0.5",
            "1",
            "-1e308",
            "1e309",
            "1e999999999",
            "\"unknown\"",
            "\"0.5\"",
            "{\"unit\":\"miles_per_gallon\",\"value\":0}",
            "{\"unit\":\"percent\",\"value\":\"x\"}",
            "{\"unit\":\"bars\",\"value\":1e308}",
            "{\"latitude\":50.5,\"longitude\":10.5}",
            "{\"latitude\":\"x\",\"longitude\":null}",
            "\"2026-03-01T12:00:00Z\"",
            "\"\\ud800\"");
    Arbitrary<String> scalar =
        Arbitraries.oneOf(
            words,
            Arbitraries.longs().map(String::valueOf),
            Arbitraries.doubles().map(String::valueOf),
            Arbitraries.bigIntegers().map(String::valueOf));
    Arbitrary<String> names =
        Arbitraries.of("data", "value", "unit", "failure", "timestamp", "hour", "coordinates");
    return Arbitraries.lazyOf(
        () -> scalar,
        () -> scalar,
        () -> jsonValue().list().ofMaxSize(3).map(l -> "[" + String.join(",", l) + "]"),
        () ->
            Combinators.combine(names, jsonValue(), names, jsonValue())
                .as((k, v, m, w) -> "{" + quoted(k) + ":" + v + "," + quoted(m) + ":" + w + "}"));
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.chars().forEach(c -> quoted.append(String.format("\\u%04x", c)));
    return quoted.append('"').toString();
  }
}
