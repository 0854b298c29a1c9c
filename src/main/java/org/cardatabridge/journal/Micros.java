// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Instant;

/** Times as the journal's tables hold them: microseconds since 1970-01-01T00:00:00Z. */
final class Micros {

  private static final long SECOND = 1_000_000;

  private Micros() {}

  /** Cuts what is smaller; a time beyond the years that fit becomes the last one that does. */
  static long of(Instant time) {
    long seconds =
        Math.max(
            Long.MIN_VALUE / SECOND + 1,
            Math.min(Long.MAX_VALUE / SECOND - 1, time.getEpochSecond()));
    return seconds * SECOND + time.getNano() / 1_000;
  }

  static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, SECOND), Math.floorMod(micros, SECOND) * 1_000);
  }
}
