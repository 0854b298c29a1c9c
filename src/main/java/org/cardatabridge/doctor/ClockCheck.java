// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.time.Duration;
import java.util.Set;

/** Whether this machine's clock goes with BMW's. */
final class ClockCheck implements Check {

  private static final Duration ODD = Duration.ofSeconds(60);
  private static final Duration WRONG = Duration.ofMinutes(5);

  private final Host auth;
  private final TlsProbe probe;

  ClockCheck(Host auth, TlsProbe probe) {
    this.auth = auth;
    this.probe = probe;
  }

  @Override
  public String id() {
    return "clock";
  }

  @Override
  public Set<String> needs() {
    return Set.of("settings", "dns-auth");
  }

  @Override
  public Duration limit() {
    return Duration.ofSeconds(15);
  }

  @Override
  public Finding look() {
    Duration ahead = probe.look(auth).ahead();
    if (ahead == null) {
      return Finding.skipped("clock.unknown", "host", auth.name());
    }
    String way = ahead.isNegative() ? "behind" : "ahead";
    if (ahead.abs().compareTo(WRONG) > 0) {
      return Finding.failed("clock." + way, "off", ahead);
    }
    return ahead.abs().compareTo(ODD) > 0
        ? Finding.warning("clock." + way, "off", ahead)
        : Finding.ok("clock.ok", "off", ahead);
  }
}
