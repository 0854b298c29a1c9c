// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

/** Which clock a data point's timestamp was taken from. */
public enum TimeOrigin {
  /** The entry's own: when the car measured it. */
  ENTRY,
  /** The message's: when BMW sent it, for an entry without a time. */
  ENVELOPE,
  /** Ours: when the bridge received it, for a message without any time. */
  RECEIPT
}
