// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

/**
 * Thrown by a sink's step when its target takes nothing at all, whatever it could be sent: it
 * cannot be reached, its disk is full, it does not know us. A batch stays whole and nothing is set
 * aside, however long that lasts; it is tried again at least every 15 seconds. What may be the
 * fault of one event must be another exception, or that event would hold up the sink for ever.
 */
public final class TargetAwayException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * With the reason in words.
   *
   * @param reason shown, so it names no secret
   * @param cause null where there is none
   */
  public TargetAwayException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
