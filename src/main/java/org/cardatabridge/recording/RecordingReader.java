// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.recording;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads NDJSON line by line. Total: a line that cannot be used comes with the reason, and the next
 * one is read all the same. Takes a byte order mark, CRLF, empty lines and unknown fields. For one
 * thread.
 */
public final class RecordingReader implements Closeable {

  /** The longest line that is read, in bytes. */
  public static final int LONGEST_LINE = 4 << 20;

  private static final Set<String> FIELDS =
      Set.of("received", "source", "account", "topic", "payload", "payloadBase64");
  private static final int DEEPEST = 200;
  private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final JsonFactory json =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(LONGEST_LINE)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .build();
  private final InputStream in;
  private final Lines lines;
  private long number;

  /** Reads a stream, which needs no buffer, and closes it at the end. */
  public RecordingReader(InputStream in) {
    this.in = in;
    this.lines = new Lines(in, LONGEST_LINE);
  }

  /**
   * The next line that is not empty; empty at the end.
   *
   * @throws IOException where the stream cannot be read
   */
  public Optional<RecordedLine> next() throws IOException {
    for (Lines.Line line = lines.next(); line != null; line = lines.next()) {
      number++;
      if (line.bytes() == null) {
        return Optional.of(
            refused("it is longer than " + (LONGEST_LINE >> 20) + " MB — take it out"));
      }
      byte[] bytes = number == 1 ? withoutMark(line.bytes()) : line.bytes();
      if (!isBlank(bytes)) {
        return Optional.of(read(bytes, line.isEnded()));
      }
    }
    return Optional.empty();
  }

  /** Whether {@link #next} may have to wait for whoever writes. */
  public boolean mayWait() throws IOException {
    return lines.mayWait();
  }

  private RecordedLine refused(String problem) {
    return new RecordedLine(number, null, problem);
  }

  private static byte[] withoutMark(byte[] line) {
    boolean isMarked =
        line.length >= MARK.length && Arrays.equals(line, 0, MARK.length, MARK, 0, MARK.length);
    return isMarked ? Arrays.copyOfRange(line, MARK.length, line.length) : line;
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\r' && b != '\t') {
        return false;
      }
    }
    return true;
  }

  private RecordedLine read(byte[] line, boolean isEnded) {
    // Jackson would take UTF-16 and 32 as well.
    if (line[0] == 0 || line.length > 1 && line[1] == 0) {
      return refused("it is no UTF-8 — save the file as UTF-8");
    }
    try (JsonParser parser = json.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return refused("it is no JSON object — ./bridge export writes one a line");
      }
      Map<String, String> fields = new HashMap<>();
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        JsonToken token = parser.nextToken();
        if (!FIELDS.contains(name)) {
          parser.skipChildren();
        } else if (token == JsonToken.VALUE_STRING) {
          fields.put(name, parser.getText());
        } else {
          return refused("its \"" + name + "\" is no text — put it in quotes");
        }
      }
      return parser.nextToken() == null
          ? message(fields)
          : refused("something follows the JSON object — put each message on a line of its own");
    } catch (IOException | RuntimeException e) {
      // Nothing of the text goes on: the exception's message quotes the line.
      return refused(unreadable(line, isEnded, e instanceof JsonEOFException));
    }
  }

  private static String unreadable(byte[] line, boolean isEnded, boolean endsEarly) {
    if (!isEnded && line[0] == '{' && (endsEarly || line[line.length - 1] != '}')) {
      return "it ends in the middle — the file was cut off there, export it again";
    }
    if (endsEarly) {
      return "it ends in the middle — take it out";
    }
    return StrictUtf8.text(line).isEmpty()
        ? "it is no UTF-8 — save the file as UTF-8"
        : "it is no JSON — correct it or take it out";
  }

  private RecordedLine message(Map<String, String> fields) {
    String received = fields.get("received");
    if (received == null) {
      return refused(missing("received", "when it came, such as \"2026-01-31T12:00:00Z\""));
    }
    Optional<Instant> time = time(received);
    if (time.isEmpty()) {
      return refused(
          "its \"received\" is no time — write it as 2026-01-31T12:00:00Z, or take the line out");
    }
    if (!fields.containsKey("source")) {
      return refused(missing("source", "where it came from, such as \"stream\""));
    }
    if (!fields.containsKey("account")) {
      return refused(missing("account", "the account's name, such as \"main\""));
    }
    if (!fields.containsKey("topic")) {
      return refused(missing("topic", "the topic it came from, or \"\""));
    }
    String text = fields.get("payload");
    String base64 = fields.get("payloadBase64");
    if (text == null && base64 == null) {
      return refused(missing("payload", "what BMW sent, or its bytes in base64 as payloadBase64"));
    }
    if (text != null && base64 != null) {
      return refused("it has both \"payload\" and \"payloadBase64\" — take one of them out");
    }
    Optional<byte[]> payload = text != null ? StrictUtf8.bytes(text) : decoded(base64);
    if (payload.isEmpty()) {
      return refused(
          text != null
              ? "its \"payload\" holds half a character — write it as payloadBase64"
              : "its \"payloadBase64\" is no base64 — correct it or take the line out");
    }
    return new RecordedLine(
        number,
        new RecordedMessage(
            time.get(),
            fields.get("source"),
            fields.get("account"),
            fields.get("topic"),
            payload.get()),
        null);
  }

  private static String missing(String field, String what) {
    return "it has no \"" + field + "\" — add " + what + ", or take the line out";
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      return instant(text);
    }
  }

  /** Years beyond four digits, which only an Instant reads as it writes them. */
  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<byte[]> decoded(String base64) {
    try {
      return Optional.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
