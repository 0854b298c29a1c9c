// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Headers;
import org.cardatabridge.api.ActionReply;
import org.cardatabridge.api.ActionRequest;

/**
 * The answers of {@code /api/actions}: the steps of {@code routes/web-actions.camel.yaml}. Safe for
 * use by many threads.
 */
public final class ActionsApi {

  /** The web server has four workers: two are left for the page, health and metrics. */
  private static final int AT_ONCE = 2;

  private static final long SOON_SECONDS = 10;

  private final Semaphore places = new Semaphore(AT_ONCE);
  private final Clock clock;

  /** The clock says when requests come. */
  public ActionsApi(Clock clock) {
    this.clock = clock;
  }

  /**
   * {@code POST /api/actions/<action>?vin=&account=…}; what is missing there may stand in a JSON
   * object as body.
   *
   * @param action the last part of the path
   * @param parameters of the URL, with the request's headers among them
   * @param body null or empty for none
   */
  public ActionRequest request(
      @Header("action") String action, @Headers Map<String, Object> parameters, @Body byte[] body) {
    Map<String, String> given = new TreeMap<>();
    parameters.forEach(
        (name, value) -> {
          if (value != null && ActionRequest.takes(name)) {
            Object first = value instanceof List<?> all && !all.isEmpty() ? all.get(0) : value;
            given.put(name, first.toString());
          }
        });
    // A name that is misspelt must not make it an action for every car.
    names(parameters.get(Exchange.HTTP_QUERY)).stream()
        .filter(name -> !ActionRequest.takes(name))
        .forEach(name -> given.put(name, ""));
    return ActionRequest.read(action == null ? "" : action, given, body, clock.instant());
  }

  private static List<String> names(Object query) {
    List<String> names = new ArrayList<>();
    for (String part : query == null ? new String[0] : query.toString().split("&")) {
      String name = part.split("=", 2)[0];
      try {
        name = URLDecoder.decode(name, StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        name = part;
      }
      if (!name.isBlank()) {
        names.add(name);
      }
    }
    return names;
  }

  /** Takes a place for an action, if there is one; whoever gets true has to {@link #leave}. */
  public boolean enter() {
    return places.tryAcquire();
  }

  /** Gives the place back. */
  public void leave() {
    places.release();
  }

  /** The answer where there is no place. */
  public ActionReply busy(@Body ActionRequest request) {
    return new ActionReply(
        request.action(),
        ActionReply.LATER,
        null,
        AT_ONCE + " actions that were asked for by HTTP are under way — wait for their end",
        request.transaction(),
        null,
        SOON_SECONDS);
  }

  /** The answer, in the form that the response topic has too. */
  public Answer answer(@Body ActionReply reply) {
    return Answer.json(reply.code(), reply.json());
  }
}
