// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import org.cardatabridge.stream.StreamSnapshot;

/** Whether High Mobility's broker lets a certificate in. */
final class CertificateLoginCheck extends CertificateAspect {

  private final StreamWatch watch;

  CertificateLoginCheck(CertificatePatient patient, StreamWatch watch) {
    super(patient, "broker", "settings", "-rival");
    this.watch = watch;
  }

  @Override
  public Finding look() throws InterruptedException {
    StreamSnapshot now = watch.settled();
    String kind = StreamWatch.kind(now);
    if (now.state().isSubscribed() || kind.equals("filter")) {
      return Finding.ok("broker.ok");
    }
    return switch (now.state()) {
      case STOPPED -> Finding.failed("broker.stopped");
      case CONNECTING -> Finding.failed("broker.slow");
      case REFUSED -> Finding.failed("broker.refused", "reason", StreamWatch.why(now));
      default ->
          kind.equals("auth")
              ? Finding.failed("broker.refused", "reason", StreamWatch.why(now))
              : Finding.failed("broker.lost", "reason", StreamWatch.why(now));
    };
  }
}
