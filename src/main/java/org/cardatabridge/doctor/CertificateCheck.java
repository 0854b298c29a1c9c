// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.time.Clock;
import java.time.Duration;
import org.cardatabridge.doctor.CertificatePatient.Papers;

/** Whether High Mobility's three files can be used, and for how long. */
final class CertificateCheck extends CertificateAspect {

  private static final Duration SOON = Duration.ofDays(28);
  private static final String REMEDY = " — ";

  private final Clock clock;

  CertificateCheck(CertificatePatient patient, Clock clock) {
    super(patient, "certificate", "settings", "clock");
    this.clock = clock;
  }

  @Override
  public Finding look() {
    Papers papers = patient().papers().get();
    if (!papers.areUsable()) {
      return unusable(papers.trouble());
    }
    return clock.instant().plus(SOON).isAfter(papers.until())
        ? Finding.warning("certificate.ending", "until", papers.until())
        : Finding.ok("certificate.ok", "until", papers.until());
  }

  private static Finding unusable(String trouble) {
    int end = trouble.lastIndexOf(REMEDY);
    return end < 0
        ? Finding.failed("certificate.unusable", "reason", trouble, "remedy", "…")
        : Finding.failed(
            "certificate.unusable",
            "reason",
            trouble.substring(0, end),
            "remedy",
            trouble.substring(end + REMEDY.length()));
  }
}
