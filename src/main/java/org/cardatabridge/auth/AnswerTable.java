// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.cardatabridge.auth.Answer.Transient;
import org.cardatabridge.auth.Question.Grant;

/**
 * The decision table for answers of the authorisation server. It goes by the {@code error} in the
 * body, never by the status: BMW's documents, real logs and other clients disagree on the status of
 * nearly every row. Pure; never throws on what a server sends.
 */
final class AnswerTable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration REFRESH_TOKEN_LIFE = Duration.ofDays(14);
  private static final Duration DEFAULT_LIFE = Duration.ofHours(1);
  private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(2);
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);
  private static final Pattern WORD = Pattern.compile("[a-z][a-z_]{2,39}");
  private static final Pattern TOKEN_LIKE = Pattern.compile("[A-Za-z0-9_\\-.+/=]{20,}");

  private AnswerTable() {}

  /**
   * What an answer means.
   *
   * @param question what was asked
   * @param status the HTTP status
   * @param retryAfter the header of that name; null where absent
   * @param body the bytes of the answer; null where there are none
   * @param now when it came
   */
  static Answer decide(Question question, int status, String retryAfter, byte[] body, Instant now) {
    JsonNode json = object(body);
    Duration pause = pause(retryAfter, now);
    if (json == null) {
      return passing("it answered " + status + " without JSON", pause);
    }
    String error = text(json, "error");
    if (error != null) {
      return refused(question.grant(), error, description(json), status, pause);
    }
    if ("keymanagement.service.invalid_access_token".equals(faultCode(json))) {
      return question.grant() == Grant.DEVICE
          ? new Answer.CodeBurnt("BMW's gateway lost the code (status " + status + ")")
          : passing("BMW's gateway has a fault (status " + status + ")", pause);
    }
    if (status < 200 || status > 299) {
      return passing("it answered " + status, pause);
    }
    return question.grant() == Grant.CODE ? code(json, pause) : tokens(question, json, pause, now);
  }

  /** What it means that no answer came. */
  static Answer decide(Question question, HttpReply reply, Instant now) {
    return reply.failure() != null
        ? unanswered(reply.failure())
        : decide(question, reply.status(), reply.retryAfter(), reply.body(), now);
  }

  static Answer unanswered(Throwable cause) {
    boolean offline =
        cause instanceof UnknownHostException || cause instanceof NoRouteToHostException;
    return new Transient(inWords(cause), Duration.ZERO, offline);
  }

  private static Answer refused(
      Grant grant, String error, String description, int status, Duration pause) {
    String why = "it answered " + clean(error) + description;
    String word = WORD.matcher(error).matches() ? error : "refused";
    boolean refresh = grant == Grant.REFRESH;
    return switch (error) {
      case "authorization_pending" ->
          grant == Grant.DEVICE ? new Answer.Pending() : passing(why, pause);
      case "slow_down" -> grant == Grant.DEVICE ? new Answer.SlowDown() : passing(why, pause);
      case "expired_token", "invalid_grant", "invalid_token" ->
          refresh ? dead(why) : new Answer.CodeDead(why, word);
      case "access_denied" ->
          refresh
              ? dead(why)
              : new Answer.Refused(
                  why + ": you refused, or the client id is not subscribed to CarData", word);
      case "invalid_client" ->
          new Answer.Misconfigured(why + ": the client id is wrong or was deleted", word);
      // BMW's usual answer for a dead refresh token; we never send an empty one.
      case "invalid_request" -> refresh ? dead(why) : new Answer.Refused(why, word);
      case "server_error", "temporarily_unavailable" -> passing(why, pause);
      default -> {
        if (status >= 500 || status == 429 || status == 408) {
          yield passing(why + " with status " + status, pause);
        }
        yield refresh ? new Answer.LoginRequired(why, word) : new Answer.Refused(why, word);
      }
    };
  }

  private static Answer dead(String why) {
    return new Answer.LoginRequired(
        why + ": the refresh token is no longer valid", "invalid_grant");
  }

  private static Answer code(JsonNode json, Duration pause) {
    String deviceCode = text(json, "device_code");
    String userCode = text(json, "user_code");
    String uri = link(text(json, "verification_uri"));
    if (deviceCode == null || userCode == null || uri == null) {
      return passing("its answer holds no code", pause);
    }
    return new Answer.Code(
        deviceCode,
        oneLine(userCode),
        uri,
        link(text(json, "verification_uri_complete")),
        seconds(json, "interval", Duration.ofSeconds(5)),
        seconds(json, "expires_in", Duration.ofMinutes(5)));
  }

  private static Answer tokens(Question question, JsonNode json, Duration pause, Instant now) {
    String idToken = text(json, "id_token");
    String accessToken = text(json, "access_token");
    if (accessToken == null && idToken == null) {
      return passing("its answer holds no tokens", pause);
    }
    if (idToken == null) {
      return question.grant() == Grant.REFRESH
          ? passing("its answer holds no id token", pause)
          : new Answer.Refused(
              "its answer holds no id token, which comes only with the scope openid",
              DeviceLogin.MISSING_SCOPE);
    }
    TokenSet previous = question.previous();
    IdToken claims = IdToken.read(idToken).orElse(new IdToken(null, null, null, null, null));
    String refreshToken = text(json, "refresh_token");
    Instant refreshExpiresAt =
        refreshToken == null
            ? null
            : now.plus(seconds(json, "refresh_expires_in", REFRESH_TOKEN_LIFE));
    String gcid = text(json, "gcid");
    String scope = text(json, "scope");
    if (previous != null) {
      if (refreshToken == null) {
        refreshToken = previous.refreshToken();
        refreshExpiresAt = previous.refreshExpiresAt();
      }
      gcid = gcid == null ? previous.gcid() : gcid;
      scope = scope == null ? previous.scope() : scope;
    }
    return new Answer.Granted(
        new TokenSet(
            question.clientId(),
            gcid == null ? claims.gcid() : gcid,
            scope == null ? question.scope() : scope,
            accessToken,
            idToken,
            refreshToken,
            now,
            expiry(claims, seconds(json, "expires_in", null), now),
            refreshExpiresAt));
  }

  /**
   * When the id token expires by our clock. A clock that is off by hours would make every token
   * look dead or immortal, so where it contradicts the token's own life time, the life time counts.
   */
  private static Instant expiry(IdToken claims, Duration expiresIn, Instant now) {
    Instant exp = claims.expiresAt();
    Duration life = expiresIn == null ? DEFAULT_LIFE : expiresIn;
    if (exp == null) {
      return now.plus(life);
    }
    if (claims.issuedAt() != null && claims.issuedAt().isBefore(exp)) {
      Instant byLife = now.plus(Duration.between(claims.issuedAt(), exp));
      return Duration.between(exp, byLife).abs().compareTo(CLOCK_TOLERANCE) <= 0 ? exp : byLife;
    }
    return exp.isAfter(now) ? exp : now.plus(life);
  }

  private static Transient passing(String why, Duration pause) {
    return new Transient(why, pause, false);
  }

  private static JsonNode object(byte[] body) {
    if (body == null) {
      return null;
    }
    try {
      JsonNode node = JSON.readTree(body);
      return node != null && node.isObject() ? node : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static String text(JsonNode json, String key) {
    JsonNode node = json.get(key);
    return node != null && node.isTextual() && !node.asText().isBlank() ? node.asText() : null;
  }

  private static String faultCode(JsonNode json) {
    return json.path("fault").path("detail").path("errorcode").asText("");
  }

  private static String description(JsonNode json) {
    String text = text(json, "error_description");
    return text == null ? "" : " (" + clean(text) + ")";
  }

  /** Text from outside, fit for a log line: one line, short, nothing that could be a token. */
  private static String clean(String text) {
    String masked = TOKEN_LIKE.matcher(oneLine(text)).replaceAll("…");
    return masked.length() > 200 ? masked.substring(0, 200) + "…" : masked;
  }

  private static String oneLine(String text) {
    return text.replaceAll("[\\p{Cntrl}\\p{Cf}]+", " ").trim();
  }

  /** Only what a browser may open; never a script. */
  private static String link(String text) {
    if (text == null) {
      return null;
    }
    try {
      URI uri = URI.create(text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      return scheme.equals("https") || scheme.equals("http") ? uri.toASCIIString() : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static Duration seconds(JsonNode json, String key, Duration otherwise) {
    long value = json.path(key).asLong(0);
    return value <= 0 ? otherwise : Duration.ofSeconds(Math.min(value, 10L * 365 * 86_400));
  }

  private static Duration pause(String retryAfter, Instant now) {
    if (retryAfter == null) {
      return Duration.ZERO;
    }
    String text = retryAfter.trim();
    Duration pause;
    try {
      pause =
          text.matches("\\d{1,9}")
              ? Duration.ofSeconds(Long.parseLong(text))
              : Duration.between(
                  now, ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
    if (pause.isNegative()) {
      return Duration.ZERO;
    }
    return pause.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : pause;
  }

  private static String inWords(Throwable cause) {
    if (cause instanceof UnknownHostException) {
      return "its name cannot be resolved";
    }
    if (cause instanceof NoRouteToHostException) {
      return "there is no network route to it";
    }
    if (cause instanceof ConnectException) {
      return "it does not accept the connection";
    }
    if (cause instanceof SocketTimeoutException) {
      return "it did not answer in time";
    }
    if (cause instanceof SSLException) {
      return "no trusted TLS connection (" + clean(String.valueOf(cause.getMessage())) + ")";
    }
    if (cause instanceof SocketException) {
      return "the connection broke";
    }
    return "no answer (" + cause.getClass().getSimpleName() + ")";
  }
}
