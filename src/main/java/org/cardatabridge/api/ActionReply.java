// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cardatabridge.api.RestVerdict.Kind;

/**
 * What whoever asked is told: the body that comes out of {@code direct:rest-action}. Immutable.
 *
 * @param action the word that was asked for
 * @param code 200 where it was done, else the HTTP status that says what kind of no it is
 * @param data as maps, lists and plain values; null where there are none
 * @param error what went wrong and what to do, in a sentence; null where nothing did
 * @param transaction as it came; null without one
 * @param note what else to know about the answer, in a sentence; null for nothing
 * @param retryAfter when to ask again, in seconds; null where nothing says so
 */
public record ActionReply(
    String action,
    int code,
    Object data,
    String error,
    Object transaction,
    String note,
    Long retryAfter) {

  /** One without anything else to know. */
  public ActionReply(String action, int code, Object data, String error, Object transaction) {
    this(action, code, data, error, transaction, null, null);
  }

  /** It was done. */
  public static final int DONE = 200;

  /** The request is wrong. */
  public static final int WRONG = 400;

  /** There is no such action, account or vehicle. */
  public static final int UNKNOWN = 404;

  /** Not as things stand: it is under way, or something has to be done first. */
  public static final int CONFLICT = 409;

  /** The day's calls are used up. */
  public static final int QUOTA = 429;

  /** BMW refuses. */
  public static final int REFUSED = 502;

  /** Not now: trouble that passes. */
  public static final int LATER = 503;

  static ActionReply done(ActionRequest request, Object data) {
    return new ActionReply(request.action(), DONE, data, null, request.transaction());
  }

  static ActionReply failed(ActionRequest request, int code, String error) {
    return new ActionReply(request.action(), code, null, error, request.transaction());
  }

  /** The same for another request that asked for the same. */
  ActionReply forAnother(Object otherTransaction) {
    return new ActionReply(action, code, data, error, otherTransaction, note, retryAfter);
  }

  /** The same for whoever asks soon after. */
  ActionReply again(Object otherTransaction, Instant at) {
    String why =
        "the answer of "
            + at.truncatedTo(ChronoUnit.SECONDS)
            + ": the same is asked of BMW once a minute at most";
    return new ActionReply(action, code, data, error, otherTransaction, why, retryAfter);
  }

  /** The status that tells a verdict. */
  static int code(RestVerdict verdict) {
    return switch (verdict.kind()) {
      case OK -> DONE;
      case WRONG, PAGE_EXPIRED -> WRONG;
      case TOKEN, LOGIN, VEHICLE, CONTAINERS_FULL -> CONFLICT;
      case NOTHING_THERE -> UNKNOWN;
      case QUOTA -> QUOTA;
      case LATER -> LATER;
      default -> REFUSED;
    };
  }

  /** What to say of a verdict that has no words of its own. */
  static String sentence(RestVerdict verdict) {
    return verdict.sentence() != null
        ? verdict.sentence()
        : "Asking BMW: it refuses (" + verdict.kind().name() + ") — see the bridge's page";
  }

  /** Whether it was done. */
  public boolean isOk() {
    return code == DONE;
  }

  /** The form of answers: {@code data}, {@code status}, and where there is one {@code error}. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("data", data == null ? Map.of() : data);
    json.put("status", isOk() ? "ok" : "error");
    if (error != null) {
      json.put("error", error);
    }
    if (note != null) {
      json.put("note", note);
    }
    if (transaction != null) {
      json.put("transaction", transaction);
    }
    return json;
  }

  /** {@link #json} as text. */
  public String text() {
    return AnswerJson.write(json());
  }

  /** The action and the code only. */
  @Override
  public String toString() {
    return "ActionReply[" + action + ", " + code + "]";
  }

  static ActionReply of(ActionRequest request, RestOutcome outcome) {
    RestVerdict verdict = outcome.verdict();
    return new ActionReply(
        request.action(),
        code(verdict),
        outcome.data(),
        verdict.kind() == Kind.OK ? null : sentence(verdict),
        request.transaction(),
        null,
        verdict.retryAfter().isZero() ? null : Math.max(1, verdict.retryAfter().toSeconds()));
  }
}
