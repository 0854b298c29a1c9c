// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.util.List;
import java.util.Objects;

/**
 * What one answer came to. Immutable.
 *
 * @param verdict of the call, or of what the answer holds; never null
 * @param messages the results; may be empty
 * @param data what to tell whoever asked, as in {@link RestOutcome#data()}; may be null
 */
public record RestResult(RestVerdict verdict, List<RestMessage> messages, Object data)
    implements RestEnding {

  /** Refuses a missing part by its name. */
  public RestResult {
    Objects.requireNonNull(verdict, "verdict");
    messages = List.copyOf(messages);
  }

  /** Nothing but a verdict. */
  static RestResult of(RestVerdict verdict) {
    return new RestResult(verdict, List.of(), null);
  }

  /** That the answer cannot be read. */
  static RestResult unreadable(RestRequest order) {
    return of(unreadableAnswer(order));
  }

  static RestVerdict unreadableAnswer(RestRequest order) {
    return RestVerdict.of(
        RestVerdict.Kind.LATER,
        "reading BMW's answer to "
            + order.action().word()
            + ": it is not what BMW documents — it is asked again later; if this stays, look for a"
            + " newer version of the bridge");
  }

  @Override
  public RestOutcome outcome() {
    return new RestOutcome(verdict, data);
  }

  /** The verdict's kind; never the data. */
  @Override
  public String toString() {
    return "RestResult[" + verdict.kind() + ", " + messages.size() + " messages]";
  }
}
