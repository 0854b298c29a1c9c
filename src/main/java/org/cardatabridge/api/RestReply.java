// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Instant;
import java.util.Objects;

/**
 * What one {@link RestCall} led to: the body that comes out of {@code direct:rest-call-<account>},
 * which never fails. Nobody changes its bytes.
 *
 * @param verdict what it means; never null
 * @param status the HTTP status; 0 where no call was made or none answered
 * @param errorId BMW's {@code exveErrorId}; null where there is none
 * @param contentType the header of that name; null where there is none
 * @param body the bytes that came; empty where there are none
 * @param received when; never null
 */
public record RestReply(
    RestVerdict verdict,
    int status,
    String errorId,
    String contentType,
    byte[] body,
    Instant received) {

  /** Refuses a missing part by its name. */
  public RestReply {
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(received, "received");
  }

  /** Whether it has what was asked for. */
  public boolean isOk() {
    return verdict.kind() == RestVerdict.Kind.OK;
  }

  /** The verdict and the size; never the content. */
  @Override
  public String toString() {
    return "RestReply[" + verdict.kind() + ", " + status + ", " + body.length + " bytes]";
  }
}
