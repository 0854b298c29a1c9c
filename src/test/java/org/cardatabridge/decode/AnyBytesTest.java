// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.cardatabridge.decode.Points.NOW;
import static org.cardatabridge.decode.Points.VIN;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.cardatabridge.CarEvent;

/** Whatever the bytes are: nothing thrown, and either points or a reason. */
class AnyBytesTest {

  private static final List<String> MESSAGES =
      List.of(
          "many-descriptors.json",
          "sentinels.json",
          "nested-values.json",
          "position-in-one-message.json",
          "miles-fahrenheit-gallons.json",
          "odd-but-readable.json");

  private final Decoder decoder = new Decoder();
  private final Catalogue catalogue = new Catalogue();
  private final Vehicles vehicles = new Vehicles(Points.settings());
  private final Units units = new Units(Points.settings(), catalogue);
  private final Positions positions = new Positions();
  private final ObjectMapper json = new ObjectMapper();

  /** Runs the whole chain and checks what holds for each outcome. */
  private Decoded check(byte[] payload) {
    byte[] before = payload.clone();
    Decoded decoded = decoder.decode(payload, "main", "stream", "gcid/" + VIN, NOW);

    assertThat(payload).isEqualTo(before);
    if (decoded.unreadable() != null) {
      assertThat(decoded.points()).isEmpty();
    }
    List<CarEvent> flat =
        positions.pair(units.convert(catalogue.type(vehicles.choose(decoded.points()))));
    for (CarEvent point : flat) {
      assertThat(point.key()).matches("[^/+#\\p{Cc}]{1,255}");
      assertThat(point.vin()).isNotEmpty().doesNotContain("/", "+", "#");
      assertIsPlain(point.value());
      assertThatCode(() -> json.writeValueAsBytes(point.value())).doesNotThrowAnyException();
    }
    return decoded;
  }

  private static void assertIsPlain(Object value) {
    if (value instanceof Map<?, ?> map) {
      map.values().forEach(AnyBytesTest::assertIsPlain);
    } else if (value instanceof List<?> list) {
      list.forEach(AnyBytesTest::assertIsPlain);
    } else if (value instanceof Double number) {
      assertThat(number).isFinite();
    } else if (value instanceof BigDecimal number) {
      assertThat(number.toPlainString().length()).isLessThan(3000);
    } else if (value != null) {
      assertThat(value).isInstanceOfAny(Boolean.class, Long.class, String.class);
    }
  }

  @Property
  void randomBytes(@ForAll @Size(max = 2000) byte[] payload) {
    check(payload);
  }

  @Property
  void randomText(@ForAll String text) {
    check(text.getBytes(StandardCharsets.UTF_8));
    check(text.getBytes(StandardCharsets.UTF_16LE));
  }

  @Property
  void aMessageWithBytesTurned(
      @ForAll("message") String name,
      @ForAll @Size(min = 1, max = 5) List<@IntRange(max = 100_000) Integer> places,
      @ForAll byte with) {
    byte[] payload = Points.payload(name);
    places.forEach(place -> payload[place % payload.length] = with);

    check(payload);
  }

  @Property
  void aMessageCutOffIsNeverHalfRead(
      @ForAll("message") String name, @ForAll @IntRange(max = 100_000) int at) {
    byte[] payload =
        new String(Points.payload(name), StandardCharsets.UTF_8)
            .trim()
            .getBytes(StandardCharsets.UTF_8);

    Decoded decoded = check(Arrays.copyOf(payload, at % payload.length));

    assertThat(decoded.unreadable()).isNotNull();
  }

  @Property
  void aMessageWithAPieceTwice(
      @ForAll("message") String name,
      @ForAll @IntRange(max = 100_000) int from,
      @ForAll @IntRange(max = 300) int length) {
    String text = new String(Points.payload(name), StandardCharsets.UTF_8);
    int start = from % text.length();
    int end = Math.min(text.length(), start + length);

    check((text.substring(0, end) + text.substring(start)).getBytes(StandardCharsets.UTF_8));
  }

  @Property
  void anyJsonInTheShapeOfAMessage(
      @ForAll("key") String key,
      @ForAll("jsonValue") String value,
      @ForAll("jsonValue") String unit,
      @ForAll("jsonValue") String timestamp) {
    String message =
        "{\"data\":{"
            + quoted(key)
            + ":{\"value\":"
            + value
            + ",\"unit\":"
            + unit
            + ",\"timestamp\":"
            + timestamp
            + "}},\"timestamp\":"
            + timestamp
            + "}";

    Decoded decoded = check(message.getBytes(StandardCharsets.UTF_8));

    assertThat(decoded.unreadable()).isIn(null, Unreadable.BAD_NAMES);
  }

  @Property
  void aTextValueOfAnUnknownDescriptorComesOutAsItWentIn(@ForAll String text) {
    String message = "{\"data\":{\"vehicle.unknown\":{\"value\":" + quoted(text) + "}}}";
    String whole = new String(text.getBytes(StandardCharsets.UTF_16), StandardCharsets.UTF_16);

    Decoded decoded = check(message.getBytes(StandardCharsets.UTF_8));

    assertThat(decoded.points()).extracting(CarEvent::value).containsExactly(whole);
  }

  @Property(tries = 50)
  void anyDepth(@ForAll @IntRange(max = 20_000) int depth, @ForAll boolean closed) {
    String open = "[{\"a\":".repeat(depth / 2);
    String close = closed ? "1" + "}]".repeat(depth / 2) : "";

    check((open + close).getBytes(StandardCharsets.UTF_8));
    check(
        ("{\"data\":{\"vehicle.x\":{\"value\":" + open + close + "}}}")
            .getBytes(StandardCharsets.UTF_8));
  }

  @Provide
  Arbitrary<String> message() {
    return Arbitraries.of(MESSAGES);
  }

  @Provide
  Arbitrary<String> key() {
    List<String> known = catalogue.all().stream().map(Descriptor::key).toList();
    return Arbitraries.oneOf(Arbitraries.of(known), Arbitraries.strings().ofMaxLength(300));
  }

  @Provide
  Arbitrary<String> jsonValue() {
    Arbitrary<String> words =
        Arbitraries.of(
            "null",
            "true",
            "NaN",
            "-Infinity",
            "0",
            "-1",
            "1e308",
            "1e309",
            "-1e999999999",
            "2777774",
            "\"INVALID\"",
            "\"ASN_isTrue\"",
            "\"OPEN\"",
            "\"-NA-\"",
            "\"1e999999999\"",
            "\"km\"",
            "\"miles\"",
            "\"2026-03-01T12:00:00Z\"",
            "\"01.03.2026 12:00 UTC\"",
            "\"\\ud800\"");
    Arbitrary<String> scalar =
        Arbitraries.oneOf(
            words,
            Arbitraries.strings().map(AnyBytesTest::quoted),
            Arbitraries.longs().map(String::valueOf),
            Arbitraries.doubles().map(String::valueOf),
            Arbitraries.bigIntegers().map(String::valueOf));
    return Arbitraries.lazyOf(
        () -> scalar,
        () -> scalar,
        () -> jsonValue().list().ofMaxSize(3).map(l -> "[" + String.join(",", l) + "]"),
        () ->
            Combinators.combine(Arbitraries.strings().ofMaxLength(5), jsonValue())
                .as((k, v) -> "{" + quoted(k) + ":" + v + "," + quoted(k) + ":" + v + "}"));
  }

  /** A JSON string with every character escaped, half ones too. */
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.chars().forEach(c -> quoted.append(String.format("\\u%04x", c)));
    return quoted.append('"').toString();
  }
}
