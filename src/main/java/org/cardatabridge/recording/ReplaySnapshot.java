// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.recording;

/**
 * How a replay of journalled messages stands. Immutable.
 *
 * @param id its number
 * @param state {@code running}, {@code done} or {@code failed}
 * @param total how many messages it has to play
 * @param done how many of them are played
 * @param lastError why it failed or is held up, without secrets; null where all is well
 */
public record ReplaySnapshot(long id, String state, long total, long done, String lastError) {

  /** It goes on. */
  public static final String RUNNING = "running";

  /** Everything is played. */
  public static final String DONE = "done";

  /** It ended before. */
  public static final String FAILED = "failed";
}
