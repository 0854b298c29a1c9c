// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import java.util.List;

/**
 * What one channel gets in one request: notices, grouped. Immutable.
 *
 * @param channel {@code telegram}, {@code ntfy}, {@code gotify} or {@code webhook}
 * @param notices what it holds, oldest first; at least one
 * @param title what they are about
 * @param text their texts, a line each, plain text
 * @param link where to go; null where there is nowhere
 * @param urgent whether one of them is
 * @param run which look at the outbox handed it out
 */
public record Message(
    String channel,
    List<Notice> notices,
    String title,
    String text,
    String link,
    boolean urgent,
    long run) {

  /** Copies the list. */
  public Message {
    notices = List.copyOf(notices);
  }

  /** Names the channel only. */
  @Override
  public String toString() {
    return "Message[" + channel + "]";
  }
}
