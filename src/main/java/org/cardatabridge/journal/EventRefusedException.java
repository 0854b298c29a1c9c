// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

/**
 * Thrown by a sink's step for an event that its target will never take, however often it is sent.
 * {@code routes/errors.camel.yaml} sets such an event aside at once. Throw anything else for
 * trouble that may pass.
 */
public final class EventRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With the reason in words; it is shown, so it names no secret. */
  public EventRefusedException(String reason) {
    super(reason);
  }

  /** With the reason in words and what caused it. */
  public EventRefusedException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
