// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.recording;

/**
 * What stands on one line of a recording. Immutable.
 *
 * @param number the line, counted from 1, empty ones too
 * @param message the message; null where the line cannot be used
 * @param problem why it cannot be used and what to do, without anything of its content; null where
 *     it can
 */
public record RecordedLine(long number, RecordedMessage message, String problem) {

  /** Whether there is a message. */
  public boolean isUsable() {
    return message != null;
  }
}
