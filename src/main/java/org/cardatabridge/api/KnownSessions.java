// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The charging sessions that are known from before. Safe for use by many threads. */
public interface KnownSessions {

  /** When the last one of a vehicle ended. */
  Optional<Instant> last(String vin);

  /** The values of those that ended from the one time on and before the other, by their end. */
  Map<Instant, Object> between(String vin, Instant since, Instant until);
}
