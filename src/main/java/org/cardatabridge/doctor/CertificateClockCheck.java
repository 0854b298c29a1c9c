// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Stream;
import org.cardatabridge.doctor.CertificatePatient.Papers;

/**
 * Whether this machine's clock can be right, where nobody but a broker is there to be asked: it
 * cannot be before certificates that exist already.
 */
final class CertificateClockCheck implements Check {

  private static final Duration ODD = Duration.ofMinutes(5);

  private final Host host;
  private final CertificatePatient patient;
  private final TlsProbe probe;
  private final Clock clock;

  CertificateClockCheck(Host host, CertificatePatient patient, TlsProbe probe, Clock clock) {
    this.host = host;
    this.patient = patient;
    this.probe = probe;
    this.clock = clock;
  }

  @Override
  public String id() {
    return "clock";
  }

  @Override
  public Set<String> needs() {
    return Set.of("settings", "dns-highmobility");
  }

  @Override
  public Duration limit() {
    return Duration.ofSeconds(15);
  }

  @Override
  public Finding look() {
    Papers papers = patient.papers().get();
    Instant now = clock.instant();
    return Stream.of(papers.from(), probe.look(host).from())
        .filter(begin -> begin != null && begin.isAfter(now.plus(ODD)))
        .findFirst()
        .map(begin -> Finding.failed("clock.before", "now", now, "from", begin))
        .orElseGet(() -> Finding.skipped("clock.unknown", "host", host.name()));
  }
}
