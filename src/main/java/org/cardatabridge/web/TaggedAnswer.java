// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.util.Arrays;
import org.apache.camel.Exchange;

/**
 * What a web route answers with where a browser may keep it. Immutable but for the bytes, which
 * nobody changes.
 *
 * @param code 200; 304 where the client has it already; 404 where there is none
 * @param type the content type
 * @param encoding {@code gzip}; null for plain bytes
 * @param tag the entity tag; null where there is nothing to keep
 * @param bytes the body
 */
public record TaggedAnswer(int code, String type, String encoding, String tag, byte[] bytes) {

  /** An answer that nobody keeps. */
  static TaggedAnswer untagged(Answer answer) {
    return new TaggedAnswer(answer.code(), answer.type(), null, null, answer.bytes());
  }

  /** This, or 304 without a body where the request's {@code If-None-Match} has this tag. */
  TaggedAnswer to(Exchange request) {
    String known = request.getMessage().getHeader("If-None-Match", String.class);
    return isKnown(known) ? new TaggedAnswer(304, type, null, tag, new byte[0]) : this;
  }

  private boolean isKnown(String tags) {
    return tags != null
        && tag != null
        && Arrays.stream(tags.split(","))
            .map(String::strip)
            .map(t -> t.startsWith("W/") ? t.substring(2) : t)
            .anyMatch(t -> t.equals(tag) || t.equals("*"));
  }

  /** The code and the size. */
  @Override
  public String toString() {
    return "TaggedAnswer[" + code + ", " + bytes.length + " bytes]";
  }
}
