// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Duration;

/**
 * Thrown by a sink's step when its target takes nothing at the moment, whatever it is sent: it asks
 * for a pause, or its set-up is wrong. A batch stays whole, nothing is set aside while the target
 * takes nothing else either, and the pause that was asked for is kept. Without a pause, what is
 * thrown for one event alone {@code attempts} times, while a later one passes, is set aside.
 */
public final class TryLaterException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Duration pause;

  /** With the reason in words, which are shown, so they name no secret; pauses grow as usual. */
  public TryLaterException(String reason) {
    this(reason, null, null);
  }

  /**
   * With the reason in words and the pause that the target asks for.
   *
   * @param reason shown, so it names no secret
   * @param pause at least how long to wait; null where the target named none
   */
  public TryLaterException(String reason, Duration pause) {
    this(reason, pause, null);
  }

  /** The same with what caused it; null where nothing did. */
  public TryLaterException(String reason, Duration pause, Throwable cause) {
    super(reason, cause);
    this.pause = pause;
  }

  /** At least how long to wait; null where the target named no pause. */
  public Duration pause() {
    return pause;
  }
}
