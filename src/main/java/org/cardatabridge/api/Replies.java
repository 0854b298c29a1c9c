// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.nio.charset.StandardCharsets;
import java.time.Clock;

/**
 * What came back for a call. Whoever puts a step of their own in the place of {@code
 * direct:rest-call-<account>} (a file, another server) need not know {@link RestReply}: bytes and
 * text are taken as what was asked for. Safe for use by many threads.
 */
final class Replies {

  private final Clock clock;

  Replies(Clock clock) {
    this.clock = clock;
  }

  RestReply of(Object body) {
    if (body instanceof RestReply reply) {
      return reply;
    }
    byte[] bytes =
        body instanceof byte[] raw
            ? raw
            : body instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : new byte[0];
    return new RestReply(RestVerdict.OK, 200, null, null, bytes, clock.instant());
  }
}
