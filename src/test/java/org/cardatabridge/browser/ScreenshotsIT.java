// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.testing.BridgeUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes the pictures of README and docs, from the simulator's cars with a day behind them. Only
 * where it is asked for: they change a little with each run.
 */
@EnabledIfSystemProperty(
    named = "cardata.screenshots",
    matches = "write",
    disabledReason = "takes pictures with -Dcardata.screenshots=write only")
class ScreenshotsIT {

  private static final AccountConfig BMW = AccountConfig.first();
  private static final String CAR = BMW.vins().get(0);
  private static final String CHARGE = "vehicle.drivetrain.batteryManagement.header";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Hours before now, charge in percent, mileage in km: a drive, a night at the wallbox, a drive.
   */
  private static final double[][] DAY = {
    {24, 60, 18_318},
    {16.5, 58, 18_318},
    {15.5, 44, 18_380},
    {10, 44, 18_380},
    {5.5, 88, 18_380},
    {3.5, 88, 18_380},
    {2.4, 74, 18_440},
    {2.3, 72, 18_442},
    {0.1, 72, 18_442}
  };

  @RegisterExtension static final Browser BROWSER = new Browser();

  @TempDir Path directory;
  private Scene scene;
  private BridgeUnderTest test;

  @BeforeEach
  void make() throws Exception {
    scene = Scene.in(directory, BMW);
    test = scene.test();
    test.set("cardata.api.url", test.bmw().apiUrl().toString())
        .set("cardata.api.plan", "true")
        .set("cardata.vehicle." + CAR + ".alias", "i4");
  }

  @AfterEach
  void end() throws Exception {
    scene.close();
  }

  @Test
  void thePageOnComputerAndPhone() throws Exception {
    BROWSER.expect("ERR_").expect("404 (Not Found)").expect("503 (Service Unavailable)");
    Files.createDirectories(PageSources.IMAGES);
    test.start();
    desktop("#/setup", "Get a client id");
    take("setup", 1000);
    test.stop();

    test.set("cardata.client-id", BMW.clientId()).start();
    desktop("#/setup", "Scan the code with a phone");
    await().until(() -> BROWSER.css(".qr[src]").size() == 1);
    take("login", 800);
    phone("#/setup", "Scan the code with a phone");
    take("login-phone", 740);

    test.approve();
    test.awaitStream("main", "live");
    live();
    awaitNamesAndPictures();
    desktop("#/status", "i4", "Connected");
    take("status", 1100);
    desktop("#/vehicles", "i4");
    take("vehicles", 700);
    phone("#/vehicles", "i4");
    take("vehicles-phone", 740);
    desktop("#/vehicles/" + CAR, "All values");
    take("vehicle", 1000);
    phone("#/vehicles/" + CAR, "All values");
    take("vehicle-phone", 740);
    desktop("#/doctor", "Not examined yet.").click("button", "Examine").shows("Examined");
    take("doctor", 900);
    Files.writeString(PageSources.NOTE, PageSources.digest());
  }

  @Test
  void aDayOfACarAsAChartInTheDark() throws Exception {
    test.store("main", BMW);
    test.set("cardata.client-id", BMW.clientId()).set("cardata.api.plan", "false").start();
    test.awaitStream("main", "live");
    live();
    BROWSER.colours("dark");
    desktop("#/vehicles/" + CAR, "All values").type("Find a value", CHARGE).click("button", CHARGE);
    BROWSER.shows("newest ");
    takeFrom("figure.chart", "chart-dark", 420);
  }

  private static double between(double hours, int column) {
    for (int i = 1; i < DAY.length; i++) {
      if (hours >= DAY[i][0]) {
        double part = (DAY[i - 1][0] - hours) / (DAY[i - 1][0] - DAY[i][0]);
        return DAY[i - 1][column] + part * (DAY[i][column] - DAY[i - 1][column]);
      }
    }
    return DAY[DAY.length - 1][column];
  }

  /** A day of the first car, told as a car would have told it, then both cars as they are. */
  private void live() throws Exception {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    for (double hours = 24; hours > 0.1; hours -= 0.25) {
      String then = now.minus(Duration.ofMinutes(Math.round(hours * 60))).toString();
      ObjectNode message = JSON.createObjectNode();
      message.put("vin", CAR).put("entityId", BMW.gcid()).put("timestamp", then);
      ObjectNode data = message.putObject("data");
      long charge = Math.round(between(hours, 1));
      put(data, CHARGE, charge, "percent", then);
      put(
          data,
          "vehicle.drivetrain.electricEngine.remainingElectricRange",
          Math.round(charge * 4.3),
          "km",
          then);
      put(data, "vehicle.vehicle.travelledDistance", Math.round(between(hours, 2)), "km", then);
      test.bmw().publish(CAR, JSON.writeValueAsBytes(message));
    }
    BMW.vins().forEach(scene::busy);
  }

  private void awaitNamesAndPictures() {
    await("names and pictures of the cars")
        .atMost(Browser.PATIENCE.multipliedBy(6))
        .until(
            () -> {
              JsonNode cars = JSON.readTree(test.http("GET", "/api/summary").body());
              return cars.size() == 2
                  && cars.get(0).path("hasImage").asBoolean()
                  && cars.get(1).path("hasImage").asBoolean();
            });
  }

  private static void put(ObjectNode data, String key, long value, String unit, String then) {
    data.putObject(key).put("value", value).put("unit", unit).put("timestamp", then);
  }

  private Browser desktop(String view, String... words) {
    return BROWSER.size(1000, 700, 1, false).open(scene.port(), view).shows(words);
  }

  private Browser phone(String view, String... words) {
    return BROWSER.size(360, 740, 1.5, true).open(scene.port(), view).shows(words);
  }

  /** The page from its top, down to so many CSS pixels. */
  private void take(String name, int height) throws IOException {
    takeFrom("html", name, height);
  }

  @SuppressWarnings("unchecked")
  private void takeFrom(String selector, String name, int height) throws IOException {
    awaitPictures();
    Map<String, Number> box =
        (Map<String, Number>)
            BROWSER
                .chromium()
                .executeScript(
                    """
                    scrollTo(0, 0);
                    document.activeElement.blur();
                    const b = document.querySelector(arguments[0]).getBoundingClientRect();
                    return {x: b.left + scrollX, y: b.top + scrollY, width: b.width, height: b.height};
                    """,
                    selector);
    Map<String, Object> picture =
        (Map<String, Object>)
            BROWSER
                .chromium()
                .devTools(
                    "Page.captureScreenshot",
                    Map.of(
                        "format",
                        "png",
                        "captureBeyondViewport",
                        true,
                        "clip",
                        Map.of(
                            "x", box.get("x"),
                            "y", box.get("y"),
                            "width", box.get("width"),
                            "height", Math.min(height, box.get("height").doubleValue()),
                            "scale", 1)));
    byte[] png = Base64.getDecoder().decode((String) picture.get("data"));
    assertThat(png.length).as("bytes of %s", name).isLessThan(150_000);
    Files.write(PageSources.IMAGES.resolve(name + ".png"), png);
  }

  /** Waits until every picture of the page is there. */
  private static void awaitPictures() {
    await("pictures")
        .atMost(Browser.PATIENCE)
        .until(
            () ->
                (boolean)
                    BROWSER
                        .chromium()
                        .executeScript(
                            "return [...document.images].filter(i => i.checkVisibility())"
                                + ".every(i => i.complete) && !document.body.innerText"
                                + ".includes('Loading …')"));
  }
}
