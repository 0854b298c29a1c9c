// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.cardatabridge.settings.Settings;

/**
 * What a user can set about the plan. Immutable.
 *
 * @param off the setting that switches the plan off; null where it is on
 * @param gapAfter how long the stream has to be away for a gap that is filled
 * @param silentAfter how long a car that drives or charges may be silent
 * @param pollEvery the least pause between two calls for a silent car; null for none at all
 * @param scheduled what has a cron of its own, which the plan leaves alone
 */
public record PlanSettings(
    String off,
    Duration gapAfter,
    Duration silentAfter,
    Duration pollEvery,
    Set<RestAction> scheduled) {

  private static final String ENABLED = "cardata.api.enabled";

  /** Copies the set. */
  public PlanSettings {
    scheduled = Set.copyOf(scheduled);
  }

  /** Those of an account, from the settings as it sees them. */
  public static PlanSettings of(Settings settings) {
    String every = settings.get("cardata.api.poll-every");
    EnumSet<RestAction> scheduled = EnumSet.noneOf(RestAction.class);
    Arrays.stream(RestAction.values())
        .filter(action -> settings.find("cardata.api." + action.word() + ".cron").isPresent())
        .forEach(scheduled::add);
    return new PlanSettings(
        Stream.of(ENABLED, "cardata.api.plan")
            .filter(key -> !settings.flag(key))
            .findFirst()
            .orElse(null),
        settings.duration("cardata.api.gap-after"),
        settings.duration("cardata.api.silent-after"),
        every.equals("off") ? null : settings.duration("cardata.api.poll-every"),
        scheduled);
  }

  /** Whether calls may be made at all. */
  boolean isEnabled() {
    return !ENABLED.equals(off);
  }
}
