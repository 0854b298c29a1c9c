// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the rules find in an account's part of {@code /api/status}. Pure functions. */
final class AccountFindings {

  /** MQTT's reason code for a session that another client took over. */
  private static final int TAKEN_OVER = 142;

  private static final Duration FIGHT_WINDOW = Duration.ofMinutes(10);
  private static final int STREAM_COUNTS_TO = 3;

  /** So many days before a certificate ends it is said, the fewest first. */
  private static final List<Integer> DAYS_AHEAD = List.of(1, 3, 7, 14, 28);

  private static final Duration PEACE = Duration.ofHours(1);

  private AccountFindings() {}

  /**
   * Only a person can help: there are no tokens, or BMW does not take them. Over when newer tokens
   * are there, so that a start with dead tokens is no new episode.
   */
  static Finding loginNeeded(JsonNode account, Episode before, Instant now) {
    if (isOfCertificate(account)) {
      return Finding.OVER;
    }
    JsonNode login = account.path("login");
    String state = login.path("state").asText();
    Instant tokensEnd = time(login, "idTokenExpiresAt");
    if (state.equals("authorized")) {
      boolean isNew =
          before == null || tokensEnd != null && !tokensEnd.toString().equals(before.mark());
      return isNew ? Finding.OVER : Finding.UNSURE;
    }
    String mark = before != null ? before.mark() : String.valueOf(tokensEnd);
    String code = login.path("userCode").asText("");
    boolean isWished = before == null && tokensEnd != null && tokensEnd.isAfter(now);
    if (!code.isEmpty() && !isWished) {
      String plain = login.path("verificationUri").asText();
      String address = login.path("verificationUriComplete").asText(plain);
      Instant until = time(login, "codeExpiresAt");
      Map<String, Object> words =
          Map.of("code", code, "address", address, "until", until == null ? now : until);
      return Finding.Holds.since(now, now, words)
          .marked(mark)
          .saidAs("code")
          .validUntil(until)
          .withoutWaiting();
    }
    if (state.equals("pending")) {
      // The code comes in a moment, or the plain sentence is said; where no login was needed
      // before, somebody begins one on the page, and sees the code there.
      return before != null && !before.told()
          ? Finding.Holds.since(now, now, Map.of()).marked(mark)
          : Finding.UNSURE;
    }
    Finding.Holds holds = Finding.Holds.since(now, now, Map.of()).marked(mark);
    return state.equals("refused") ? holds.saidAs("refused") : holds;
  }

  /** The tokens have run out, so that they cannot have been renewed when it was time. */
  static Finding refreshFailing(JsonNode account, Instant now) {
    JsonNode login = account.path("login");
    Instant tokensEnd = time(login, "idTokenExpiresAt");
    if (!login.path("state").asText().equals("authorized") || tokensEnd == null) {
      return Finding.UNSURE;
    }
    return tokensEnd.isAfter(now)
        ? Finding.OVER
        : Finding.Holds.since(now, now, Map.of("since", tokensEnd));
  }

  /** The login itself runs out soon, as the tokens were not renewed for days. */
  static Finding loginEnding(JsonNode account, Duration ahead, Instant now) {
    JsonNode login = account.path("login");
    Instant ends = time(login, "refreshTokenExpiresAt");
    if (!login.path("state").asText().equals("authorized") || ends == null) {
      return Finding.UNSURE;
    }
    return ends.isAfter(now.plus(ahead))
        ? Finding.OVER
        : Finding.Holds.since(now, now, Map.of("until", ends));
  }

  /** BMW does not take our credentials; attempts in between change nothing. */
  static Finding streamRefused(JsonNode account, Instant now) {
    return switch (streamState(account)) {
      case "refused" -> {
        Finding.Holds holds = Finding.Holds.since(now, now, Map.of());
        yield isOfCertificate(account) ? holds.saidAs("certificate") : holds;
      }
      case "live", "quiet", "stopped", "login-required" -> Finding.OVER;
      default -> Finding.UNSURE;
    };
  }

  /** The certificate ends soon; said anew as often as the step below it is reached. */
  static Finding certificateEnding(JsonNode account, Instant now) {
    JsonNode certificate = account.path("certificate");
    Instant ends = time(certificate, "expiresAt");
    return switch (certificate.path("state").asText()) {
      case "valid" -> Finding.OVER;
      case "expires-soon", "expired" -> ends == null ? Finding.UNSURE : ending(ends, now);
      default -> Finding.UNSURE;
    };
  }

  private static Finding ending(Instant ends, Instant now) {
    if (!ends.isAfter(now)) {
      return Finding.Holds.since(now, now, Map.of("until", ends))
          .marked(ends + " expired")
          .saidAs("expired")
          .withoutWaiting();
    }
    Duration left = Duration.between(now, ends);
    return DAYS_AHEAD.stream()
        .filter(days -> left.compareTo(Duration.ofDays(days)) <= 0)
        .findFirst()
        .<Finding>map(
            days ->
                Finding.Holds.since(now, now, Map.of("until", ends, "left", left))
                    .marked(ends + " " + days)
                    .withoutWaiting())
        .orElse(Finding.UNSURE);
  }

  static boolean isOfCertificate(JsonNode account) {
    return account.path("source").asText().equals("highmobility");
  }

  /** There is no stream, whatever the reason, and it is wanted. */
  static Finding streamLost(JsonNode account, Instant now) {
    return switch (streamState(account)) {
      case "live", "quiet", "stopped", "login-required" -> Finding.OVER;
      case "refused", "backing-off", "connecting", "quota" ->
          Finding.Holds.since(now, now, Map.of());
      default -> Finding.UNSURE;
    };
  }

  private static String streamState(JsonNode account) {
    return account.path("stream").path("state").asText();
  }

  /** BMW takes no more, on the stream or in its REST interface. */
  static Finding quotaExhausted(JsonNode account, Instant now) {
    JsonNode quota = account.path("quota");
    int limit = quota.path("limit").asInt();
    // BMW's own word counts as well, whatever we counted.
    boolean isUsedUp =
        limit > 0 && (quota.path("used").asInt() >= limit || quota.has("blockedUntil"));
    if (isUsedUp) {
      Instant until = time(quota, "resetsAt");
      return until == null
          ? Finding.Holds.since(now, now, Map.of())
          : Finding.Holds.since(now, now, Map.of("until", until)).saidAs("until");
    }
    return switch (streamState(account)) {
      case "quota" -> Finding.Holds.since(now, now, Map.of());
      case "connecting", "backing-off" -> Finding.UNSURE;
      default -> Finding.OVER;
    };
  }

  /** BMW granted less than was asked for; other scopes are another episode. */
  static Finding scopeMissing(JsonNode account, Instant now) {
    JsonNode login = account.path("login");
    if (!login.path("state").asText().equals("authorized")) {
      return Finding.UNSURE;
    }
    TreeSet<String> missing = new TreeSet<>();
    login.path("missingScopes").forEach(scope -> missing.add(scope.asText()));
    String scopes = String.join(", ", missing);
    return missing.isEmpty()
        ? Finding.OVER
        : Finding.Holds.since(now, now, Map.of("scopes", scopes)).marked(scopes).withoutWaiting();
  }

  /** Whether BMW said that another client took a session; it may give no reasons. */
  static boolean isSureOfFight(JsonNode account) {
    JsonNode stream = account.path("stream");
    return stream.path("otherClient").path("sure").asBoolean(true)
        || stream.path("lastReason").path("code").asInt() == TAKEN_OVER;
  }

  /**
   * Another client took the session over so many times within ten minutes, or the stream itself
   * finds that one does; over after an hour without. What it remembers are the times.
   */
  static Step clientFight(JsonNode account, Episode before, int times, Instant now) {
    JsonNode reason = account.path("stream").path("lastReason");
    Instant at = reason.path("code").asInt() == TAKEN_OVER ? time(reason, "at") : null;
    // The stream counts to three; whoever set more takeovers wants no word of fewer.
    Instant found =
        times <= STREAM_COUNTS_TO ? time(account.path("stream").path("otherClient"), "at") : null;
    boolean isFound = found != null && !found.isBefore(now.minus(FIGHT_WINDOW));
    if (isFound && (at == null || found.isAfter(at))) {
      at = found;
    }
    if (before != null && before.told()) {
      Instant last = Instant.parse(before.mark());
      last = at != null && at.isAfter(last) ? at : last;
      boolean isPeace = last.isBefore(now.minus(PEACE));
      Episode goesOn = new Episode(before.since(), true, last.toString());
      return new Step(isPeace ? null : goesOn, false, false);
    }
    TreeSet<Instant> seen = new TreeSet<>();
    if (before != null) {
      Stream.of(before.mark().split(",")).map(Instant::parse).forEach(seen::add);
    }
    if (at != null) {
      seen.add(at);
    }
    seen.removeIf(time -> time.isBefore(now.minus(FIGHT_WINDOW)));
    if (seen.isEmpty()) {
      return new Step(null, false, false);
    }
    boolean says = isFound || seen.size() >= times;
    String all = seen.stream().map(Instant::toString).collect(Collectors.joining(","));
    Episode after = new Episode(seen.first(), says, says ? seen.last().toString() : all);
    return new Step(after, says, false);
  }

  private static Instant time(JsonNode node, String field) {
    String text = node.path(field).asText("");
    return text.isEmpty() ? null : Instant.parse(text);
  }
}
