// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.apache.camel.Headers;
import org.cardatabridge.api.ActionReply;
import org.cardatabridge.api.ActionRequest;

/**
 * The answers of {@code /api/actions}: the steps of {@code routes/web-actions.camel.yaml}. Safe for
 * use by many threads.
 */
public final class ActionsApi {

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
    return ActionRequest.read(action == null ? "" : action, given, body, clock.instant());
  }

  /** The answer, in the form that the response topic has too. */
  public Answer answer(@Body ActionReply reply) {
    return Answer.json(reply.code(), reply.json());
  }
}
