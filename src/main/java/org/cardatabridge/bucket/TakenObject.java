// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bucket;

import java.time.Instant;
import java.time.LocalDate;

/**
 * An object that was read or tried. Immutable; its name holds an app id.
 *
 * @param name the whole name
 * @param etag that of its content then
 * @param root what stands before the date in the name
 * @param day the date in the name, else that of its writing
 * @param at when
 * @param reason why it was set aside; null where all its messages are in the journal
 * @param again when it is tried again; null for never
 * @param first when it was tried for the first time
 */
record TakenObject(
    String name,
    String etag,
    String root,
    LocalDate day,
    Instant at,
    String reason,
    Instant again,
    Instant first) {

  /** Whether there is nothing to do about an object with this etag now. */
  boolean settles(String other, Instant now) {
    return etag.equals(other) && (again == null || now.isBefore(again));
  }

  SetAsideObject shown() {
    return new SetAsideObject(
        at, "Reading " + ObjectName.of(name).shown() + " from the bucket: " + reason);
  }

  /** The part of the name that may be shown. */
  @Override
  public String toString() {
    return ObjectName.of(name).shown();
  }
}
