// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.cardatabridge.journal.SinkSnapshot;

/** Makes the checks of one examination, each cause before what it would pull down. */
final class Rounds {

  private final House house;
  private final List<Patient> patients;
  private final List<CertificatePatient> certificates;
  private final TlsProbe tls;
  private final List<Check> checks = new ArrayList<>();

  Rounds(House house, List<Patient> patients, List<CertificatePatient> certificates) {
    this.house = house;
    this.patients = patients;
    this.certificates = certificates;
    this.tls = new TlsProbe(house.trust().get(), house.clock());
  }

  List<Check> checks() {
    checks.addAll(SettingsCheck.of(house.loaded()));
    checks.add(DiskCheck.of(house.loaded(), house.journal()));
    checks.add(new JournalCheck(house.journal()));
    Set<Host> seen = new HashSet<>();
    for (Patient patient : patients) {
      hosts(patient, seen);
    }
    List<Runnable> later = new ArrayList<>();
    for (CertificatePatient certificate : certificates) {
      later.add(certificate(certificate));
    }
    for (Patient patient : patients) {
      account(patient, suffix(patient));
    }
    later.forEach(Runnable::run);
    checks.add(new LocalBrokerCheck(house));
    for (SinkSnapshot sink : house.journal().sinks()) {
      if (sink.enabled() || sink.state() == SinkSnapshot.State.BROKEN) {
        checks.add(new SinkCheck(sink, house));
      }
    }
    return checks;
  }

  private void hosts(Patient patient, Set<Host> seen) {
    String suffix = suffix(patient);
    Host auth = Host.auth(patient.settings());
    Host api = Host.api(patient.settings());
    Host stream = Host.stream(patient.settings());
    boolean hasApi = !"false".equals(patient.settings().find("cardata.api.enabled").orElse(""));
    List<Host> wanted = hasApi ? List.of(auth, api, stream) : List.of(auth, stream);
    List<Host> fresh = wanted.stream().filter(seen::add).toList();
    fresh.forEach(host -> checks.add(new DnsCheck(host, suffix, house.resolver())));
    if (seen.size() == fresh.size()) {
      checks.add(new ClockCheck(auth, tls));
    }
    fresh.forEach(host -> checks.add(new TlsCheck(host, suffix, tls)));
    if (seen.size() == fresh.size()) {
      checks.add(new ProxyCheck(house.variables(), house.properties(), stream, tls));
    }
  }

  /** Only hosts of an account's own get an id of their own. */
  private String suffix(Patient patient) {
    return patient.equals(patients.get(0)) || hasHostsOf(patients.get(0), patient)
        ? ""
        : "-" + patient.name();
  }

  private static boolean hasHostsOf(Patient one, Patient other) {
    return Host.auth(one.settings()).equals(Host.auth(other.settings()))
        && Host.stream(one.settings()).equals(Host.stream(other.settings()))
        && Host.api(one.settings()).equals(Host.api(other.settings()));
  }

  private void account(Patient patient, String suffix) {
    StreamWatch watch = new StreamWatch(patient.stream(), house.isRunning(), house.clock());
    checks.add(new ClientIdCheck(patient));
    checks.add(new TokensCheck(patient, suffix, house.clock()));
    checks.add(new ScopesCheck(patient));
    checks.add(new OtherClientCheck(patient, suffix, watch, house.clock()));
    checks.add(new MqttLoginCheck(patient, watch));
    checks.add(new SubscriptionCheck(patient, watch));
    checks.add(new PortalCheck(patient, house.journal(), house.clock()));
    checks.add(new QuotaCheck(patient));
  }

  /** Adds what is about the way to High Mobility; gives what adds the checks of the session. */
  private Runnable certificate(CertificatePatient patient) {
    Host host = Host.highMobility(patient.settings());
    Host first = Host.highMobility(certificates.get(0).settings());
    boolean isFirst = patient.equals(certificates.get(0));
    String suffix = host.equals(first) ? "" : "-" + patient.name();
    SSLContext papers = patient.papers().get().tls();
    TlsProbe probe = new TlsProbe(papers == null ? house.trust().get() : papers, house.clock());
    if (isFirst || !suffix.isEmpty()) {
      checks.add(new DnsCheck(host, suffix, house.resolver()));
    }
    if (isFirst && patients.isEmpty()) {
      checks.add(new CertificateClockCheck(host, patient, probe, house.clock()));
      checks.add(new ProxyCheck(house.variables(), house.properties(), host, probe));
    }
    StreamWatch watch = new StreamWatch(patient.stream(), house.isRunning(), house.clock());
    return () -> {
      checks.add(new CertificateCheck(patient, house.clock()));
      checks.add(new CertificateTlsCheck(patient, host, suffix, probe));
      checks.add(new CertificateRivalCheck(patient, watch, house.clock()));
      checks.add(new CertificateLoginCheck(patient, watch));
      checks.add(new CertificateTopicCheck(patient, watch));
      checks.add(new FleetCheck(patient, house.journal(), house.clock()));
    };
  }
}
