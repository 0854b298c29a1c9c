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
      String[] said = split(papers.trouble());
      return Finding.failed("certificate.unusable", "reason", said[0], "remedy", said[1]);
    }
    if (clock.instant().plus(SOON).isAfter(papers.until())) {
      return Finding.warning("certificate.ending", "until", papers.until());
    }
    return Finding.ok("certificate.ok", "until", papers.until());
  }

  /** A sentence, and what to do. */
  private static String[] split(String sentence) {
    int end = sentence.lastIndexOf(REMEDY);
    return end < 0
        ? new String[] {sentence, "docs/highmobility.md"}
        : new String[] {sentence.substring(0, end), sentence.substring(end + REMEDY.length())};
  }
}
