// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cardatabridge.browser.Browser.Size;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.testing.BridgeUnderTest;
import org.cardatabridge.testing.Child;
import org.cardatabridge.testing.Page;
import org.cardatabridge.testing.Subscriber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A program that is logged in: its settings and its doctor on the page. */
class SettingsIT {

  private static final AccountConfig BMW = AccountConfig.first();
  private static final String CAR = BMW.vins().get(0);
  private static final String MILEAGE = "vehicle.vehicle.travelledDistance";

  @RegisterExtension static final Browser BROWSER = new Browser();

  @TempDir Path directory;
  private Scene scene;
  private BridgeUnderTest test;
  private Child bridge;

  @BeforeEach
  void start() throws Exception {
    scene = Scene.in(directory, BMW);
    test = scene.test().set("cardata.client-id", BMW.clientId()).unset("cardata.sink.mqtt.url");
    // The broker that most people have is not there.
    test.store("main", BMW);
    Map<String, String> variables = new HashMap<>();
    test.settings().forEach((key, value) -> variables.put(variable(key), value));
    bridge = Child.bridge(directory, variables, "run");
    Page page = new Page(scene.port());
    await("the page")
        .atMost(Browser.PATIENCE.multipliedBy(2))
        .until(() -> page.code("/observe/health/ready") == 200);
  }

  @AfterEach
  void end() throws Exception {
    if (bridge != null) {
      bridge.close();
    }
    scene.close();
  }

  private static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
  }

  private void tellMileage(long km) {
    await("a session").atMost(Browser.PATIENCE).until(() -> test.bmw().isSubscribed(BMW.gcid()));
    test.bmw().publish(CAR, MILEAGE, km, "km");
  }

  @Test
  void whatIsChangedOnThePageTakesEffectAtOnceAndWhatIsWrongNever() throws Exception {
    BROWSER
        .expect("ERR_")
        .expect("404 (Not Found)")
        .expect("503 (Service Unavailable)")
        .expect("400 (Bad Request)");
    String url = "tcp://127.0.0.1:" + test.broker().port();
    Subscriber local = test.local();
    BROWSER.open(scene.port(), "#/settings").type("Address of the broker", "nonsense://x");
    BROWSER.click("button", "Save: MQTT").shows("Not saved:");
    BROWSER.type("Address of the broker", url).click("button", "Save: MQTT");
    BROWSER.shows("Saved and in effect.");
    assertThat(Files.readString(directory.resolve("data/settings.properties"))).contains(url);
    tellMileage(81_623);
    local.awaitOn(BridgeUnderTest.mileage(BMW), "81623");

    BROWSER.view("#/vehicles").shows(CAR).view("#/settings");
    BROWSER.type("Name of " + CAR, "i4").click("button", "Save: Names of the vehicles");
    BROWSER.shows("Saved and in effect.");
    tellMileage(81_624);
    local.awaitOn("cardata/i4/vehicle/vehicle/travelledDistance/value", "81624");
    BROWSER.view("#/vehicles").shows("i4");
    // What an environment variable says is stronger, and the page says so.
    BROWSER.view("#/settings").shows("CARDATA_CLIENT_ID");
    assertThat(BROWSER.the("field", "Client id").isEnabled()).isFalse();
    assertThat(BROWSER.chromium().getPageSource()).doesNotContain(BMW.clientId());
  }

  @Test
  void theDoctorIsAskedFromThePage() throws Exception {
    BROWSER.open(scene.port(), "#/doctor").shows("Not examined yet.");
    BROWSER.click("button", "Examine").shows("Examined", "What to do");
    for (Size size : Size.values()) {
      BROWSER.size(size);
      assertThat(BROWSER.sideways()).as("CSS pixels too wide").isZero();
      assertThat(Axe.faults(BROWSER.chromium())).isEmpty();
    }
    List<String> verdicts =
        BROWSER.css(".verdicts li").stream().map(verdict -> verdict.getText()).toList();
    assertThat(verdicts).hasSizeGreaterThan(5);
    assertThat(verdicts).anyMatch(verdict -> verdict.startsWith("Failed"));
    assertThat(BROWSER.the("link", "Download a diagnostics bundle").getAttribute("href"))
        .endsWith("/api/doctor/bundle");
    BROWSER.language("de-DE").open(scene.port(), "").view("#/doctor").shows("Geprüft");
  }
}
