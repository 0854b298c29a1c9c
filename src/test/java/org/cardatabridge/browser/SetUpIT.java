// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.simulator.CarAction;
import org.cardatabridge.simulator.Simulator;
import org.cardatabridge.simulator.SimulatorConfig;
import org.cardatabridge.testing.Child;
import org.cardatabridge.testing.HeldPort;
import org.cardatabridge.testing.Page;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The program as it is installed, without any setting of the user's: the page does the rest. */
class SetUpIT {

  private static final AccountConfig BMW = AccountConfig.first();
  private static final String CAR = BMW.vins().get(0);
  private static final String MILEAGE = "vehicle.vehicle.travelledDistance";

  /** Well formed, and nobody's. */
  private static final String WRONG = "00000000-7b1d-4c8e-9a57-51d0c1e4a901";

  @RegisterExtension static final Browser BROWSER = new Browser();

  @TempDir Path directory;
  private HeldPort port;
  private Simulator bmw;
  private Child bridge;

  @BeforeEach
  void start() throws Exception {
    port = HeldPort.take();
    bmw = Simulator.start(SimulatorConfig.in(directory.resolve("bmw")));
    bmw.change(b -> b.pollInterval(Duration.ofSeconds(1)));
    run();
  }

  @AfterEach
  void end() throws Exception {
    if (bridge != null) {
      bridge.close();
    }
    if (bmw != null) {
      bmw.close();
    }
    port.close();
  }

  /** What {@code ./bridge simulator} prints, but for the client id: that comes from the portal. */
  private void run() throws Exception {
    Map<String, String> variables = new HashMap<>(bmw.environment());
    variables.remove("CARDATA_CLIENT_ID");
    variables.put("CARDATA_API_PLAN", "false");
    variables.put("CARDATA_SINK_MQTT_ENABLED", "false");
    variables.put("CARDATA_HTTP_PORT", Integer.toString(port.number()));
    variables.put("CARDATA_ROUTES_DIR", Path.of("routes").toAbsolutePath().toString());
    bridge = Child.bridge(directory, variables, "run");
    Page page = new Page(port.number());
    await("the page")
        .atMost(Browser.PATIENCE.multipliedBy(2))
        .until(() -> page.code("/observe/health/live") == 200);
  }

  private void confirm() {
    await("a login to confirm").atMost(Browser.PATIENCE).until(() -> bmw.approve() > 0);
  }

  @Test
  void aPersonGetsFromNothingToAChartByThePageAndTheKeyboardAlone() throws Exception {
    BROWSER.expect("ERR_").expect("404 (Not Found)").expect("503 (Service Unavailable)");
    BROWSER.open(port.number(), "").shows("Get a client id", "Three steps");
    BROWSER.tabTo("Skip to the content").press(Keys.ENTER);
    BROWSER.tabTo("Be the primary user").press(Keys.SPACE);
    BROWSER.tabTo("Client id").press("WBY00TEST00000001", Keys.ENTER);
    BROWSER.shows("This is a vehicle’s number");
    BROWSER.press(Keys.chord(Keys.CONTROL, "a")).press(WRONG, Keys.ENTER);
    BROWSER.shows("BMW does not know this client id.");

    BROWSER.tabTo("Change the client id").press(Keys.ENTER);
    BROWSER.tabTo("Replace the client id").press(BMW.clientId(), Keys.ENTER);
    await("a code").atMost(Browser.PATIENCE).until(() -> bmw.waitingCodes().size() == 1);
    String code = bmw.waitingCodes().get(0);
    BROWSER.shows(code, "The code is valid for");
    BROWSER.tabTo("Open BMW’s page");
    assertThat(BROWSER.the("link", "Open BMW’s page").getAttribute("href"))
        .startsWith("https://")
        .endsWith(code);
    assertThat(BROWSER.the("image", "QR code").getAttribute("naturalWidth")).isNotEqualTo("0");
    assertThat(Axe.faults(BROWSER.chromium())).isEmpty();
    confirm();

    BROWSER.shows("Lock or unlock the car now", "Connected to BMW. Listening.");
    bmw.car(CAR, CarAction.WAKE);
    bmw.publish(CAR, MILEAGE, 81_623, "km");
    BROWSER.shows("Data is coming in").tabTo("See " + CAR).press(Keys.ENTER);
    BROWSER.shows("81,623").tabTo(MILEAGE).press(Keys.ENTER);
    BROWSER.shows("newest 81,623 km");

    assertThat(Files.readString(directory.resolve("data/settings.properties")))
        .contains(BMW.clientId());
    assertThat(BROWSER.chromium().getPageSource()).doesNotContain(BMW.clientId(), BMW.gcid());
    BROWSER.view("#/settings").shows("Settings");
    assertThat(BROWSER.chromium().getPageSource()).doesNotContain(BMW.clientId(), BMW.gcid());
  }

  @Test
  void aBridgeThatIsKilledInTheMiddleCostsTheUserNothing() throws Exception {
    BROWSER.expect("ERR_").expect("404 (Not Found)").expect("503 (Service Unavailable)");
    BROWSER.open(port.number(), "").type("Client id", BMW.clientId()).click("button", "Save");
    BROWSER.shows("Scan the code with a phone");
    bridge.close();
    BROWSER.shows("The bridge does not answer.");

    run();
    await("a new code").atMost(Browser.PATIENCE).until(() -> bmw.waitingCodes().size() == 2);
    List<String> codes = bmw.waitingCodes();
    BROWSER.hides("The bridge does not answer.").shows(codes.get(1));
    confirm();
    BROWSER.shows("Lock or unlock the car now", "Connected to BMW. Listening.");

    BROWSER.view("#/status").shows("main");
    bridge.close();
    BROWSER.shows("The bridge does not answer.");
    run();
    BROWSER.hides("The bridge does not answer.");
    await("the stream").atMost(Browser.PATIENCE).until(() -> bmw.isSubscribed(BMW.gcid()));
    bmw.publish(CAR, MILEAGE, 81_624, "km");
    BROWSER.shows(CAR);
  }
}
