// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Clock;
import java.util.regex.Pattern;
import org.cardatabridge.journal.EventRefusedException;
import org.cardatabridge.journal.RetryAfter;
import org.cardatabridge.journal.TryLaterException;

/**
 * What the status of an HTTP answer means for what was sent. Never throws away anything by itself:
 * it throws, and the journal does the rest. Safe for use by many threads.
 */
final class PushAnswer {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int LONGEST_REASON = 160;

  /** From here on a reason can repeat what was sent, and so a position. */
  private static final Pattern REPEATED = Pattern.compile("(?s)[='\"`\\[{].*|(?<=parse )\\S.*");

  private static final Pattern DECIMAL = Pattern.compile("-?\\d+[.,]\\d+");

  private final String doing;
  private final String setUp;
  private final boolean explains;
  private final Clock clock;

  /**
   * The rules for one target.
   *
   * @param doing what fails, as the beginning of a sentence
   * @param setUp what to look at where the target does not know us, as the end of one
   * @param explains whether a refusal of this target always has a reason in JSON, so that one
   *     without comes from something that stands before it
   */
  PushAnswer(String doing, String setUp, boolean explains, Clock clock) {
    this.doing = doing;
    this.setUp = setUp;
    this.explains = explains;
    this.clock = clock;
  }

  /**
   * Returns where the target took it.
   *
   * @param status the HTTP status; null where the server sent none
   * @param retryAfter the header; null where the server sent none
   * @param body null where the server sent none
   * @throws EventRefusedException where it will never take exactly this: 400, 413, 422
   * @throws TryLaterException where it takes nothing for now: it asks for a pause, or its set-up is
   *     wrong, a redirect among it
   * @throws IOException for any other answer
   */
  void check(Integer status, String retryAfter, byte[] body) throws IOException {
    int code = status == null ? 0 : status;
    if (code >= 200 && code < 300) {
      return;
    }
    String reason = reason(body);
    String answer = doing + ": it answers " + code + (reason == null ? "" : " (" + reason + ")");
    switch (code) {
      case 400, 422 -> {
        if (explains && reason == null) {
          throw new TryLaterException(answer + " without a reason — " + setUp);
        }
        throw new EventRefusedException(answer);
      }
      case 413 -> throw new EventRefusedException(answer);
      case 408, 425, 429 -> throw later(answer, retryAfter, null);
      // Something stands in for a server that is away; the cause keeps the pauses short.
      case 502, 503, 504 -> throw later(answer, retryAfter, new IOException(answer));
      case 301, 302, 303, 307, 308 ->
          throw new TryLaterException(
              answer + ", a redirect, which is not followed — set the URL that it leads to");
      case 401, 403, 404, 405, 407, 410, 411, 415 ->
          throw new TryLaterException(answer + " — " + setUp);
      default -> throw new IOException(answer);
    }
  }

  private TryLaterException later(String answer, String retryAfter, IOException away) {
    return new TryLaterException(
        answer + " — it is tried again", RetryAfter.parse(retryAfter, clock.instant()), away);
  }

  private static String reason(byte[] body) {
    if (body == null || body.length == 0 || body[0] != '{') {
      return null;
    }
    try {
      JsonNode json = MAPPER.readTree(body);
      for (String name : new String[] {"error", "message", "detail", "title", "code"}) {
        String text = json.path(name).asText("");
        if (!text.isBlank()) {
          return shortened(withoutWhatWasSent(text.lines().findFirst().orElse("")));
        }
      }
      return null;
    } catch (IOException e) {
      return null;
    }
  }

  private static String withoutWhatWasSent(String text) {
    return DECIMAL.matcher(REPEATED.matcher(text).replaceFirst("…")).replaceAll("…");
  }

  private static String shortened(String text) {
    return text.length() > LONGEST_REASON ? text.substring(0, LONGEST_REASON) + "…" : text;
  }
}
