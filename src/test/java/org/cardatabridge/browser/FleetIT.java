// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page of a bridge with certificates of High Mobility, which nobody logs in with. */
class FleetIT {

  private static final String VIN = "WDD00TEST00000001";
  private static final String ASKED = "Reading certificate.pem: it has expired — take a new one";

  @RegisterExtension static final Browser BROWSER = new Browser();

  private StubBridge bridge;

  @BeforeEach
  void start() throws Exception {
    bridge = StubBridge.start();
    bridge.says("/api/settings", "{\"settings\":[]}");
  }

  @AfterEach
  void end() {
    bridge.close();
  }

  private static String certificate(String state, Duration left) {
    return "{\"state\":\"%s\",\"expiresAt\":\"%s\"%s}"
        .formatted(
            state,
            Instant.now().plus(left).plusSeconds(600),
            state.equals("valid") ? "" : ",\"text\":\"" + ASKED + "\"");
  }

  private static String fleet(String name, String state, boolean hasData, String certificate) {
    return """
    {"name":"%s","source":"highmobility","stream":{"state":"%s","since":"%s","messages":%d%s},
     "certificate":%s}"""
        .formatted(
            name,
            state,
            Instant.now(),
            hasData ? 7 : 0,
            hasData ? ",\"lastMessageAt\":\"" + Instant.now() + "\"" : "",
            certificate);
  }

  private static final String BMW =
      """
      {"name":"main","source":"bmw","login":{"state":"login-required","missingScopes":[],
       "scopes":[],"error":"client-id-missing"},"stream":{"state":"login-required","messages":0}}""";

  private void says(boolean hasData, String... accounts) {
    String car =
        """
        {"vin":"%s","account":"highmobility","descriptors":3,"messages":7,"lastMessageAt":"%s"}"""
            .formatted(VIN, Instant.now());
    bridge.says(
        "/api/status",
        """
        {"version":"1","startedAt":"2026-11-22T00:00:00Z","accounts":[%s],"vehicles":[%s],
         "journal":{"events":%d,"bytes":1,"duplicates":0,"unparsed":0},"sinks":[],"problems":[]}"""
            .formatted(String.join(",", accounts), hasData ? car : "", hasData ? 3 : 0));
  }

  @Test
  void aBridgeForHighMobilityAloneSendsNobodyToALogin() {
    says(false, fleet("highmobility", "live", false, certificate("valid", Duration.ofDays(300))));
    BROWSER.open(bridge.port(), "").shows("High Mobility", "From the three files to data");
    assertThat(BROWSER.text())
        .contains("CARDATA_HIGHMOBILITY_CLIENT_CERT_FILE", "the first data is awaited")
        .doesNotContain("Log in at BMW", "Get a client id", "Three steps", "token");
    assertThat(Axe.faults(BROWSER.chromium())).isEmpty();

    says(true, fleet("highmobility", "live", true, certificate("valid", Duration.ofDays(300))));
    BROWSER.open(bridge.port(), "").shows("Connected to High Mobility, and data arrives.");
    assertThat(BROWSER.text())
        .contains("Certificate\nvalid until", "You need not do anything.")
        .doesNotContain("Log in again", "BMW", "token", "Certificate ends", "REST API");
    assertThat(Axe.faults(BROWSER.chromium())).isEmpty();
  }

  @Test
  void aCertificateThatEndsSoonIsSaidFourWeeksAhead() {
    says(
        true,
        fleet("highmobility", "live", true, certificate("expires-soon", Duration.ofDays(12))));
    BROWSER.open(bridge.port(), "#/status").shows("Certificate ends in 12 days", ASKED);
    assertThat(BROWSER.text()).contains("What to do:", "no restart is needed");
  }

  @Test
  void aCertificateThatCannotBeUsedLeadsToSetUpInBothLanguages() {
    says(
        true,
        fleet("north", "refused", true, certificate("expired", Duration.ofDays(-1))),
        fleet("south", "refused", true, certificate("unusable", Duration.ofDays(1))),
        fleet("west", "live", true, certificate("unusable", Duration.ofDays(1))));
    BROWSER.open(bridge.port(), "").shows("High Mobility north", "High Mobility south", ASKED);
    assertThat(BROWSER.text()).contains("Certificate expired", "Files cannot be used");
    BROWSER.chromium().get("about:blank");
    BROWSER.language("de-DE").open(bridge.port(), "#/status");
    BROWSER.shows("Zertifikat abgelaufen", "Dateien nicht verwendbar", "Was zu tun ist:");
    assertThat(BROWSER.text()).containsOnlyOnce("Die Verbindung läuft noch");
    assertThat(BROWSER.text()).doesNotContain("BMW", "Token", "Anmeld");
    assertThat(Axe.faults(BROWSER.chromium())).isEmpty();
  }

  @Test
  void bmwsStepsStandBesideIt() {
    says(
        false, BMW, fleet("highmobility", "live", false, certificate("valid", Duration.ofDays(9))));
    BROWSER.open(bridge.port(), "").shows("Get a client id", "Log in at BMW", "High Mobility");
    BROWSER.click("button", "High Mobility").shows("From the three files to data");
    BROWSER.view("#/status").shows("BMW account main", "Connected to High Mobility");
  }

  @Test
  void aCarOfAnyBrandHasItsListsInWords() {
    says(true, fleet("highmobility", "live", true, certificate("valid", Duration.ofDays(300))));
    String now = Instant.now().toString();
    bridge.says(
        "/api/summary",
        """
        [{"vin":"%s","account":"highmobility","name":"Mercedes-Benz EQA","model":"Mercedes-Benz EQA",
          "hasImage":false,"descriptors":3,"lastMessageAt":"%s","meanings":{
          "soc":{"value":64,"unit":"%%"},"doors":{"value":"open","open":["front-left"]},
          "tyre-pressure":{"value":{"front-left":230,"front-right":240},"unit":"kPa"}}}]"""
            .formatted(VIN, now));
    bridge.says(
        "/api/vehicles/" + VIN,
        """
        {"vin":"%1$s","account":"highmobility","values":{
         "doors.positions":{"timestamp":"%2$s","source":"highmobility","value":[
          {"location":"front_left","position":"open"},{"location":"rear_right","position":"closed"}]},
         "dashboard_lights.bulb_failures":{"timestamp":"%2$s","source":"highmobility",
          "value":["turn_signal_right","high_beam"]},
         "maintenance.condition_based_services":{"timestamp":"%2$s","source":"highmobility","value":[]}}}"""
            .formatted(VIN, now));
    BROWSER.open(bridge.port(), "#/vehicles").shows("Mercedes-Benz EQA", "64 %", "A door is open");
    BROWSER.view("#/vehicles/" + VIN).shows("front left: open; rear right: closed");
    BROWSER.shows("turn signal right, high beam", "230 / 240 kPa");
    assertThat(BROWSER.text()).contains("none").doesNotContain("[object", "{\"");
    assertThat(BROWSER.sideways()).isZero();
  }
}
