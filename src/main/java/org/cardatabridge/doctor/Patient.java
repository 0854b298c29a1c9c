// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.cardatabridge.api.Mappings;
import org.cardatabridge.api.Quota;
import org.cardatabridge.auth.LoginSnapshot;
import org.cardatabridge.auth.TokenSet;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.stream.StreamSnapshot;
import org.cardatabridge.stream.StreamSpan;

/**
 * One account, as the checks look at it. Safe for use by many threads as long as its suppliers are.
 *
 * @param name as in {@code cardata.accounts}
 * @param isOnly whether it is the only one, so that nobody needs its name
 * @param settings as this account sees them
 * @param tokens the newest tokens; empty before the first login
 * @param tokenFile where they stand
 * @param login how the login stands
 * @param stream how the session with BMW stands
 * @param spans its states of the last days, the oldest first
 * @param quota how the account stands with its REST calls; empty where that is not known
 * @param mappings the cars that BMW named; empty where it was not asked yet
 * @param mappedAt when BMW named them
 * @param askMappings asks BMW for them, for one call of the quota; gives whether it told them
 */
public record Patient(
    String name,
    boolean isOnly,
    Settings settings,
    Supplier<Optional<TokenSet>> tokens,
    Path tokenFile,
    Supplier<LoginSnapshot> login,
    Supplier<StreamSnapshot> stream,
    Supplier<List<StreamSpan>> spans,
    Supplier<Optional<Quota>> quota,
    Supplier<Optional<List<Mappings.Mapping>>> mappings,
    Supplier<Optional<Instant>> mappedAt,
    Supplier<Boolean> askMappings) {

  /** Refuses a missing name. */
  public Patient {
    Objects.requireNonNull(name, "name");
  }

  /** The id of a check of this account. */
  String id(String check) {
    return isOnly ? check : check + "-" + name;
  }

  /** The name, where there are several. */
  String shownName() {
    return isOnly ? "" : name;
  }
}
