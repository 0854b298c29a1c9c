// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Cuts lists into pages, and knows which token continues which list. Used on one thread. */
final class PageTokens {

  private static final int MOST = 10_000;

  private record Page(String list, int from, Instant expiresAt) {}

  /** A part of a list. Immutable. */
  record Cut(JsonArray entries, String nextToken) {}

  private final TokenMint mint;
  private final Map<String, Page> pages = new LinkedHashMap<>();

  PageTokens(TokenMint mint) {
    this.mint = mint;
  }

  /**
   * The first page, or the one that a token names.
   *
   * @param list tells the lists apart: a token of one is no good for another
   * @param token empty for the first page
   * @return the entries, with the next page's token; null on the last page
   */
  Cut cut(String list, List<JsonObject> all, String token, Instant now, ApiRules rules) {
    int from = token.isEmpty() ? 0 : start(list, token, now);
    int to = Math.min(all.size(), from + rules.pageSize());
    JsonArray entries = new JsonArray(List.copyOf(all.subList(Math.min(from, to), to)));
    if (to >= all.size()) {
      return new Cut(entries, null);
    }
    String next = mint.opaque("P0");
    if (pages.size() == MOST) {
      pages.remove(pages.keySet().iterator().next());
    }
    pages.put(next, new Page(list, to, now.plus(rules.pageTokenLife())));
    return new Cut(entries, next);
  }

  private int start(String list, String token, Instant now) {
    Page page = pages.get(token);
    if (page == null || !page.list().equals(list) || !now.isBefore(page.expiresAt())) {
      throw new ApiRefusal(ApiError.PAGE_EXPIRED);
    }
    return page.from();
  }

  /** Lets every token made so far be expired; gives how many. */
  int expire() {
    int count = pages.size();
    pages.clear();
    return count;
  }
}
