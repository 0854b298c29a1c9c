// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A request on its way: the body between the steps of {@code routes/rest-action.camel.yaml}.
 * Immutable.
 *
 * @param kind what comes next: one of the words here
 * @param request what was asked for
 * @param key the same for requests that ask for the same; null where it is not carried out
 * @param account the account that it is for; null where it is not carried out
 * @param orders what to carry out
 * @param reply the answer; null before there is one
 * @param before when the tokens in use came; null where there are none, or it does not matter
 * @param until how long to wait for a login or a refresh; null where it does not matter
 */
public record ActionRun(
    String kind,
    ActionRequest request,
    String key,
    String account,
    List<RestRequest> orders,
    ActionReply reply,
    Instant before,
    Instant until) {

  /** There is an answer. */
  public static final String ANSWERED = "answered";

  /** Which vehicles the account has is to be asked first. */
  public static final String VEHICLES = "vehicles";

  /** The orders are to be carried out. */
  public static final String ORDERS = "orders";

  /** A login is to be begun. */
  public static final String LOGIN = "login";

  /** The tokens are to be renewed. */
  public static final String REFRESH = "refresh";

  /** One of the two is under way. */
  public static final String WAITING = "waiting";

  /** Refuses a missing part by its name. */
  public ActionRun {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(request, "request");
    orders = List.copyOf(orders);
  }

  static ActionRun of(String kind, ActionRequest request, String key, String account) {
    return new ActionRun(kind, request, key, account, List.of(), null, null, null);
  }

  ActionRun answered(ActionReply answer) {
    return new ActionRun(ANSWERED, request, key, account, List.of(), answer, null, null);
  }

  ActionRun refused(int code, String sentence) {
    return answered(ActionReply.failed(request, code, sentence));
  }

  ActionRun with(List<RestRequest> all) {
    return new ActionRun(ORDERS, request, key, account, all, null, null, null);
  }

  ActionRun waiting(Instant tokensFrom, Instant end) {
    return new ActionRun(WAITING, request, key, account, List.of(), null, tokensFrom, end);
  }

  /** Says how it stands. */
  @Override
  public String toString() {
    return "ActionRun[" + request.action() + ", " + kind + "]";
  }
}
