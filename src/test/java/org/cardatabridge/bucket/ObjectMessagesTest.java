// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectMessagesTest {

  private static final String ONE = "{\"vin\":\"A\", \"n\" : 8050.40, \"data\":{\"x\":[1,{}]}}";
  private static final String TWO =
      "{\"message_id\":\"ü\\u00e9€\",\"data\":{\"l\":[{\"data\":\"a\"}]}}";

  private static ObjectMessages of(byte[] bytes) {
    return new ObjectMessages(new ByteArrayInputStream(bytes), bytes.length, () -> false);
  }

  private static List<String> texts(ObjectMessages messages) {
    List<String> texts = new ArrayList<>();
    messages.forEachRemaining(bytes -> texts.add(new String(bytes, StandardCharsets.UTF_8)));
    return texts;
  }

  private static ObjectMessages of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> all(String text) {
    ObjectMessages messages = of(text);
    List<String> texts = texts(messages);
    messages.check();
    return texts;
  }

  @Test
  void messagesAreTakenAsTheyCameFromEveryShape() {
    for (String shape :
        List.of(
            "[%s,%s]",
            "\uFEFF [ %s ,\n %s ]\n",
            "%s\n%s\n",
            "%s%s",
            "{\"version\":1,\"messages\":[%s,%s],\"next\":null}",
            "{\"count\":2,\"data\":[%s,%s]}",
            "[%s]\n[%s]")) {
      assertThat(all(shape.formatted(ONE, TWO))).as(shape).containsExactly(ONE, TWO);
    }
    assertThat(all(ONE)).containsExactly(ONE);
    assertThat(all("")).isEmpty();
    assertThat(all("[]")).isEmpty();
    assertThat(all(" \n ")).isEmpty();
  }

  @Test
  void aLargeObjectIsReadInPieces() {
    String text = "[" + (ONE + ",").repeat(200_000) + TWO + "]";
    List<String> texts = all(text);
    assertThat(texts).hasSize(200_001);
    assertThat(texts.get(123_456)).isEqualTo(ONE);
    assertThat(texts.get(200_000)).isEqualTo(TWO);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nonsense", "[{\"vin\":", "<xml/>", "[1,2]", "{\"a\":1}", "{\"l\":[1]}", "7"})
  void whatHoldsNoMessagesIsSaidToBePoison(String text) {
    ObjectMessages messages = of(text);
    assertThat(texts(messages)).isEmpty();
    assertThatThrownBy(messages::check).isInstanceOf(PoisonObjectException.class);
  }

  @Test
  void whatComesBeforeTheDamageIsTaken() {
    ObjectMessages messages = of("[" + ONE + "," + TWO + ",{\"vin\":}");
    assertThat(texts(messages)).containsExactly(ONE, TWO);
    assertThatThrownBy(messages::check)
        .isInstanceOf(PoisonObjectException.class)
        .hasMessage("it is no JSON");
  }

  @Test
  void aStrangeElementBetweenMessagesIsHandedOn() {
    assertThat(all("[" + ONE + ",17,\"x\",{\"a\":1}]"))
        .containsExactly(ONE, "17", "\"x\"", "{\"a\":1}");
  }

  @Test
  void anotherEncodingIsPoison() {
    ObjectMessages messages = of(("[" + ONE + "]").getBytes(StandardCharsets.UTF_16));
    assertThat(texts(messages)).isEmpty();
    assertThatThrownBy(messages::check).hasMessage("it is no UTF-8");
  }

  @Test
  void aMessageBeyondTheBoundIsPoisonAndTakesLittleMemory() {
    ObjectMessages messages = of("[{\"vin\":\"" + "x".repeat(6 << 20) + "\"}]");
    assertThat(texts(messages)).isEmpty();
    assertThatThrownBy(messages::check).hasMessage("it holds a message of more than 5 MB");
  }

  @Test
  void aBombIsStopped() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(("[" + ONE).getBytes(StandardCharsets.UTF_8));
      byte[] blanks = " ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 60; i++) {
        gzip.write(blanks);
      }
    }
    ObjectMessages messages = of(bytes.toByteArray());
    assertThat(texts(messages)).containsExactly(ONE);
    assertThatThrownBy(messages::check)
        .isInstanceOf(PoisonObjectException.class)
        .hasMessageContaining("MB");
  }

  @Test
  void aSizeBeyondTheBoundIsRefusedBeforeReading() {
    InputStream untouched =
        new InputStream() {
          @Override
          public int read() {
            throw new AssertionError("it was read");
          }
        };
    ObjectMessages messages = new ObjectMessages(untouched, 51L << 20, () -> false);
    assertThat(messages.hasNext()).isFalse();
    assertThatThrownBy(messages::check).hasMessage("it has 51 MB, and at most 50 are read");
    assertThatCode(messages::close).doesNotThrowAnyException();
  }

  @Test
  void aConnectionThatBreaksIsNoPoison() {
    byte[] whole =
        FakeBucket.gzipped(("[" + ONE + "," + TWO + "]").getBytes(StandardCharsets.UTF_8));
    for (int cut = 0; cut < whole.length; cut++) {
      byte[] part = java.util.Arrays.copyOf(whole, cut);
      ObjectMessages messages =
          new ObjectMessages(new ByteArrayInputStream(part), whole.length, () -> false);
      texts(messages);
      assertThatThrownBy(messages::check)
          .as("%s bytes", cut)
          .isInstanceOf(BucketAwayException.class);
    }
  }

  @Test
  void theEndOfTheBridgeIsNoPoison() {
    ObjectMessages messages =
        new ObjectMessages(
            new ByteArrayInputStream("[]".getBytes(StandardCharsets.UTF_8)), 2, () -> true);
    assertThat(messages.hasNext()).isFalse();
    assertThatThrownBy(messages::check).isInstanceOf(BucketAwayException.class);
  }
}
