// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.cardatabridge.stream.StreamSnapshot;

/** Whether another client uses the account's one connection. */
final class OtherClientCheck implements Check {

  private static final Duration RECENT = Duration.ofMinutes(15);

  private final Patient patient;
  private final String hostSuffix;
  private final StreamWatch watch;
  private final Clock clock;

  OtherClientCheck(Patient patient, String hostSuffix, StreamWatch watch, Clock clock) {
    this.patient = patient;
    this.hostSuffix = hostSuffix;
    this.watch = watch;
    this.clock = clock;
  }

  @Override
  public String id() {
    return patient.id("other-client");
  }

  @Override
  public String title() {
    return "other-client";
  }

  @Override
  public String account() {
    return patient.shownName();
  }

  @Override
  public Set<String> needs() {
    return Set.of(
        "settings",
        "journal",
        "dns-stream" + hostSuffix,
        "tls-stream" + hostSuffix,
        patient.id("scopes"));
  }

  @Override
  public Duration limit() {
    return StreamWatch.PATIENCE.plusSeconds(3);
  }

  @Override
  public Finding look() throws InterruptedException {
    StreamSnapshot now = watch.settled();
    StreamSnapshot.OtherClient other = now.otherClient();
    Instant recent = clock.instant().minus(RECENT);
    if (other != null && other.at().isAfter(recent)) {
      return other.sure()
          ? Finding.failed("other-client.sure", "at", other.at())
          : Finding.warning("other-client.perhaps", "at", other.at());
    }
    boolean isTaken =
        StreamWatch.kind(now).equals("taken-over") && now.lastReason().at().isAfter(recent);
    if (isTaken) {
      return now.state().isSubscribed()
          ? Finding.warning("other-client.once", "at", now.lastReason().at())
          : Finding.failed("other-client.sure", "at", now.lastReason().at());
    }
    return Finding.ok("other-client.none");
  }
}
