// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

/**
 * A sink at one moment. Immutable.
 *
 * @param name its name, the one in {@code events:<name>}
 * @param enabled whether its route is started or to be started
 * @param state how it does
 * @param delivered what its target took since the bridge started: data points, or messages for
 *     {@code of=messages}
 * @param failed what was set aside since then
 * @param lag what it still has to read
 * @param lost what was dropped from a full journal before it could read it
 * @param lastError why it is down or broken, or why something was set aside last; without secrets;
 *     null where all is well
 */
public record SinkSnapshot(
    String name,
    boolean enabled,
    State state,
    long delivered,
    long failed,
    long lag,
    long lost,
    String lastError) {

  /** How a sink does; written in lower case. */
  public enum State {
    /** It delivers, or has nothing to deliver. */
    UP,
    /** Its target fails; it is trying again. */
    DOWN,
    /** Its route is switched off, stopped or suspended. */
    DISABLED,
    /** Its route file could not be loaded. */
    BROKEN;

    /** The word the status shows. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
