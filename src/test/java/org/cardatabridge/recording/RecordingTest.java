// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordingTest {

  private static final String GOOD =
      "{\"received\":\"2026-01-31T12:00:00Z\",\"source\":\"stream\",\"account\":\"main\","
          + "\"topic\":\"g/v\",\"payload\":\"{}\"}";

  static byte[] written(List<RecordedMessage> messages) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (RecordingWriter writer = new RecordingWriter(out)) {
      for (RecordedMessage message : messages) {
        writer.write(message);
      }
    }
    return out.toByteArray();
  }

  static List<RecordedLine> read(byte[] bytes) throws IOException {
    List<RecordedLine> lines = new ArrayList<>();
    try (RecordingReader reader = new RecordingReader(new ByteArrayInputStream(bytes))) {
      for (Optional<RecordedLine> l = reader.next(); l.isPresent(); l = reader.next()) {
        lines.add(l.get());
      }
    }
    return lines;
  }

  private static List<RecordedLine> read(String text) throws IOException {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  @Provide
  Arbitrary<RecordedMessage> messages() {
    Arbitrary<Instant> times =
        Combinators.combine(
                Arbitraries.longs().between(-62_000_000_000L, 250_000_000_000L),
                Arbitraries.integers().between(0, 999_999_999))
            .as(Instant::ofEpochSecond);
    Arbitrary<String> texts = Arbitraries.strings().all().ofMaxLength(40);
    Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(200);
    Arbitrary<byte[]> utf8 =
        Arbitraries.strings().all().map(text -> text.getBytes(StandardCharsets.UTF_8));
    return Combinators.combine(times, texts, texts, texts, Arbitraries.oneOf(bytes, utf8))
        .as(RecordedMessage::new);
  }

  @Property(tries = 500)
  void anyBytesAndAnyTextComeBackAsTheyWere(
      @ForAll("messages") RecordedMessage one, @ForAll("messages") RecordedMessage other)
      throws IOException {
    List<RecordedLine> lines = read(written(List.of(one, other)));

    assertThat(lines).extracting(RecordedLine::number).containsExactly(1L, 2L);
    assertSame(lines.get(0).message(), one);
    assertSame(lines.get(1).message(), other);
  }

  private static void assertSame(RecordedMessage message, RecordedMessage expected) {
    assertThat(message).usingRecursiveComparison().withStrictTypeChecking().isEqualTo(expected);
  }

  @Property(tries = 500)
  void anyBytesAreReadToTheEndAndEachLineIsAMessageOrAProblem(@ForAll byte[] bytes)
      throws IOException {
    assertThat(read(bytes)).allMatch(line -> line.isUsable() == (line.problem() == null));
  }

  @Test
  void aLineHasTheFieldsOfTheContractInTheirOrder() throws IOException {
    RecordedMessage text =
        new RecordedMessage(
            Instant.parse("2026-01-31T12:00:00.123456Z"),
            "stream",
            "main",
            "g/v",
            "{\"ü\":1}\n".getBytes(StandardCharsets.UTF_8));
    RecordedMessage bytes =
        new RecordedMessage(text.received(), "stream", "main", "", new byte[] {(byte) 0xff});

    assertThat(new String(written(List.of(text, bytes)), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"received\":\"2026-01-31T12:00:00.123456Z\",\"source\":\"stream\",\"account\":\"main\","
                + "\"topic\":\"g/v\",\"payload\":\"{\\\"ü\\\":1}\\n\"}\n"
                + "{\"received\":\"2026-01-31T12:00:00.123456Z\",\"source\":\"stream\",\"account\":\"main\","
                + "\"topic\":\"\",\"payloadBase64\":\"/w==\"}\n");
  }

  @Test
  void marksEmptyLinesForeignLineEndsAndUnknownFieldsDoNoHarm() throws IOException {
    String more = GOOD.replace("{\"received\"", "{\"new\":{\"a\":[1,null]},\"received\"");
    List<RecordedLine> lines = read("\ufeff" + GOOD + "\r\n\r\n   \n" + more + "\r\n\n" + GOOD);

    assertThat(lines).allMatch(RecordedLine::isUsable);
    assertThat(lines).extracting(RecordedLine::number).containsExactly(1L, 4L, 6L);
  }

  @Test
  void aBadLineIsNamedAndTheRestGoesOn() throws IOException {
    List<RecordedLine> lines = read(GOOD + "\nWBY00TEST00000001\n" + GOOD + "\n");

    assertThat(lines).extracting(RecordedLine::isUsable).containsExactly(true, false, true);
    assertThat(lines.get(1).number()).isEqualTo(2);
    assertThat(lines.get(1).problem()).contains("no JSON", "—").doesNotContain("WBY");
  }

  @Test
  void halfALastLineSaysThatTheFileWasCutOff() throws IOException {
    for (int length = 2; length < GOOD.length(); length++) {
      List<RecordedLine> lines = read(GOOD + "\n" + GOOD.substring(0, length));
      assertThat(lines).hasSize(2);
      assertThat(lines.get(1).problem()).as("%s", length).contains("cut off there");
    }
  }

  @ParameterizedTest
  @CsvSource({"received", "source", "account", "topic", "payload"})
  void aMissingFieldIsNamed(String field) throws IOException {
    String line = GOOD.replace("\"" + field + "\"", "\"other\"");
    assertThat(read(line).get(0).problem()).startsWith("it has no \"" + field + "\" — add");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"payload\":\"{}\" | \"payload\":{} | its \"payload\" is no text",
        "\"payload\":\"{}\" | \"payload\":null | its \"payload\" is no text",
        "\"payload\":\"{}\" | \"payload\":\"\\ud800\" | half a character",
        "\"payload\":\"{}\" | \"payloadBase64\":\"%%\" | no base64",
        "\"payload\":\"{}\" | \"payload\":\"\",\"payloadBase64\":\"\" | both",
        "2026-01-31T12:00:00Z | yesterday | no time",
        "\"{}\"} | \"{}\"} {} | something follows",
      })
  void whatIsWrongIsSaid(String text, String instead, String problem) throws IOException {
    assertThat(read(GOOD.replace(text, instead)).get(0).problem()).contains(problem, " — ");
  }

  @Test
  void anOffsetInPlaceOfZIsATimeToo() throws IOException {
    RecordedLine line = read(GOOD.replace("12:00:00Z", "13:00:00+01:00")).get(0);
    assertThat(line.message().received()).isEqualTo("2026-01-31T12:00:00Z");
  }

  @Test
  void aLineOfMegabytesIsReadAndALongerOneIsRefusedWithoutBeingHeld() throws IOException {
    String large = GOOD.replace("{}", "x".repeat(3 << 20));
    String tooLarge = GOOD.replace("{}", "x".repeat(RecordingReader.LONGEST_LINE));
    List<RecordedLine> lines = read(large + "\n" + tooLarge + "\n" + GOOD);

    assertThat(lines).extracting(RecordedLine::isUsable).containsExactly(true, false, true);
    assertThat(lines.get(0).message().payload()).hasSize(3 << 20);
    assertThat(lines.get(1).problem()).isEqualTo("it is longer than 4 MB — take it out");
  }

  @Test
  void aStreamWithoutAnEndIsReadAsItComes() throws IOException {
    byte[] line = (GOOD + "\n").getBytes(StandardCharsets.UTF_8);
    InputStream endless =
        new InputStream() {
          private int at;

          @Override
          public int read() {
            return line[at++ % line.length];
          }

          @Override
          public int read(byte[] buffer, int from, int length) {
            buffer[from] = (byte) read();
            return 1;
          }
        };
    try (RecordingReader reader = new RecordingReader(endless)) {
      assertThat(reader.next().orElseThrow().isUsable()).isTrue();
      assertThat(reader.next().orElseThrow().number()).isEqualTo(2);
    }
  }
}
