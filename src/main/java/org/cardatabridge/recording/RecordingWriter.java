// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.recording;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Base64;
import java.util.Optional;

/**
 * Writes messages as NDJSON: one line a message, in UTF-8, with the fields of the contract in their
 * order. For one thread.
 */
public final class RecordingWriter implements Closeable {

  private static final int ASCII = 127;

  private final JsonGenerator json;

  /** Writes to a stream, which should be buffered, and closes it at the end. */
  public RecordingWriter(OutputStream out) throws IOException {
    json = new JsonFactory().createGenerator(out);
    json.setPrettyPrinter(new MinimalPrettyPrinter(""));
  }

  /** Writes a line; the payload as text where its bytes are UTF-8, else in base64. */
  public void write(RecordedMessage message) throws IOException {
    json.writeStartObject();
    json.writeStringField("received", message.received().toString());
    text("source", message.source());
    text("account", message.account());
    text("topic", message.topic());
    Optional<String> payload = StrictUtf8.text(message.payload());
    if (payload.isPresent()) {
      json.writeStringField("payload", payload.get());
    } else {
      json.writeStringField("payloadBase64", Base64.getEncoder().encodeToString(message.payload()));
    }
    json.writeEndObject();
    json.writeRaw('\n');
  }

  /** Half a character can only be written escaped. */
  private void text(String name, String value) throws IOException {
    json.setHighestNonEscapedChar(StrictUtf8.bytes(value).isPresent() ? 0 : ASCII);
    json.writeStringField(name, value);
    json.setHighestNonEscapedChar(0);
  }

  /** Hands on what is buffered. */
  public void flush() throws IOException {
    json.flush();
  }

  @Override
  public void close() throws IOException {
    json.close();
  }
}
