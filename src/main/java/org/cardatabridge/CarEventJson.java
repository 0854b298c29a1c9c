// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * A data point as JSON, the same wherever one is written: account, vin, vehicle, key, value, unit,
 * timestamp, received, source, in this order; what has no value is {@code null}. Safe for use by
 * many threads.
 */
public final class CarEventJson {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE).build();
  private static final int USUAL_SIZE = 320;

  private CarEventJson() {}

  /**
   * One object, in UTF-8.
   *
   * @throws IllegalArgumentException for a value that JSON cannot express
   */
  public static byte[] object(CarEvent event) {
    return bytes(USUAL_SIZE, generator -> write(generator, event));
  }

  /** A list of objects, in UTF-8; also where there is one, or none. */
  public static byte[] list(List<CarEvent> events) {
    return bytes(
        USUAL_SIZE * Math.max(events.size(), 1),
        generator -> {
          generator.writeStartArray();
          for (CarEvent event : events) {
            write(generator, event);
          }
          generator.writeEndArray();
        });
  }

  /** One object a line, in UTF-8; each line ends in a line feed. */
  public static void lines(List<CarEvent> events, OutputStream out) throws IOException {
    for (CarEvent event : events) {
      out.write(object(event));
      out.write('\n');
    }
  }

  /** A value alone, for example of an object or a list: compact JSON. */
  public static String value(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (IOException e) {
      throw notJson(e);
    }
  }

  private static void write(JsonGenerator generator, CarEvent event) throws IOException {
    generator.writeStartObject();
    generator.writeStringField("account", event.account());
    generator.writeStringField("vin", event.vin());
    generator.writeStringField("vehicle", event.vehicle());
    generator.writeStringField("key", event.key());
    generator.writeFieldName("value");
    MAPPER.writeValue(generator, event.value());
    generator.writeStringField("unit", event.unit());
    generator.writeStringField("timestamp", event.timestamp().toString());
    generator.writeStringField("received", event.received().toString());
    generator.writeStringField("source", event.source());
    generator.writeEndObject();
  }

  private interface Text {
    void writeTo(JsonGenerator generator) throws IOException;
  }

  private static byte[] bytes(int size, Text text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(size);
    try (JsonGenerator generator = MAPPER.createGenerator(out)) {
      text.writeTo(generator);
    } catch (IOException e) {
      throw notJson(e);
    }
    return out.toByteArray();
  }

  private static IllegalArgumentException notJson(IOException cause) {
    return new IllegalArgumentException(
        "Writing an event as JSON: its value is nothing that JSON can express — use text, numbers,"
            + " true, false, maps and lists",
        cause);
  }
}
