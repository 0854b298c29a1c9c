// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/**
 * What a web route answers with; {@code direct:web-answer} turns it into an HTTP response.
 * Immutable.
 *
 * @param code the HTTP status
 * @param type the content type
 * @param text the body
 */
public record Answer(int code, String type, String text) {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
          .build();

  /** This as JSON, fields without a value left out, times in UTC with {@code Z}. */
  static Answer json(int code, Object value) {
    return new Answer(code, "application/json", text(value));
  }

  /** A sentence about what went wrong, as JSON. */
  static Answer error(int code, String sentence) {
    return json(code, Map.of("error", sentence));
  }

  /** The body in UTF-8: bytes have a length that can be announced. */
  public byte[] bytes() {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The same as a tree. */
  static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Writing " + value.getClass().getSimpleName(), e);
    }
  }
}
