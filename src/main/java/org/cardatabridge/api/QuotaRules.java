// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.util.Objects;
import org.cardatabridge.settings.Settings;

/**
 * How many calls an account may make. Immutable.
 *
 * @param account its name; never null
 * @param limit calls within 24 hours; 0 for none
 * @param reserve how many of them are kept for what matters
 */
public record QuotaRules(String account, int limit, int reserve) {

  /** Refuses a missing name. */
  public QuotaRules {
    Objects.requireNonNull(account, "account");
  }

  /** As {@code cardata.api.daily-limit} and {@code cardata.api.reserve} say. */
  public static QuotaRules of(String account, Settings settings) {
    return new QuotaRules(
        account,
        settings.integer("cardata.api.daily-limit"),
        settings.integer("cardata.api.reserve"));
  }

  /** How many calls may be made for this purpose. */
  int allowed(Purpose purpose) {
    int kept = Math.min(reserve, limit);
    return switch (purpose) {
      case ROUTINE -> limit - kept;
      // Whoever asks leaves half of it to the gaps of the stream.
      case REQUEST -> limit - kept / 2;
      case GAP, HELP -> limit;
    };
  }
}
