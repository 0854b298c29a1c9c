// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** What a message of High Mobility's calls itself. Stateless and safe for many threads. */
public final class MessageId {

  /** The field that has it. */
  static final String FIELD = "message_id";

  private static final JsonFactory JSON = JsonValues.factory();
  private static final int LONGEST = 255;

  private MessageId() {}

  /** Its {@code message_id}; null where it has none, or cannot be read. */
  public static String of(byte[] payload) {
    if (JsonValues.isBlank(payload) || JsonValues.isWide(payload)) {
      return null;
    }
    try (JsonParser parser = JSON.createParser(payload)) {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.START_ARRAY) {
        token = parser.nextToken();
      }
      if (token != JsonToken.START_OBJECT) {
        return null;
      }
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        token = parser.nextToken();
        if (name.equals(FIELD)) {
          return of(JsonValues.value(parser, token));
        }
        parser.skipChildren();
      }
      return null;
    } catch (IOException | RuntimeException e) {
      // It was no message that could be read when it came either.
      return null;
    }
  }

  /** The id that a field's value is; null for what cannot be one. */
  static String of(Object value) {
    String text = value instanceof String || value instanceof Long ? value.toString().trim() : "";
    return text.isEmpty() || text.length() > LONGEST ? null : text;
  }
}
