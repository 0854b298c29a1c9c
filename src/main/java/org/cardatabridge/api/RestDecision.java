// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.cardatabridge.journal.ErrorText;
import org.cardatabridge.journal.RetryAfter;

/**
 * What an answer means: by BMW's error id first, then by the status. Total: whatever came, there is
 * a verdict, and where it is not good, a sentence.
 */
final class RestDecision {

  /** The most bytes of JSON that are taken. */
  static final int MOST_JSON = 5 << 20;

  /** The most bytes of an image that are taken. */
  static final int MOST_BYTES = 10 << 20;

  private static final JsonFactory JSON = new JsonFactory();
  private static final Pattern ID = Pattern.compile("CU-\\d{1,5}");
  private static final int MOST_OF_AN_ERROR = 64 * 1024;
  private static final int MOST_FIELDS = 100;
  private static final int LONGEST_MESSAGE = 160;
  private static final Duration SPIKE = Duration.ofHours(1);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(25);

  private RestDecision() {}

  /** An answer's error as BMW writes it; each part may be null. */
  private record Error(String id, String message) {
    static final Error NONE = new Error(null, null);
  }

  /** The reply that an answer to this call makes. */
  static RestReply of(RestCall call, RestAnswer answer, Instant now) {
    byte[] body = answer.body();
    if (answer.failure() != null) {
      String why = inWords(answer.failure()) + " — nothing to do, the bridge tries again later";
      return reply(RestVerdict.of(RestVerdict.Kind.LATER, about(call) + why), 0, null, answer, now);
    }
    boolean isGood = answer.status() >= 200 && answer.status() < 300;
    Error error = isGood && !looksLikeAnError(body) ? Error.NONE : error(body);
    if (isGood && error.id() == null) {
      String odd = oddity(call, body);
      RestVerdict verdict =
          odd == null ? RestVerdict.OK : RestVerdict.of(RestVerdict.Kind.LATER, about(call) + odd);
      return reply(verdict, answer.status(), null, answer, now);
    }
    Duration pause = pause(answer.retryAfter(), now);
    boolean isSpike = !pause.isZero() && pause.compareTo(SPIKE) <= 0;
    RestErrors.Meaning known = error.id() == null ? null : RestErrors.BY_ID.get(error.id());
    RestErrors.Meaning meaning =
        known != null
            ? known
            : RestErrors.byStatus(
                isGood ? 400 : answer.status(), call.path(), isSpike && error.id() == null);
    String sentence = about(call) + sentence(call, meaning, answer.status(), error, known == null);
    return reply(
        new RestVerdict(meaning.kind(), sentence, pause), answer.status(), error.id(), answer, now);
  }

  private static RestReply reply(
      RestVerdict verdict, int status, String errorId, RestAnswer answer, Instant now) {
    return new RestReply(verdict, status, errorId, answer.contentType(), answer.body(), now);
  }

  /** Whether an answer that did not come shows that the question never left. */
  static boolean neverLeft(Exception failure) {
    return failure instanceof ConnectException
        || failure instanceof UnknownHostException
        || failure instanceof NoRouteToHostException
        || failure instanceof ConnectTimeoutException;
  }

  private static String about(RestCall call) {
    return "Asking BMW (" + call.method() + " " + MaskedPath.of(call.path()) + "): ";
  }

  private static String sentence(
      RestCall call, RestErrors.Meaning meaning, int status, Error error, boolean isUnknown) {
    String id = error.id() == null ? "status " + status : error.id() + ", status " + status;
    String said = "";
    if (error.message() != null && (isUnknown || meaning.kind() == RestVerdict.Kind.WRONG)) {
      said = ", \"" + shown(call, error.message()) + "\"";
    }
    int dash = meaning.says().indexOf(" — ");
    return meaning.says().substring(0, dash)
        + " ("
        + id
        + said
        + ")"
        + meaning.says().substring(dash);
  }

  /** Text from outside, fit for a log line: one line, short, no VIN and nothing like a token. */
  private static String shown(RestCall call, String message) {
    String line = message.replaceAll("[\\p{Cntrl}\\p{Cf}]+", " ").trim();
    String safe = ErrorText.masked(MaskedPath.without(call.path(), line));
    return safe.length() > LONGEST_MESSAGE ? safe.substring(0, LONGEST_MESSAGE) + "…" : safe;
  }

  /** What is wrong with an answer that claims to be good; null for nothing. */
  private static String oddity(RestCall call, byte[] body) {
    boolean isJson = call.accept().contains("json");
    if (body.length > (isJson ? MOST_JSON : MOST_BYTES)) {
      return "the answer is too large to be taken — nothing to do, the bridge tries again later";
    }
    if (isJson && call.method().equals("GET") && !beginsLikeJson(body)) {
      return "the answer is not JSON — check cardata.api.url, and whether a proxy asks for a login";
    }
    return null;
  }

  private static boolean beginsLikeJson(byte[] body) {
    for (int i = 0; i < body.length; i++) {
      // White space, and the three bytes that some put before UTF-8.
      if (body[i] > ' ') {
        return body[i] == '{' || body[i] == '[';
      }
    }
    return false;
  }

  private static boolean looksLikeAnError(byte[] body) {
    return body.length < MOST_OF_AN_ERROR
        && beginsLikeJson(body)
        && new String(body, StandardCharsets.ISO_8859_1).contains("\"exveErrorId\"");
  }

  private static Error error(byte[] body) {
    if (body.length > MOST_OF_AN_ERROR || !beginsLikeJson(body)) {
      return Error.NONE;
    }
    String id = null;
    String message = null;
    try (JsonParser parser = JSON.createParser(body)) {
      if (parser.nextToken() == JsonToken.START_ARRAY) {
        parser.nextToken();
      }
      for (int field = 0;
          field < MOST_FIELDS && parser.nextToken() == JsonToken.FIELD_NAME;
          field++) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (value == JsonToken.VALUE_STRING && name.equals("exveErrorId")) {
          id = id(parser.getText());
        } else if (value == JsonToken.VALUE_STRING && name.equals("exveErrorMsg")) {
          message = parser.getText();
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException | RuntimeException e) {
      // What was read before it broke off still counts.
      return new Error(id, message);
    }
    return new Error(id, message);
  }

  private static String id(String text) {
    Matcher found = ID.matcher(text.toUpperCase(Locale.ROOT));
    return found.find() ? found.group() : null;
  }

  private static Duration pause(String retryAfter, Instant now) {
    Duration asked = RetryAfter.parse(retryAfter, now);
    if (asked == null) {
      return Duration.ZERO;
    }
    return asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked;
  }

  private static String inWords(Exception cause) {
    if (cause instanceof UnknownHostException) {
      return "the name of BMW's server cannot be resolved";
    }
    if (cause instanceof NoRouteToHostException) {
      return "there is no network route to BMW's server";
    }
    if (cause instanceof ConnectException) {
      return "BMW's server does not accept the connection";
    }
    if (cause instanceof SocketTimeoutException) {
      return "BMW's server did not answer in time";
    }
    if (cause instanceof SSLException) {
      return "there is no trusted TLS connection to BMW's server";
    }
    if (cause instanceof SocketException) {
      return "the connection to BMW's server broke";
    }
    return "no answer came (" + cause.getClass().getSimpleName() + ")";
  }
}
