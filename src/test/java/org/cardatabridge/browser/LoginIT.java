// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.cardatabridge.browser.Browser.Size;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.simulator.Place;
import org.cardatabridge.testing.BridgeUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Each way in which BMW's login can end, and what the page says and offers then. */
class LoginIT {

  private static final AccountConfig BMW = AccountConfig.first();

  @RegisterExtension static final Browser BROWSER = new Browser();

  @TempDir Path directory;
  private Scene scene;
  private BridgeUnderTest test;

  @BeforeEach
  void make() throws Exception {
    scene = Scene.in(directory, BMW);
    test = scene.test().set("cardata.client-id", BMW.clientId());
  }

  @AfterEach
  void end() throws Exception {
    scene.close();
  }

  private void isForEverybody() {
    BROWSER.size(Size.PHONE);
    assertThat(BROWSER.sideways()).isZero();
    assertThat(Axe.faults(BROWSER.chromium())).isEmpty();
    BROWSER.size(Size.DESKTOP);
  }

  private void confirmAndSee(String... words) {
    BROWSER.shows("Scan the code with a phone");
    test.approve();
    BROWSER.shows(words);
  }

  @Test
  void aRefusedLoginIsExplainedAndCanBeTriedAgain() throws Exception {
    test.start();
    BROWSER.open(scene.port(), "").shows("Scan the code with a phone");
    isForEverybody();
    test.bmw().deny();
    BROWSER.shows("BMW said no.", "the client id is not subscribed to CarData");
    isForEverybody();
    BROWSER.click("button", "Try again");
    confirmAndSee("Lock or unlock the car now");
    isForEverybody();
  }

  @Test
  void aCodeThatNobodyConfirmedIsReplacedByAnother() throws Exception {
    test.bmw(b -> b.deviceCodeLife(Duration.ofSeconds(2))).start();
    BROWSER.open(scene.port(), "#/setup").shows("The code was not confirmed in time.");
    test.bmw(b -> b.deviceCodeLife(Duration.ofMinutes(5)));
    BROWSER.click("button", "Try again");
    BROWSER.shows("The code is valid for 4:");
    confirmAndSee("Connected to BMW. Listening.");
    assertThat(test.requests(BMW, Place.DEVICE_CODE)).isEqualTo(2);
  }

  @Test
  void aPermissionThatIsMissingIsNamed() throws Exception {
    test.bmw().perform("services", "{\"streaming\":false}");
    test.start();
    BROWSER.open(scene.port(), "");
    confirmAndSee("A permission is missing: cardata:streaming:read");
    isForEverybody();
    test.bmw().perform("services", "{\"streaming\":true}");
    BROWSER.click("button", "Log in again");
    confirmAndSee("Lock or unlock the car now");
  }

  @Test
  void aLaterLoginLeavesTheOldOneInForceUntilItIsConfirmed() throws Exception {
    test.store("main", BMW);
    test.start();
    test.awaitStream("main", "live");
    BROWSER.open(scene.port(), "#/setup").shows("Log in at BMW", "Connected to BMW. Listening.");
    BROWSER.click("button", "Log in at BMW").click("button", "Log in again");
    BROWSER.shows("The present login goes on until the new one is confirmed.");
    BROWSER.click("button", "Cancel").hides("Scan the code with a phone");
    test.awaitLogin("main", "authorized");
    assertThat(test.account("main").stream().state()).isEqualTo("live");

    BROWSER.shows("Log in at BMW");
    if (BROWSER.all("button", "Log in again").isEmpty()) {
      BROWSER.click("button", "Log in at BMW");
    }
    BROWSER.click("button", "Log in again");
    confirmAndSee("Lock or unlock the car now");
    test.awaitAccount("main", "logged in", a -> a.login().userCode() == null);
    test.awaitStream("main", "live");
  }

  @Test
  void germanReadersReadGerman() throws Exception {
    test.start();
    BROWSER.language("de-DE").open(scene.port(), "").shows("Den Code mit dem Telefon scannen");
    isForEverybody();
    test.bmw().deny();
    BROWSER.shows("BMW hat abgelehnt").click("button", "Noch einmal versuchen");
    BROWSER.shows("Den Code mit dem Telefon scannen");
    test.approve();
    BROWSER.shows("Jetzt das Fahrzeug");
  }
}
