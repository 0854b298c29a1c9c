// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import com.fasterxml.jackson.databind.JsonNode;

/** The token of the next page, which BMW spells in two ways. Stateless. */
final class PageToken {

  private static final int LONGEST = 4_096;

  private PageToken() {}

  /** Null on the last page. */
  static String of(JsonNode answer) {
    String token = AnswerJson.text(answer, "next_token");
    token = token == null ? AnswerJson.text(answer, "nextToken") : token;
    return token == null || token.length() > LONGEST ? null : token;
  }
}
