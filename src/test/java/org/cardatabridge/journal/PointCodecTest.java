// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cardatabridge.journal.Samples.NOON;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.cardatabridge.CarEvent;

class PointCodecTest {

  private static final PointCodec.Frame FRAME = new PointCodec.Frame("main", "stream", NOON);

  private final Names names = new Names();
  private final PointCodec codec = new PointCodec(names);

  /** Any text that UTF-8 can hold. */
  private static Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(300).map(PointCodecTest::whole),
        Arbitraries.of("", "main", "stream", "km", "°C", "vehicle.a.b", "\u0000", "😀"));
  }

  private static String whole(String text) {
    byte[] utf8 = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return new String(utf8, java.nio.charset.StandardCharsets.UTF_8);
  }

  private static Arbitrary<Instant> times() {
    Arbitrary<Instant> any =
        Combinators.combine(
                Arbitraries.longs()
                    .between(Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()),
                Arbitraries.integers().between(0, 999_999_999))
            .as(Instant::ofEpochSecond);
    Arbitrary<Instant> millis =
        Arbitraries.longs().between(-100_000_000, 100_000_000).map(NOON::plusMillis);
    return Arbitraries.oneOf(
        millis,
        any,
        Arbitraries.of(
            Instant.MIN, Instant.MAX, Instant.EPOCH, NOON.plusNanos(1), NOON.plusNanos(1_000)));
  }

  private static Arbitrary<Object> values(int depth) {
    List<Arbitrary<Object>> kinds =
        new ArrayList<>(
            List.of(
                Arbitraries.just(null),
                Arbitraries.of(true, false).asGeneric(),
                Arbitraries.longs().asGeneric(),
                Arbitraries.doubles().asGeneric(),
                Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, -0.0, Double.MIN_VALUE)
                    .asGeneric(),
                Arbitraries.bigDecimals().asGeneric(),
                Arbitraries.of(new BigDecimal("1E+2000000000"), new BigDecimal("0.10")).asGeneric(),
                texts().asGeneric()));
    if (depth > 0) {
      kinds.add(values(depth - 1).list().ofMaxSize(4).asGeneric());
      kinds.add(Arbitraries.maps(texts(), values(depth - 1)).ofMaxSize(4).asGeneric());
    }
    return Arbitraries.oneOf(kinds);
  }

  @Provide
  Arbitrary<List<CarEvent>> events() {
    return Combinators.combine(
            texts(),
            texts(),
            texts(),
            texts(),
            values(3),
            texts().injectNull(0.3),
            times(),
            times())
        .as(
            (account, vin, vehicle, key, value, unit, timestamp, received) ->
                new CarEvent(
                    account.length() % 2 == 0 ? "main" : account,
                    vin,
                    vehicle.length() % 2 == 0 ? vin : vehicle,
                    key,
                    value,
                    unit,
                    timestamp,
                    received,
                    unit == null ? "stream" : unit))
        .list()
        .ofMaxSize(5);
  }

  @Property(tries = 200)
  void whatIsWrittenComesBack(@ForAll("events") List<CarEvent> all, @ForAll long which) {
    List<CarEvent> fresh = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if ((which >> i & 1) == 1) {
        fresh.add(all.get(i));
      }
    }
    PointCodec.Points back = codec.decode(FRAME, codec.encode(FRAME, all, fresh));
    assertThat(back.all()).isEqualTo(all);
    assertThat(back.fresh()).isEqualTo(fresh);
  }

  @Property(tries = 2_000)
  void anyBytesGiveDataPointsOrOneKindOfError(@ForAll byte[] bytes) {
    names.number("a name");
    byte[] withFormat = bytes.clone();
    if (bytes.length > 0) {
      withFormat[0] = 1;
    }
    decodeOrRefuse(bytes);
    decodeOrRefuse(withFormat);
  }

  @Property(tries = 200)
  void harmedBytesGiveDataPointsOrOneKindOfError(
      @ForAll("events") List<CarEvent> all,
      @ForAll int place,
      @ForAll byte harm,
      @ForAll boolean cut) {
    byte[] bytes = codec.encode(FRAME, all, all);
    int at = Math.floorMod(place, bytes.length);
    bytes[at] = harm;
    decodeOrRefuse(cut ? java.util.Arrays.copyOf(bytes, at) : bytes);
  }

  private void decodeOrRefuse(byte[] bytes) {
    try {
      assertThat(codec.decode(FRAME, bytes).all()).isNotNull();
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageStartingWith("data points ");
    }
  }

  @Example
  void bytesThatNestWithoutEndAreRefused() {
    byte[] nested = new byte[100_000];
    java.util.Arrays.fill(nested, (byte) 1);
    // One point: flags, two spelled empty names, the time, then lists of one list each.
    byte[] head = {1, 1, 0, 0, 0, 0, 0, 0, 0};
    System.arraycopy(head, 0, nested, 0, head.length);
    for (int i = head.length; i < nested.length; i += 2) {
      nested[i] = 7;
    }
    assertThatThrownBy(() -> codec.decode(FRAME, nested))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nested too deep");
  }

  @Example
  void namesBeyondThoseThatGetANumberAreSpelled() {
    for (int i = 0; i < Names.MOST; i++) {
      names.number("name" + i);
    }
    for (String key : List.of("one too many", "x".repeat(201), "name7")) {
      CarEvent event = Samples.event(key, 1L, NOON);
      assertThat(codec.decode(FRAME, codec.encode(FRAME, List.of(event), List.of(event))).all())
          .containsExactly(event);
    }
  }

  @Example
  void aDataPointTakesAboutTwentyBytes() {
    CarEvent event = Samples.event(80);
    int first = codec.encode(FRAME, List.of(event), List.of(event)).length;
    assertThat(first).isLessThan(20);
  }

  @Example
  void aLargeMessageLeavesNoLargeBufferBehind() {
    CarEvent large = Samples.event("a", "x".repeat(1_000_000), NOON);
    assertThat(codec.encode(FRAME, List.of(large), List.of())).hasSizeGreaterThan(1_000_000);
    codec.rest();
    CarEvent small = Samples.event(1);
    assertThat(codec.decode(FRAME, codec.encode(FRAME, List.of(small), List.of())).fresh())
        .isEmpty();
  }
}
