// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routetest;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAmount;
import java.util.Collection;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.StreamCache;

/** Bodies as texts that a person can compare. Stateless. */
final class BodyText {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .visibility(PropertyAccessor.ALL, Visibility.NONE)
          .visibility(PropertyAccessor.FIELD, Visibility.ANY)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .addModule(
              new SimpleModule()
                  .addSerializer(byte[].class, new BytesAsText())
                  .addSerializer(Message.class, new MessageAsObject())
                  .addSerializer(Temporal.class, new ToStringSerializer(Temporal.class))
                  .addSerializer(
                      TemporalAmount.class, new ToStringSerializer(TemporalAmount.class)))
          .build();

  private BodyText() {}

  /** The body as it would be read: bytes as UTF-8, packed ones unpacked, an object as JSON. */
  static String of(Exchange exchange) {
    Object body = exchange.getMessage().getBody();
    if (body instanceof StreamCache stream) {
      stream.reset();
    }
    if (body == null) {
      return "";
    } else if (body instanceof byte[] bytes) {
      return text(bytes, exchange);
    } else if (body instanceof CharSequence || body instanceof Number || body instanceof Boolean) {
      return body.toString();
    } else if (body instanceof Collection || body instanceof Map || body instanceof Record) {
      return json(body);
    }
    byte[] bytes = exchange.getMessage().getBody(byte[].class);
    if (body instanceof StreamCache stream) {
      stream.reset();
    } else if (bytes != null && body instanceof java.io.InputStream) {
      exchange.getMessage().setBody(bytes);
    }
    return bytes == null ? json(body) : text(bytes, exchange);
  }

  private static String text(byte[] bytes, Exchange exchange) {
    boolean packed = bytes.length > 2 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
    if (packed) {
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        return "(" + bytes.length + " bytes that begin like gzip, but are none)";
      }
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** A value as JSON. */
  static String json(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      return value.getClass().getName();
    }
  }

  /** The text as JSON; null where it is none. */
  static JsonNode parsed(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static final class BytesAsText extends StdSerializer<byte[]> {

    private static final long serialVersionUID = 1L;

    BytesAsText() {
      super(byte[].class);
    }

    @Override
    public void serialize(byte[] bytes, JsonGenerator to, SerializerProvider provider)
        throws IOException {
      to.writeString(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  /** One of a list of messages, such as the records of a batch. */
  private static final class MessageAsObject extends StdSerializer<Message> {

    private static final long serialVersionUID = 1L;

    MessageAsObject() {
      super(Message.class);
    }

    @Override
    public void serialize(Message message, JsonGenerator to, SerializerProvider provider)
        throws IOException {
      to.writeStartObject();
      to.writeObjectField("body", message.getBody());
      to.writeObjectField("headers", message.getHeaders());
      to.writeEndObject();
    }
  }
}
