// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarEventJson;
import org.cardatabridge.journal.EventRefusedException;
import org.junit.jupiter.api.Test;

class LineProtocolTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private final LineProtocol protocol = new LineProtocol("cardata");

  private static CarEvent event(String vehicle, String key, Object value, Instant at) {
    return new CarEvent("main", "VIN", vehicle, key, value, "km", at, NOON, "stream");
  }

  private String line(Object value) {
    return protocol.lines(List.of(event("ix", "vehicle.x", value, NOON)));
  }

  @Test
  void eachKindOfValueHasAFieldOfItsOwn() {
    String start = "cardata,vehicle=ix,key=vehicle.x ";
    String end = " 1769860800000000\n";
    assertThat(line(81623L)).isEqualTo(start + "value=81623" + end);
    assertThat(line(81.5)).isEqualTo(start + "value=81.5" + end);
    assertThat(line(new BigDecimal("0.10"))).isEqualTo(start + "value=0.1" + end);
    assertThat(line(true)).isEqualTo(start + "value_b=true" + end);
    assertThat(line("A \"b\" \\c")).isEqualTo(start + "value_s=\"A \\\"b\\\" \\\\c\"" + end);
    assertThat(line(List.of(1L, "x"))).isEqualTo(start + "value_s=\"[1,\\\"x\\\"]\"" + end);
  }

  @Test
  void whatIsNotAvailableIsLeftOut() {
    assertThat(line(null)).isEmpty();
  }

  @Test
  void aNumberThatNoFloatHoldsIsRefusedWithoutItsValue() {
    for (Object odd : List.of(new BigDecimal("1e400"), Double.NaN, Double.NEGATIVE_INFINITY)) {
      assertThatThrownBy(() -> line(odd))
          .isInstanceOf(EventRefusedException.class)
          .hasMessageContaining("vehicle.x")
          .hasMessageNotContaining(odd.toString());
    }
    assertThatThrownBy(() -> protocol.lines(List.of(event("ix", "k", 1L, Instant.MAX))))
        .isInstanceOf(EventRefusedException.class);
  }

  @Provide
  Arbitrary<String> names() {
    Arbitrary<Character> odd = Arbitraries.of(',', '=', ' ', '\\', '"', '\n', '\t', '#', '.', 'é');
    Arbitrary<Character> any =
        Arbitraries.oneOf(odd, Arbitraries.chars().alpha(), Arbitraries.chars().all())
            .filter(c -> !Character.isSurrogate(c));
    return any.array(char[].class).ofMinSize(1).ofMaxSize(12).map(String::new);
  }

  @Provide
  Arbitrary<Object> values() {
    Arbitrary<Object> texts = names().map(s -> s);
    Arbitrary<Object> longs = Arbitraries.longs().map(n -> n);
    Arbitrary<Object> doubles = Arbitraries.doubles().map(n -> n);
    Arbitrary<Object> decimals = Arbitraries.bigDecimals().map(n -> n);
    Arbitrary<Object> flags = Arbitraries.of(true, false);
    Arbitrary<Object> maps = names().map(s -> Map.of(s, List.of(s, 1L, true)));
    return Arbitraries.oneOf(texts, longs, doubles, decimals, flags, maps).injectNull(0.1);
  }

  @Provide
  Arbitrary<CarEvent> events() {
    Arbitrary<Instant> times =
        Arbitraries.longs()
            .between(-9_000_000_000_000_000L, 9_000_000_000_000_000L)
            .map(us -> Instant.EPOCH.plusSeconds(us / 1_000_000).plusNanos(us % 1_000_000 * 1000));
    return Combinators.combine(names(), names(), values(), times)
        .as((vehicle, key, value, time) -> event(vehicle, key, value, time));
  }

  @Property(tries = 2000)
  void aParserReadsBackWhatWasWritten(
      @ForAll("names") String measurement,
      @ForAll @Size(max = 5) List<@net.jqwik.api.From("events") CarEvent> events) {
    String name = measurement.startsWith("#") ? "m" + measurement : measurement;
    List<LineParser.Point> read = LineParser.parse(new LineProtocol(name).lines(events));
    List<CarEvent> written = events.stream().filter(e -> e.value() != null).toList();
    assertThat(read).hasSameSizeAs(written);
    for (int i = 0; i < read.size(); i++) {
      CarEvent event = written.get(i);
      LineParser.Point point = read.get(i);
      assertThat(point.measurement()).isEqualTo(tame(name));
      Map<String, String> tags = new LinkedHashMap<>();
      tags.put("vehicle", tame(event.vehicle()));
      tags.put("key", tame(event.key()));
      assertThat(point.tags()).isEqualTo(tags);
      assertThat(point.fields()).isEqualTo(field(event.value()));
      Instant time = event.timestamp();
      assertThat(point.time()).isEqualTo(time.getEpochSecond() * 1_000_000 + time.getNano() / 1000);
    }
  }

  /** The two things that no name in this protocol can hold. */
  private static String tame(String name) {
    return name.replaceAll("\\p{Cc}", "_").replace('\\', '/');
  }

  private static Map<String, Object> field(Object value) {
    if (value instanceof Number number) {
      // 0.0 stands for -0.0 too
      return Map.of("value", number.doubleValue() == 0 ? 0.0 : number.doubleValue());
    }
    if (value instanceof Boolean) {
      return Map.of("value_b", value);
    }
    return Map.of("value_s", value instanceof String text ? text : CarEventJson.value(value));
  }

  @Test
  void anEmptyNameLeavesItsTagOut() {
    assertThat(protocol.lines(Arrays.asList(event("", "k", 1L, NOON))))
        .isEqualTo("cardata,key=k value=1 1769860800000000\n");
  }
}
