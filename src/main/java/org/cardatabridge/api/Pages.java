// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A list that BMW gives page by page, and how far it was read: the body of the steps in the loop.
 * Each page costs a call. Immutable.
 *
 * @param order what was ordered; never null
 * @param query what each page is asked with, but for its token
 * @param token of the next page; null for the first
 * @param calls how many pages were asked for
 * @param begunAgain whether the list was begun again because its token had expired
 * @param hasNext whether a page is still to be asked for
 * @param isCut whether there were more pages than are read
 * @param verdict of the last call; never null
 * @param messages the results of the last page
 * @param items what the pages held, as far as the end of the list needs it
 * @param found how many items there were
 * @param fresh how many of them were not known
 */
public record Pages(
    RestRequest order,
    Map<String, String> query,
    String token,
    int calls,
    boolean begunAgain,
    boolean hasNext,
    boolean isCut,
    RestVerdict verdict,
    List<RestMessage> messages,
    List<Object> items,
    int found,
    int fresh) {

  /** More pages are left for another time: each one costs a call of the day's fifty. */
  static final int MOST = 20;

  /** What a page held. */
  record Page(List<RestMessage> messages, List<Object> items, int found, int fresh) {}

  /** Refuses a missing part by its name. */
  public Pages {
    Objects.requireNonNull(order, "order");
    Objects.requireNonNull(verdict, "verdict");
    query = Map.copyOf(query);
    messages = List.copyOf(messages);
    items = List.copyOf(items);
  }

  /** The list before its first page. */
  static Pages first(RestRequest order, Map<String, String> query) {
    return new Pages(
        order, query, null, 0, false, true, false, RestVerdict.OK, List.of(), List.of(), 0, 0);
  }

  /** No page is asked for. */
  static Pages none(RestRequest order, RestVerdict why) {
    return new Pages(
        order, Map.of(), null, 0, false, false, false, why, List.of(), List.of(), 0, 0);
  }

  /** After a page that came. */
  Pages with(Page page, String next) {
    boolean isMore = next != null && !next.equals(token);
    boolean isEnough = calls + 1 >= MOST;
    List<Object> all = new ArrayList<>(items);
    all.addAll(page.items());
    return new Pages(
        order,
        query,
        next,
        calls + 1,
        begunAgain,
        isMore && !isEnough,
        isMore && isEnough,
        RestVerdict.OK,
        page.messages(),
        all,
        found + page.found(),
        fresh + page.fresh());
  }

  /** After a page that did not come: an expired token begins the list again, once. */
  Pages without(RestVerdict why) {
    boolean isExpired = why.kind() == RestVerdict.Kind.PAGE_EXPIRED;
    return isExpired && !begunAgain && calls + 1 < MOST
        ? new Pages(
            order, query, null, calls + 1, true, true, false, why, List.of(), List.of(), 0, 0)
        : new Pages(
            order,
            query,
            null,
            calls + 1,
            begunAgain,
            false,
            false,
            why,
            List.of(),
            items,
            found,
            fresh);
  }

  /** The same with one more message at the end. */
  Pages ending(RestMessage message) {
    return new Pages(
        order,
        query,
        token,
        calls,
        begunAgain,
        hasNext,
        isCut,
        verdict,
        List.of(message),
        items,
        found,
        fresh);
  }

  /** How the list ended, for the steps behind the loop; its messages are on their way by then. */
  RestResult result(Map<String, Object> data) {
    return new RestResult(verdict, List.of(), data);
  }

  /** How far it was read; never what it holds. */
  @Override
  public String toString() {
    return "Pages[" + calls + " calls, " + verdict.kind() + ", " + found + " items]";
  }
}
