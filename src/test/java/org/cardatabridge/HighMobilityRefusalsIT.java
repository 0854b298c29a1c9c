// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.simulator.CertificateOrder;
import org.cardatabridge.simulator.HighMobilityConfig;
import org.cardatabridge.simulator.HighMobilityVehicle;
import org.cardatabridge.testing.BridgeUnderTest;
import org.cardatabridge.testing.CapturedLog;
import org.cardatabridge.web.AccountStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What can be wrong with a certificate of High Mobility: each has its sentence, the account of BMW
 * beside it feels nothing, and other files mend it while the bridge runs.
 */
@Timeout(240)
class HighMobilityRefusalsIT {

  private static final AccountConfig BMW = AccountConfig.first();
  private static final String FLEET = "highmobility";

  /** What a person who has no BMW must not read. */
  private static final List<String> WORDS_OF_BMW =
      List.of("bmw", "gcid", "token", "log in", "login", "portal", "cardata streaming");

  @TempDir Path directory;
  private BridgeUnderTest test;
  private int miles = 81_000;

  @BeforeEach
  void make() throws Exception {
    test = BridgeUnderTest.in(directory, HighMobilityConfig.oneCar(), BMW);
    test.store("main", BMW);
  }

  @AfterEach
  void end() throws Exception {
    test.close();
  }

  private void install(CertificateOrder.Kind kind) {
    test.highMobility().install(null, CertificateOrder.of(kind));
  }

  private AccountStatus awaitFleet(String what, Predicate<AccountStatus> wanted) {
    return test.awaitAccount(FLEET, what, wanted);
  }

  /** Waits until the account is refused with that in its sentence, and judges the sentence. */
  private String awaitRefused(String part) {
    AccountStatus fleet =
        awaitFleet(
            "refused: " + part,
            a ->
                a.stream().state().equals("refused")
                    && a.stream().lastReason() != null
                    && a.stream().lastReason().text().contains(part));
    String sentence = fleet.stream().lastReason().text();
    String all =
        (sentence + " " + fleet.certificate().text())
            .replace(directory.resolve("bmw").toString(), "")
            .toLowerCase(Locale.ROOT);
    assertThat(all).as("for somebody without a BMW").doesNotContain(WORDS_OF_BMW);
    assertThat(sentence).as("what to do").contains(" — ");
    assertThat(sentence + fleet.certificate().text())
        .as("whose it is")
        .doesNotContain(test.highMobility().clientId());
    return sentence;
  }

  private void bmwFeelsNothing() throws Exception {
    test.proveFlow(BMW, ++miles);
    AccountStatus main = test.account("main");
    assertThat(main.stream().state()).isEqualTo("live");
    assertThat(main.stream().reconnects()).isZero();
    assertThat(main.stream().lastReason()).isNull();
    assertThat(test.bmw().mostOpenSessions(BMW.gcid())).isEqualTo(1);
  }

  @Test
  void eachBadCertificateHasItsSentenceAndGoodFilesMendItWithoutARestart() throws Exception {
    try (CapturedLog log = CapturedLog.open()) {
      install(CertificateOrder.Kind.FOREIGN);
      test.start();
      test.awaitStream("main", "live");
      String foreign = awaitRefused("client certificate");
      bmwFeelsNothing();

      install(CertificateOrder.Kind.OTHER_KEY);
      String otherKey = awaitRefused("the key does not fit the certificate");
      assertThat(test.account(FLEET).certificate().state()).isEqualTo("unusable");
      install(CertificateOrder.Kind.EXPIRED);
      String expired = awaitRefused("has expired");
      assertThat(test.account(FLEET).certificate().state()).isEqualTo("expired");
      install(CertificateOrder.Kind.NOT_YET_VALID);
      awaitRefused("not valid before");
      assertThat(test.account(FLEET).certificate().state()).isEqualTo("not-yet-valid");
      bmwFeelsNothing();

      install(CertificateOrder.Kind.GOOD);
      test.awaitStream(FLEET, "live");
      AccountStatus good = test.account(FLEET);
      assertThat(good.certificate().state()).isEqualTo("valid");
      assertThat(good.certificate().text()).isNull();
      proveFleet(31_001);
      bmwFeelsNothing();

      test.highMobility().revoke(null);
      // In TLS 1.3 Java's server has no word of its own for a revoked one; MutualTlsIT has.
      awaitRefused("the server does not take our client certificate");
      install(CertificateOrder.Kind.GOOD);
      test.awaitStream(FLEET, "live");
      proveFleet(31_002);
      bmwFeelsNothing();
      for (String sentence : List.of(foreign, otherKey, expired)) {
        assertThat(log.lines(sentence)).as("the log has it").isNotEmpty();
      }
      assertThat(log.warnings()).noneMatch(w -> w.contains(test.highMobility().clientId()));
      assertThat(test.highMobility().mostOpenSessions(null)).isEqualTo(1);
    }
  }

  /** A value goes all the way. */
  private void proveFleet(int kilometers) throws Exception {
    String vin = HighMobilityVehicle.mercedes().vin();
    test.highMobility()
        .publish(
            vin,
            "diagnostics",
            "odometer",
            new JsonObject().put("unit", "kilometers").put("value", kilometers));
    test.local()
        .awaitOn("cardata/" + vin + "/diagnostics/odometer/value", Integer.toString(kilometers));
  }

  @Test
  void theIdOfAnotherApplicationIsRefusedByItsName() throws Exception {
    test.set("cardata.highmobility.app-id", "AAAAAAAAAAAAAAAAAAAAAAAA").start();
    test.awaitStream("main", "live");
    awaitFleet(
        "the setting is named",
        a ->
            a.stream().lastReason() != null
                && a.stream().lastReason().text().contains("cardata.highmobility.app-id"));
    AccountStatus fleet = test.account(FLEET);
    assertThat(fleet.stream().state()).isIn("refused", "backing-off", "connecting");
    assertThat(fleet.stream().lastReason().text().toLowerCase(Locale.ROOT))
        .doesNotContain(WORDS_OF_BMW)
        .doesNotContain("aaaaaaaaaaaa");
    assertThat(fleet.certificate().state()).isEqualTo("valid");
    bmwFeelsNothing();
  }

  @Test
  void aSecondFilterEndsTheStartWithASentence() throws Exception {
    test.set("cardata.highmobility.topic", "live/level13/{app-id}/#,sandbox/level13/{app-id}/#");
    assertThatThrownBy(test::start)
        .isInstanceOf(BadSettingException.class)
        .hasMessageContaining("cardata.highmobility.topic")
        .hasMessageContaining("one");
  }

  @Test
  void whereHighMobilityRefusesTheFilterInWordsThatIsSaidToo() throws Exception {
    test.highMobility().change(b -> b.closesOnForbidden(false));
    test.set("cardata.highmobility.app-id", "AAAAAAAAAAAAAAAAAAAAAAAA").start();
    awaitFleet(
        "the setting is named",
        a ->
            a.stream().lastReason() != null
                && a.stream().lastReason().text().contains("cardata.highmobility.app-id"));
    test.awaitStream("main", "live");
    bmwFeelsNothing();
  }
}
