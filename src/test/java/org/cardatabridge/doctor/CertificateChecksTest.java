// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.cardatabridge.auth.BmwTrust;
import org.cardatabridge.doctor.CertificatePatient.Papers;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.stream.StreamReason;
import org.cardatabridge.stream.StreamSnapshot;
import org.cardatabridge.stream.StreamState;
import org.cardatabridge.testing.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks of a certificate of High Mobility: its files, who refuses whom, and its session. */
@Timeout(120)
class CertificateChecksTest {

  private static final Instant NOW = Clock.systemUTC().instant();
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  @TempDir Path directory;

  private static String found(Finding finding) {
    return finding.verdict().word() + " " + finding.words();
  }

  private static CertificatePatient patient(Papers papers, StreamSnapshot stream) {
    Settings settings =
        Settings.of(
            Map.of("cardata.highmobility.topic", "live/level13/A2B4C6D8E0F1A2B4C6D8E0F1/#"));
    return new CertificatePatient("fleet", settings, () -> papers, () -> stream, List::of);
  }

  private static CertificatePatient patient(Papers papers) {
    return patient(papers, null);
  }

  private static Papers holding(Duration left) {
    return new Papers(NOW.minus(Duration.ofDays(10)), NOW.plus(left), null, null);
  }

  @ParameterizedTest
  @CsvSource({"29, ok certificate.ok", "27, warning certificate.ending"})
  void aCertificateIsSaidToEndFourWeeksAhead(long days, String expected) {
    CertificatePatient patient = patient(holding(Duration.ofDays(days)));
    assertThat(found(new CertificateCheck(patient, CLOCK).look())).isEqualTo(expected);
  }

  @Test
  void filesThatCannotBeUsedGiveTheirSentenceAndWhatToDo() {
    Papers bad = new Papers(null, null, null, "Reading key.pem: no key — take the right file");
    Finding finding = new CertificateCheck(patient(bad), CLOCK).look();
    assertThat(found(finding)).isEqualTo("failed certificate.unusable");
    assertThat(finding.values())
        .containsEntry("reason", "Reading key.pem: no key")
        .containsEntry("remedy", "take the right file");
    assertThat(new CertificateCheck(patient(bad), CLOCK).id()).isEqualTo("certificate-fleet");
  }

  /** Talks TLS as a broker with or without a demand for certificates, until it is closed. */
  private record Broker(SSLServerSocket socket, Thread thread) implements AutoCloseable {

    static Broker start(
        TestCertificates certificates, String protocol, boolean asksWho, boolean hangsUp)
        throws Exception {
      SSLServerSocket socket =
          (SSLServerSocket)
              certificates
                  .serverContext()
                  .getServerSocketFactory()
                  .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
      socket.setEnabledProtocols(new String[] {protocol});
      socket.setNeedClientAuth(asksWho);
      Thread thread =
          new Thread(
              () -> {
                while (!socket.isClosed()) {
                  try (SSLSocket client = (SSLSocket) socket.accept()) {
                    client.startHandshake();
                    if (!hangsUp) {
                      assertThat(client.getInputStream().read()).isLessThan(0);
                    }
                  } catch (IOException e) {
                    // One side refused the other, which is what is looked at.
                    continue;
                  }
                }
              },
              "tls-broker");
      thread.start();
      return new Broker(socket, thread);
    }

    Host host() {
      return new Host("highmobility", "localhost", socket.getLocalPort(), false, "x");
    }

    @Override
    public void close() throws IOException {
      socket.close();
      try {
        thread.join(10_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Finding tls(Broker broker, Path ca) {
    SSLContext papers = new BmwTrust(ca).sslContext();
    TlsProbe probe = new TlsProbe(papers, CLOCK);
    return new CertificateTlsCheck(patient(holding(Duration.ofDays(99))), broker.host(), "", probe)
        .look();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void whichSideRefusesTheOtherIsTold(String protocol) throws Exception {
    TestCertificates certificates = TestCertificates.in(directory);
    try (Broker broker = Broker.start(certificates, protocol, true, false)) {
      assertThat(found(tls(broker, certificates.ca()))).isEqualTo("failed tls.refused");
      Finding foreign = tls(broker, certificates.otherCa());
      assertThat(found(foreign)).isEqualTo("failed tls.foreign");
      assertThat(foreign.values()).containsEntry("issuer", "CN=ca");
    }
  }

  @Test
  void aBrokerThatWaitsForUsIsFineAndOneThatHangsUpIsNot() throws Exception {
    TestCertificates certificates = TestCertificates.in(directory);
    try (Broker broker = Broker.start(certificates, "TLSv1.3", false, false)) {
      assertThat(found(tls(broker, certificates.ca()))).isEqualTo("ok tls.ok");
    }
    try (Broker broker = Broker.start(certificates, "TLSv1.3", false, true)) {
      assertThat(found(tls(broker, certificates.ca()))).isEqualTo("failed tls.refused");
    }
  }

  @Test
  void aClockBeforeACertificateThatExistsIsBehind() throws Exception {
    TestCertificates certificates = TestCertificates.in(directory);
    SSLContext trust = new BmwTrust(certificates.ca()).sslContext();
    Clock behind = Clock.fixed(NOW.minus(Duration.ofDays(4000)), ZoneOffset.UTC);
    try (Broker broker = Broker.start(certificates, "TLSv1.3", false, false)) {
      CertificatePatient patient = patient(new Papers(null, null, null, "x"));
      Host host = broker.host();
      assertThat(clock(host, patient, trust, CLOCK)).isEqualTo("skipped clock.unknown");
      assertThat(clock(host, patient, trust, behind)).isEqualTo("failed clock.before");
      patient = patient(holding(Duration.ofDays(1)));
      Clock young = Clock.fixed(NOW.minus(Duration.ofDays(11)), ZoneOffset.UTC);
      assertThat(clock(host, patient, trust, young)).isEqualTo("failed clock.before");
    }
  }

  private static String clock(
      Host host, CertificatePatient patient, SSLContext trust, Clock clock) {
    TlsProbe probe = new TlsProbe(trust, clock);
    return found(new CertificateClockCheck(host, patient, probe, clock).look());
  }

  private static StreamSnapshot session(String state, String kind, boolean isOther) {
    return new StreamSnapshot(
        StreamState.valueOf(state),
        NOW,
        null,
        0,
        0,
        kind == null ? null : new StreamReason(135, "said", NOW, kind),
        null,
        isOther ? new StreamSnapshot.OtherClient(false, NOW) : null);
  }

  @ParameterizedTest
  @CsvSource({
    "LIVE, , ok rival.none, ok broker.ok, ok topic.ok",
    "REFUSED, auth, ok rival.none, failed broker.refused, failed topic.refused",
    "BACKING_OFF, filter, ok rival.none, ok broker.ok, failed topic.refused",
    "BACKING_OFF, network, ok rival.none, failed broker.lost, failed topic.refused",
    "BACKING_OFF, taken-over, failed rival.sure, failed broker.lost, failed topic.refused",
    "LIVE, taken-over, warning rival.once, ok broker.ok, ok topic.ok",
  })
  void theSessionIsReadFromTheTopDown(
      String state, String kind, String rival, String broker, String topic) throws Exception {
    CertificatePatient patient = patient(holding(Duration.ofDays(99)), session(state, kind, false));
    StreamWatch watch = new StreamWatch(patient.stream(), true, Clock.systemUTC());
    assertThat(found(new CertificateRivalCheck(patient, watch, CLOCK).look())).isEqualTo(rival);
    assertThat(found(new CertificateLoginCheck(patient, watch).look())).isEqualTo(broker);
    Finding granted = new CertificateTopicCheck(patient, watch).look();
    assertThat(found(granted)).isEqualTo(topic);
    assertThat(granted.values()).containsEntry("topic", "live/level13/{app-id}/#");
  }

  @Test
  void shortSessionsAloneAreNoRivalWhereTheTopicIsRefused() throws Exception {
    for (String state : List.of("LIVE", "BACKING_OFF")) {
      StreamSnapshot now = session(state, state.equals("LIVE") ? "closed" : "filter", true);
      CertificatePatient patient = patient(holding(Duration.ofDays(99)), now);
      StreamWatch watch = new StreamWatch(patient.stream(), true, Clock.systemUTC());
      assertThat(found(new CertificateRivalCheck(patient, watch, CLOCK).look()))
          .isEqualTo(state.equals("LIVE") ? "warning rival.perhaps" : "ok rival.none");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "live/level13/{app-id}/#, live/level13/{app-id}/#",
    "sandbox/l13/3f8e1c52-6a57-4a3c-9c9e-2d2f1f1c7a01, sandbox/l13/{app-id}",
    "live/level13/+/#, live/level13/+/#",
    "live/#, live/#"
  })
  void anAppIdThatSomebodyWroteOutIsNotTold(String topic, String shown) {
    assertThat(CertificateTopicCheck.withoutAppId(topic)).isEqualTo(shown);
  }
}
