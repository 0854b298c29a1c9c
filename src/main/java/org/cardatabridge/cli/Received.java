// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.time.Instant;
import picocli.CommandLine.Option;

/** The options that choose messages by their time of receipt. Used once, by one thread. */
final class Received {

  /** The footer line that says how times are written. */
  static final String TIMES =
      "<time> is 2026-01-31T12:00:00Z, 2026-01-31 (UTC), or how long ago: 24h, 30d.";

  @Option(
      names = "--since",
      paramLabel = "<time>",
      description = "Only what was received from then on.")
  private Instant since;

  @Option(names = "--until", paramLabel = "<time>", description = "Only what was received before.")
  private Instant until;

  /** The first moment that counts; null for no limit. */
  Instant since() {
    return since;
  }

  /** The first moment that counts no more; null for no limit. */
  Instant until() {
    return until;
  }

  /**
   * Refuses a time that ends before it begins.
   *
   * @throws org.cardatabridge.settings.BadSettingException with both times
   */
  void check() {
    TimeText.checkOrder(since, until);
  }
}
