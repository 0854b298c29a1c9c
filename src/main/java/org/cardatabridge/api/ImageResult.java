// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.util.List;
import java.util.Objects;

/**
 * What the answer to an order for a picture came to. Immutable.
 *
 * @param order the order; never null
 * @param verdict of the call, of what came, or of the disk; never null
 * @param messages the data point about the picture; may be empty
 * @param picture the picture; null where there is none
 * @param data what to tell whoever asked; may be null
 */
public record ImageResult(
    RestRequest order,
    RestVerdict verdict,
    List<RestMessage> messages,
    Picture picture,
    Object data)
    implements RestEnding {

  /** Refuses a missing part by its name. */
  public ImageResult {
    Objects.requireNonNull(order, "order");
    Objects.requireNonNull(verdict, "verdict");
    messages = List.copyOf(messages);
  }

  static ImageResult of(RestRequest order, RestVerdict verdict) {
    return new ImageResult(order, verdict, List.of(), null, null);
  }

  @Override
  public RestOutcome outcome() {
    return new RestOutcome(verdict, data);
  }

  /** The verdict's kind and the picture's size. */
  @Override
  public String toString() {
    return "ImageResult[" + verdict.kind() + ", " + picture + "]";
  }
}
