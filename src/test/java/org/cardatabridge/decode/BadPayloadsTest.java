// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.decode.Points.NOW;
import static org.cardatabridge.decode.Points.VIN;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The corpus in {@code payloads/bad}: each file is unreadable, and says why. */
class BadPayloadsTest {

  private static final String[] CORPUS = {
    "a-list.json, NOT_AN_OBJECT",
    "a-number.json, NOT_AN_OBJECT",
    "a-string.json, NOT_AN_OBJECT",
    "a-word.txt, NOT_JSON",
    "broken-utf-8.bin, NOT_UTF8",
    "comma-too-many.json, NOT_JSON",
    "cut-off.json, NOT_JSON",
    "data-a-list.json, NO_DATA",
    "data-a-string.json, NO_DATA",
    "data-missing.json, NO_DATA",
    "data-null.json, NO_DATA",
    "empty.bin, EMPTY",
    "gzip.bin, NOT_UTF8",
    "latin-1.bin, NOT_UTF8",
    "names-no-topic-can-have.json, BAD_NAMES",
    "nested-10000-lists.json, BEYOND_LIMITS",
    "nested-10000-objects.json, BEYOND_LIMITS",
    "noise.bin, NOT_UTF8",
    "null.json, NOT_AN_OBJECT",
    "number-of-2000-digits.json, BEYOND_LIMITS",
    "python-dict.txt, NOT_JSON",
    "two-messages.json, NOT_JSON",
    "utf-16-with-mark.bin, NOT_UTF8",
    "utf-16le.bin, NOT_UTF8",
    "utf-32be.bin, NOT_UTF8",
    "vin-of-the-bridge.json, BAD_VIN",
    "vin-with-a-wildcard.json, BAD_VIN",
    "white-space.bin, EMPTY",
    "zero-byte-behind.bin, NOT_JSON",
  };

  private final Decoder decoder = new Decoder();

  private Decoded decode(byte[] payload) {
    return decoder.decode(payload, "main", "stream", "gcid/" + VIN, NOW);
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void aBadPayloadGivesNoPointsAndAReason(String file, Unreadable why) {
    Decoded decoded = decode(Points.payload("bad/" + file));

    assertThat(decoded.unreadable()).isEqualTo(why);
    assertThat(decoded.points()).isEmpty();
  }

  static Stream<Arguments> corpus() {
    return Arrays.stream(CORPUS)
        .map(line -> line.split(", "))
        .map(cells -> Arguments.of(cells[0], Unreadable.valueOf(cells[1])));
  }

  @Test
  void eachFileOfTheCorpusHasItsReason() throws Exception {
    File folder = new File(getClass().getResource("/payloads/bad").toURI());

    assertThat(Arrays.stream(folder.list()).filter(name -> !name.startsWith(".")))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(CORPUS).map(line -> line.split(", ")[0]).toList());
  }

  @ParameterizedTest
  @CsvSource({"[", "{\"a\":", "'\"'", "' '", "9", "\\"})
  void aMegabyteOfOnePieceIsUnreadable(String piece) {
    byte[] payload = piece.repeat((1 << 20) / piece.length()).getBytes(StandardCharsets.UTF_8);

    assertThat(decode(payload).unreadable()).isNotNull();
  }

  @Test
  void aMegabyteOfNoiseIsUnreadable() {
    byte[] payload = new byte[1 << 20];
    new Random(1).nextBytes(payload);

    assertThat(decode(payload).unreadable()).isEqualTo(Unreadable.NOT_UTF8);
  }

  @Test
  void reasonsQuoteNothingOfThePayload() {
    for (Unreadable why : Unreadable.values()) {
      assertThat(why.text()).isNotBlank().doesNotContain("%", "{}");
    }
  }
}
