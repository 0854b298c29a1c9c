// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

/**
 * Thrown by {@code events:publish} when the journal could not keep a message. Nothing is wrong with
 * the message: whoever has it must not acknowledge it, so that it comes again.
 */
public final class NotKeptException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With what stopped the journal. */
  public NotKeptException(Throwable cause) {
    super("keeping a message: " + cause.getMessage(), cause);
  }
}
