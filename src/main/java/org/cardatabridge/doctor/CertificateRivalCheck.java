// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.cardatabridge.stream.StreamSnapshot;

/** Whether another client uses the one connection of a certificate. */
final class CertificateRivalCheck extends CertificateAspect {

  private static final Duration RECENT = Duration.ofMinutes(15);

  private final StreamWatch watch;
  private final Clock clock;

  CertificateRivalCheck(CertificatePatient patient, StreamWatch watch, Clock clock) {
    super(patient, "rival", "settings", "journal", "-tls-certificate");
    this.watch = watch;
    this.clock = clock;
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
    if (other != null && other.at().isAfter(recent) && other.sure()) {
      return Finding.failed("rival.sure", "at", other.at());
    }
    boolean isTaken =
        StreamWatch.kind(now).equals("taken-over") && now.lastReason().at().isAfter(recent);
    if (isTaken) {
      return now.state().isSubscribed()
          ? Finding.warning("rival.once", "at", now.lastReason().at())
          : Finding.failed("rival.sure", "at", now.lastReason().at());
    }
    // A broker that refuses the topic closes as soon.
    return other != null && other.at().isAfter(recent) && !StreamWatch.kind(now).equals("filter")
        ? Finding.warning("rival.perhaps", "at", other.at())
        : Finding.ok("rival.none");
  }
}
