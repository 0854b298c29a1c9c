// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates, their files, and whom the simulated High Mobility lets in. */
class HighMobilityTlsTest {

  private static final String ID = HighMobilityApp.first().clientId();

  @TempDir Path directory;

  private Simulator simulator;
  private HighMobility hm;

  @BeforeEach
  void start() throws Exception {
    simulator =
        Simulator.start(SimulatorConfig.in(directory).highMobility(HighMobilityConfig.first()));
    hm = simulator.highMobility();
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private RawMqtt client(ClientFiles files, String... tls) throws Exception {
    return new RawMqtt(hm.host(), hm.port(), HighMobilityClient.tls(files), 5, tls);
  }

  private int connack(ClientFiles files) throws Exception {
    try (RawMqtt client = client(files)) {
      return client.connect(ID, null, null, true).at(1);
    }
  }

  private String lastRefusal() {
    List<SessionEvent> refused =
        hm.sessionLog().stream().filter(e -> e.kind() == SessionEvent.Kind.REFUSED).toList();
    return refused.get(refused.size() - 1).detail();
  }

  @Test
  void withoutHighMobilityASimulatorHasNoSuchDoorAndNoFiles() throws Exception {
    Path other = directory.resolve("other");
    try (Simulator bmw = Simulator.start(SimulatorConfig.in(other))) {
      assertThatThrownBy(bmw::highMobility).hasMessageContaining("SimulatorConfig.highMobility");
      assertThat(other.resolve("highmobility")).doesNotExist();
      assertThat(bmw.describe()).doesNotContain("HIGHMOBILITY");
    }
  }

  @Test
  void theFilesHaveTheNamesTheyAreHandedOutWithAndNobodyElseReadsTheKey() throws Exception {
    ClientFiles files = hm.files();
    assertThat(files.ca()).hasFileName(ID + "-ca_certificates.pem").isAbsolute();
    assertThat(files.certificate()).hasFileName(ID + "-certificate.pem.crt");
    assertThat(files.key()).hasFileName(ID + "-private.pem.key");
    assertThat(files.key()).content().startsWith("-----BEGIN RSA PRIVATE KEY-----\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.key())))
        .isEqualTo("rw-------");
    assertThat(HighMobilityClient.certificate(files.certificate()).getSubjectX500Principal())
        .hasToString("CN=" + HighMobilityApp.first().appId() + ", C=DE");
    assertThat(files.toString()).doesNotContain(ID);
  }

  @Test
  void theVariablesNameTheFilesAndTheDoor() {
    assertThat(hm.environment())
        .containsEntry("CARDATA_HIGHMOBILITY_ENABLED", "true")
        .containsEntry("CARDATA_HIGHMOBILITY_HOST", "localhost")
        .containsEntry("CARDATA_HIGHMOBILITY_PORT", Integer.toString(hm.port()))
        .containsEntry("CARDATA_HIGHMOBILITY_CA_FILE", hm.files().ca().toString())
        .containsEntry("CARDATA_HIGHMOBILITY_CLIENT_CERT_FILE", hm.files().certificate().toString())
        .containsEntry("CARDATA_HIGHMOBILITY_CLIENT_KEY_FILE", hm.files().key().toString());
    assertThat(simulator.describe()).contains("export CARDATA_HIGHMOBILITY_HOST=localhost\n");
  }

  @ParameterizedTest
  @EnumSource(KeyForm.class)
  void eachFormOfKeyIsReadByOthersAndLetIn(KeyForm form) throws Exception {
    ClientFiles files = hm.issue(null, CertificateOrder.good().withKey(form));
    assertThat(connack(files)).isZero();
    assertThat(files.key())
        .content()
        .startsWith(
            switch (form) {
              case PKCS1 -> "-----BEGIN RSA PRIVATE KEY-----";
              case SEC1 -> "-----BEGIN EC PRIVATE KEY-----";
              default -> "-----BEGIN PRIVATE KEY-----";
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bothVersionsOfTlsAreSpoken(String tls) throws Exception {
    try (RawMqtt client = client(hm.files(), tls)) {
      assertThat(client.tlsProtocol()).isEqualTo(tls);
      assertThat(client.connect(ID, null, null, true).at(1)).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "FOREIGN, unknown_ca, not signed by our CA",
    "EXPIRED, certificate_expired, has expired",
    "NOT_YET_VALID, certificate_expired, not valid yet",
    "REVOKED, certificate_revoked, was revoked"
  })
  void upToTls12ABadCertificateGetsTheAlertThatFits(
      CertificateOrder.Kind kind, String alert, String why) throws Exception {
    ClientFiles files = hm.issue(null, CertificateOrder.of(kind));
    assertThatThrownBy(() -> client(files, "TLSv1.2"))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining(alert);
    assertThat(lastRefusal()).contains(why);
    assertThat(connack(hm.files())).as("the good one goes on").isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"FOREIGN", "EXPIRED", "NOT_YET_VALID", "REVOKED"})
  void inTls13ABadCertificateGetsJavasOneAlertAfterTheClientsHandshake(CertificateOrder.Kind kind)
      throws Exception {
    ClientFiles files = hm.issue(null, CertificateOrder.of(kind));
    assertThatThrownBy(() -> connack(files))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("certificate_unknown");
    assertThat(hm.mostOpenSessions(null)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void withoutACertificateNobodyGetsIn(String tls) throws Exception {
    SSLContext none = HighMobilityClient.withoutCertificate(hm.files());
    assertThatThrownBy(
            () -> {
              try (RawMqtt client = new RawMqtt(hm.host(), hm.port(), none, 5, tls)) {
                client.connect(ID, null, null, true);
              }
            })
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("bad_certificate");
  }

  @Test
  void theKeyOfAnotherDoesNotFitItsCertificate() throws Exception {
    assertThat(fits(hm.files())).isTrue();
    assertThat(fits(hm.issue(null, CertificateOrder.of(CertificateOrder.Kind.OTHER_KEY))))
        .isFalse();
  }

  private static boolean fits(ClientFiles files) throws Exception {
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(HighMobilityClient.key(files));
    signature.update(new byte[] {1, 2, 3});
    byte[] signed = signature.sign();
    signature.initVerify(HighMobilityClient.certificate(files.certificate()).getPublicKey());
    signature.update(new byte[] {1, 2, 3});
    return signature.verify(signed);
  }

  @Test
  void aValidityIsWhatWasOrdered() throws Exception {
    Instant until = Instant.now().plus(Duration.ofDays(20)).truncatedTo(ChronoUnit.SECONDS);
    ClientFiles soon = hm.issue(null, CertificateOrder.good().withValidity(null, until));
    assertThat(HighMobilityClient.certificate(soon.certificate()).getNotAfter()).isEqualTo(until);
    assertThat(connack(soon)).isZero();
    Instant past = Instant.now().minus(Duration.ofDays(3));
    ClientFiles over = hm.issue(null, CertificateOrder.good().withValidity(null, past));
    HighMobilityClient.certificate(over.certificate());
    assertThatThrownBy(() -> connack(over)).isInstanceOf(SSLException.class);
    assertThatThrownBy(() -> CertificateOrder.good().withValidity(until, past))
        .hasMessageContaining("ends before it begins");
  }

  @Test
  void indentedFilesHoldTheSameWithBlanksAround() throws Exception {
    ClientFiles files = hm.issue(null, CertificateOrder.good().withIndentation());
    assertThat(files.ca()).content().startsWith("\n\n    -----BEGIN CERTIFICATE-----\n    ");
    assertThat(files.key()).content().endsWith("-----END RSA PRIVATE KEY-----\n\n");
    assertThat(HighMobilityClient.stripped(files.ca()))
        .isEqualTo(HighMobilityClient.stripped(hm.files().ca()));
  }

  @Test
  void aCertificateThatExpiresOrIsRevokedWhileInUseClosesAndANewOneMendsIt() throws Exception {
    for (int round = 0; round < 2; round++) {
      try (RawMqtt client = client(hm.files())) {
        assertThat(client.connect(ID, null, null, true).at(1)).isZero();
        if (round == 0) {
          hm.expire(null);
        } else {
          hm.revoke(null);
        }
        RawMqtt.Packet goodbye = client.read();
        assertThat(goodbye.type()).isEqualTo(RawMqtt.DISCONNECT);
        assertThat(goodbye.at(0)).isEqualTo(135);
      }
      assertThatThrownBy(() -> connack(hm.files())).isInstanceOf(SSLException.class);
      hm.install(null, CertificateOrder.good());
      assertThat(connack(hm.files())).isZero();
    }
    assertThat(hm.sessionLog())
        .extracting(SessionEvent::detail)
        .contains("the certificate has expired", "the certificate was revoked");
  }

  @Test
  void aResumedTlsSessionOfARevokedCertificateIsClosedWithoutAnAnswer() throws Exception {
    SSLContext context = HighMobilityClient.tls(hm.files());
    try (RawMqtt client = new RawMqtt(hm.host(), hm.port(), context, 5)) {
      assertThat(client.connect(ID, null, null, true).at(1)).isZero();
    }
    await().until(() -> hm.openSessions(null) == 0);
    hm.revoke(null);
    assertThatThrownBy(
            () -> {
              try (RawMqtt client = new RawMqtt(hm.host(), hm.port(), context, 5)) {
                client.connect(ID, null, null, true);
              }
            })
        .isInstanceOf(java.io.IOException.class);
    assertThat(lastRefusal()).contains("was revoked");
  }

  @Test
  void twoApplicationsHaveTwoCertificatesAndTheirOwnSessions() throws Exception {
    simulator.close();
    simulator =
        Simulator.start(
            SimulatorConfig.in(directory)
                .highMobility(
                    HighMobilityConfig.of(HighMobilityApp.first(), HighMobilityApp.second())));
    hm = simulator.highMobility();
    String second = HighMobilityApp.second().clientId();
    try (RawMqtt one = client(hm.files());
        RawMqtt two = client(hm.files(second))) {
      assertThat(one.connect(ID, null, null, true).at(1)).isZero();
      assertThat(two.connect(second, null, null, true).at(1)).isZero();
      assertThat(hm.openSessions(null)).isEqualTo(1);
      assertThat(hm.openSessions(second)).isEqualTo(1);
    }
    assertThat(hm.environment(second))
        .containsEntry("CARDATA_HIGHMOBILITY_APP_ID", HighMobilityApp.second().appId())
        .containsEntry("CARDATA_HIGHMOBILITY_CLIENT_ID", second);
  }

  @Test
  void whatOccursTwiceIsRefused() {
    assertThatThrownBy(
            () -> HighMobilityConfig.of(HighMobilityApp.first(), HighMobilityApp.first()))
        .hasMessageContaining("client id occurs twice");
    assertThatThrownBy(HighMobilityConfig::of).hasMessageContaining("no application");
  }
}
