// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.highmobility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cardatabridge.highmobility.Certificate.State;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.stream.CertificateCredentials;
import org.cardatabridge.stream.Credentials;
import org.cardatabridge.testing.CapturedLog;
import org.cardatabridge.testing.SetClock;
import org.cardatabridge.testing.TestAuthority;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a certificate as time goes by and its files change. */
class CertificateTest {

  private static final String APP = "0123456789ABCDEF01234567";
  private static final String CLIENT = "3f0c1c5e-7d9c-4f1e-9a51-0c4d5e6f7a8b";
  private static final Instant BEGIN = TestAuthority.day(-1);

  private static TestAuthority authority;
  private static KeyPair keys;

  @TempDir Path dir;
  private final List<String> hidden = new ArrayList<>();
  private final ClientIds clientIds = new ClientIds();
  private final SetClock clock = new SetClock(TestAuthority.day(0));

  @BeforeAll
  static void makeKeys() {
    authority = TestAuthority.named("CN=Test CA");
    keys = TestAuthority.rsa();
  }

  @BeforeEach
  void handOut() {
    handOut("C=DE,CN=" + APP, 365);
  }

  private void handOut(String subject, int days) {
    TestAuthority.file(
        dir, CLIENT + "-ca_certificates.pem", TestAuthority.pem(authority.certificate()));
    TestAuthority.file(
        dir,
        CLIENT + "-certificate.pem.crt",
        TestAuthority.pem(authority.issue(subject, keys, BEGIN, TestAuthority.day(days))));
    TestAuthority.file(dir, CLIENT + "-private.pem.key", TestAuthority.pkcs1(keys.getPrivate()));
  }

  private Certificate certificate(String... pairs) {
    Map<String, String> texts =
        new TreeMap<>(
            Map.of(
                "cardata.highmobility.ca-file", CLIENT + "-ca_certificates.pem",
                "cardata.highmobility.client-cert-file", CLIENT + "-certificate.pem.crt",
                "cardata.highmobility.client-key-file", CLIENT + "-private.pem.key"));
    for (int i = 0; i < pairs.length; i += 2) {
      texts.put("cardata.highmobility." + pairs[i], pairs[i + 1]);
    }
    return certificate("fleet", texts);
  }

  private Certificate certificate(String account, Map<String, String> texts) {
    Settings settings = Settings.defaults().with(texts).forAccount(account);
    return new Certificate(account, settings, dir, hidden::add, clientIds, clock);
  }

  private Certificate second(String clientId) {
    String crt = "second-certificate.pem.crt";
    TestAuthority.file(
        dir,
        crt,
        TestAuthority.pem(authority.issue("CN=" + APP, keys, BEGIN, TestAuthority.day(99))));
    TestAuthority.file(dir, "second-private.pem.key", TestAuthority.pkcs1(keys.getPrivate()));
    return certificate(
        "second",
        Map.of(
            "cardata.highmobility.client-cert-file", crt,
            "cardata.highmobility.client-key-file", "second-private.pem.key",
            "cardata.highmobility.client-id", clientId));
  }

  private static CertificateCredentials found(Certificate certificate) {
    return (CertificateCredentials) certificate.look().credentials();
  }

  @Test
  void theFilesAsTheyAreHandedOutAreEnough() {
    Certificate certificate = certificate();

    assertThat(found(certificate).clientId()).isEqualTo(CLIENT);
    assertThat(found(certificate).appId()).isEqualTo(APP);
    assertThat(certificate.standing().state()).isEqualTo(State.VALID);
    assertThat(certificate.standing().text()).isNull();
    assertThat(certificate.standing().until()).isEqualTo(TestAuthority.day(365));
    assertThat(hidden).contains(CLIENT, APP);
    assertThat(certificate.ids()).containsExactlyInAnyOrder(CLIENT, APP);
  }

  @Test
  void whatIsSetIsStronger() {
    CertificateCredentials found = found(certificate("client-id", "mine", "app-id", "other"));

    assertThat(found.clientId()).isEqualTo("mine");
    assertThat(found.appId()).isEqualTo("other");
  }

  @Test
  void unchangedFilesGiveTheSameCredentialsAndChangedOnesOthers() {
    Certificate certificate = certificate();
    Credentials first = certificate.look().credentials();

    assertThat(certificate.look().credentials()).isSameAs(first);
    handOut("C=DE,CN=" + APP, 366);
    assertThat(certificate.look().credentials()).isNotEqualTo(first);
  }

  @Test
  void itsEndIsSaidOnceADayFromFourWeeksAhead() {
    Certificate certificate = certificate();
    try (CapturedLog log = CapturedLog.open()) {
      clock.set(TestAuthority.day(365 - 29));
      certificate.look();
      assertThat(log.warnings()).noneMatch(line -> line.contains("ends in"));
      for (int hour = 0; hour < 3 * 24; hour++) {
        clock.move(Duration.ofHours(1));
        certificate.look();
      }
      assertThat(log.warnings().stream().filter(line -> line.contains("ends in")))
          .hasSize(3)
          .allMatch(line -> line.contains("(account fleet)") && !line.contains(CLIENT));
    }
    assertThat(certificate.standing().state()).isEqualTo(State.EXPIRES_SOON);
    assertThat(certificate.standing().text()).contains("in 26 days", " — download a new one");
  }

  @Test
  void whenItsTimeIsOverItIsOfNoUseUntilAnotherIsPutInPlace() {
    Certificate certificate = certificate();
    assertThat(certificate.look().credentials()).isNotNull();
    clock.set(TestAuthority.day(365).plusSeconds(1));

    assertThat(certificate.look().credentials()).isNull();
    assertThat(certificate.look().unusable()).contains("has expired on", " — download a new one");
    assertThat(certificate.standing().state()).isEqualTo(State.EXPIRED);
    assertThat(certificate.standing().until()).isEqualTo(TestAuthority.day(365));
    handOut("C=DE,CN=" + APP, 800);
    assertThat(certificate.look().credentials()).isNotNull();
    assertThat(certificate.standing().state()).isEqualTo(State.VALID);
  }

  @Test
  void beforeItsTimeItWaits() {
    clock.set(BEGIN.minusSeconds(60));
    Certificate certificate = certificate();

    assertThat(certificate.standing().state()).isEqualTo(State.NOT_YET_VALID);
    clock.move(Duration.ofMinutes(2));
    assertThat(certificate.look().credentials()).isNotNull();
  }

  @Test
  void aMissingFileIsASentenceAndMendedByThatFile() throws IOException {
    Path key = dir.resolve(CLIENT + "-private.pem.key");
    Files.delete(key);
    Certificate certificate = certificate();

    assertThat(certificate.look().unusable()).contains("client-key-file");
    assertThat(certificate.standing().state()).isEqualTo(State.UNUSABLE);
    TestAuthority.file(dir, key.getFileName().toString(), TestAuthority.pkcs8(keys.getPrivate()));
    assertThat(certificate.look().credentials()).isNotNull();
  }

  @Test
  void filesThatCannotBeUsedAreToldBesideAConnectionThatStillRuns() throws IOException {
    Certificate certificate = certificate();
    certificate.look();
    Files.writeString(dir.resolve(CLIENT + "-private.pem.key"), "");
    certificate.look();

    assertThat(certificate.standing(true).state()).isEqualTo(State.UNUSABLE);
    assertThat(certificate.standing(true).text())
        .startsWith("Reading the client key " + certificate.paths().get(1) + ": it is empty — ")
        .endsWith(
            "; the connection still runs with the files read before, whose certificate ends at "
                + TestAuthority.day(365));
    assertThat(certificate.standing().text()).doesNotContain("still runs");
    clock.set(TestAuthority.day(366));
    assertThat(certificate.standing(true).text())
        .endsWith("; the connection still runs, until either side ends it");
    assertThat(certificate().standing(true).text())
        .as("nothing was read before")
        .doesNotContain("still runs");
  }

  @Test
  void newFilesWithTheIdOfAnotherAccountAreNotUsedUntilThatOneLetsItGo() throws IOException {
    Certificate first = certificate();
    Certificate second = second(CLIENT);
    assertThat(first.sharedWith()).isEmpty();

    assertThat(second.sharedWith()).contains("fleet");
    assertThat(second.look().credentials()).isNull();
    assertThat(second.standing().state()).isEqualTo(State.UNUSABLE);
    assertThat(second.standing().text())
        .contains("the client id of the account 'fleet'", " — give each account")
        .doesNotContain(CLIENT);
    Files.delete(dir.resolve(CLIENT + "-private.pem.key"));
    first.look();
    assertThat(second.look().credentials()).isNotNull();
    handOut();
    assertThat(first.sharedWith()).contains("second");
  }

  @Test
  void withoutAnApplicationTheSettingIsNamedWhereTheFilterNeedsOne() {
    handOut("C=DE,CN=somebody", 365);

    assertThat(certificate().look().unusable()).contains("cardata.highmobility.app-id");
    assertThat(found(certificate("topic", "live/level13/+/#")).appId()).isNull();
    assertThat(found(certificate("app-id", "mine")).appId()).isEqualTo("mine");
  }
}
