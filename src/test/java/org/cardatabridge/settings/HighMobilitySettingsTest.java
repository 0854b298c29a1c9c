// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the settings of High Mobility say, alone and beside those of BMW. */
class HighMobilitySettingsTest {

  private static final String OWN = "cardata.highmobility.";

  @TempDir Path workDir;

  private LoadedSettings load(String... pairs) {
    Map<String, String> texts =
        new TreeMap<>(
            Map.of(
                OWN + "enabled", "true",
                OWN + "client-cert-file", "none.pem.crt",
                OWN + "client-key-file", "none.pem.key"));
    for (int i = 0; i < pairs.length; i += 2) {
      texts.put(pairs[i], pairs[i + 1]);
    }
    return SettingsLoader.load(workDir, Map.of(), texts);
  }

  private static Settings good(LoadedSettings loaded) {
    assertThat(loaded.problems()).isEmpty();
    return loaded.settings();
  }

  @Test
  void switchedOffThereIsNoCertificateAndOneBmwAccount() {
    Settings settings = good(SettingsLoader.load(workDir, Map.of(), Map.of()));

    assertThat(settings.bmwAccounts()).containsExactly("main");
    assertThat(settings.certificates()).isEmpty();
    assertThat(settings.everyAccount()).containsExactly("main");
  }

  @Test
  void switchedOnAloneThereIsNoBmwAccountAndItsFilesNeedNotBeThereYet() {
    Settings settings = good(load());

    assertThat(settings.bmwAccounts()).isEmpty();
    assertThat(settings.everyAccount()).containsExactly("highmobility");
  }

  @Test
  void itsBucketAloneIsEnough() {
    Settings settings =
        good(
            SettingsLoader.load(
                workDir, Map.of(), Map.of(OWN + "s3.enabled", "true", OWN + "s3.bucket", "fleet")));

    assertThat(settings.everyAccount()).containsExactly("highmobility");
  }

  @Test
  void aClientIdMakesABmwAccountBesideIt() {
    assertThat(good(load("cardata.client-id", "c")).everyAccount())
        .containsExactly("main", "highmobility");
  }

  @Test
  void soDoesANamedAccount() {
    assertThat(good(load("cardata.accounts", "me")).everyAccount())
        .containsExactly("me", "highmobility");
  }

  @ParameterizedTest
  @ValueSource(strings = {"data/tokens.json", "bmw_tokens.json", "data/bmw_tokens.json"})
  void soDoesATokenFile(String file) throws IOException {
    Path tokens = workDir.resolve(file);
    Files.createDirectories(tokens.getParent());
    Files.writeString(tokens, "{}");

    assertThat(good(load()).everyAccount()).containsExactly("main", "highmobility");
  }

  @Test
  void anEmptyListOfAccountsIsNone() {
    LoadedSettings loaded =
        SettingsLoader.load(
            workDir,
            Map.of(
                "CARDATA_ACCOUNTS", "",
                "CARDATA_HIGHMOBILITY_ENABLED", "true",
                "CARDATA_HIGHMOBILITY_CLIENT_CERT_FILE", "a.crt",
                "CARDATA_HIGHMOBILITY_CLIENT_KEY_FILE", "a.key"),
            Map.of());

    assertThat(good(loaded).bmwAccounts()).isEmpty();
  }

  @Test
  void oneCertificateMayDifferFromTheOthersAlsoByVariables() {
    LoadedSettings loaded =
        SettingsLoader.load(
            workDir,
            Map.of(
                "CARDATA_HIGHMOBILITY_ENABLED", "true",
                "CARDATA_HIGHMOBILITY_ACCOUNTS", "fleet-a,b",
                "CARDATA_HIGHMOBILITY_CLIENT_CERT_FILE", "b.crt",
                "CARDATA_HIGHMOBILITY_CLIENT_KEY_FILE", "b.key",
                "CARDATA_ACCOUNT_FLEET_A_HIGHMOBILITY_CLIENT_CERT_FILE", "a.crt",
                "CARDATA_ACCOUNT_FLEET_A_HIGHMOBILITY_CLIENT_ID", "id-a",
                "CARDATA_ACCOUNT_FLEET_A_VINS", "WBA00TEST00000006"),
            Map.of());
    Settings fleet = good(loaded).forAccount("fleet-a");

    assertThat(loaded.warnings()).isEmpty();
    assertThat(fleet.get(OWN + "client-cert-file")).isEqualTo("a.crt");
    assertThat(fleet.get(OWN + "client-id")).isEqualTo("id-a");
    assertThat(good(loaded).certificates()).containsExactly("fleet-a", "b");
    assertThat(loaded.secrets()).contains("id-a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "live/level13/a/#,sandbox/level13/a/#",
        "live/level13/a/#, x",
        "live/level 13/#",
        "live/#/x",
        "live/le+vel/#",
        "live/level13#"
      })
  void aSecondFilterOrNoFilterAtAllIsRefused(String topic) {
    assertThat(load(OWN + "topic", topic).problems())
        .containsExactly(
            OWN
                + "topic (override): got '"
                + topic
                + "', takes one topic filter, without commas and blanks");
  }

  @ParameterizedTest
  @ValueSource(strings = {"live/level13/{app-id}/#", "sandbox/level13/+/+/diagnostics/#", "#", "+"})
  void oneFilterIsTaken(String topic) {
    assertThat(good(load(OWN + "topic", topic)).get(OWN + "topic")).isEqualTo(topic);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "a+", "#", "a b"})
  void anAppIdThatWouldBeSeveralLevelsIsRefusedAndNotShown(String id) {
    assertThat(load(OWN + "app-id", id).problems())
        .containsExactly(
            OWN
                + "app-id (override): got a text that is not shown, takes an id without blanks, /,"
                + " + and #");
  }

  @Test
  void anUnknownProtocolIsRefused() {
    assertThat(load(OWN + "protocol", "4").problems())
        .containsExactly(OWN + "protocol (override): got '4', takes 5 or 3.1.1");
  }

  @Test
  void aMissingFileSettingIsSaidWithTheKeyToSet() {
    assertThat(load(OWN + "client-key-file", "").problems())
        .containsExactly(
            OWN
                + "client-key-file: got nothing, takes the file that High Mobility handed out —"
                + " see docs/highmobility.md");
  }

  @Test
  void aNameThatIsBothIsRefused() {
    assertThat(load("cardata.accounts", "main,x", OWN + "accounts", "x").problems())
        .singleElement()
        .asString()
        .startsWith(OWN + "accounts: 'x' is in cardata.accounts too");
  }

  @Test
  void twoAccountsWithOneCertificateAreRefused() {
    assertThat(load(OWN + "accounts", "a,b").problems())
        .singleElement()
        .asString()
        .startsWith("cardata.account.b.highmobility.client-cert-file: is that of the account 'a'");
    assertThat(load(OWN + "accounts", "a,b", OWN + "client-id", "one").problems())
        .singleElement()
        .asString()
        .startsWith("cardata.account.b.highmobility.client-id: is that of the account 'a'");
  }

  @Test
  void aSettingOfTheOtherSourceIsToldFromItsOwn() {
    List<String> problems =
        load(
                "cardata.client-id", "c",
                "cardata.account.highmobility.client-id", "x",
                "cardata.account.main.highmobility.host", "h",
                "cardata.account.highmobility.vins", "WBA00TEST00000006")
            .problems();

    assertThat(problems)
        .hasSize(2)
        .anyMatch(p -> p.contains("'highmobility' is a certificate of High Mobility"))
        .anyMatch(p -> p.contains("'main' is a BMW account"));
  }

  @Test
  void aBucketThatIsSwitchedOnHasAName() {
    assertThat(load(OWN + "s3.enabled", "true").problems())
        .containsExactly(
            OWN
                + "s3.bucket: got nothing, takes the bucket that High Mobility writes to — see"
                + " docs/highmobility.md");
  }
}
