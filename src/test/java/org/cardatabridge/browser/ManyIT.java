// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.cardatabridge.simulator.AccountConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Fifty cars, each with three hundred descriptors. */
class ManyIT {

  private static final int CARS = 50;
  private static final int DESCRIPTORS = 300;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AccountConfig BMW =
      new AccountConfig(
          AccountConfig.first().clientId(),
          AccountConfig.first().gcid(),
          IntStream.rangeClosed(1, CARS).mapToObj("WBY00TEST%08d"::formatted).toList());

  private static final String LAST_CAR = BMW.vins().get(CARS - 1);

  /** Notes how long each piece of work kept the page from answering. */
  private static final String WATCH =
      """
      window.long = [];
      new PerformanceObserver(list => list.getEntries().forEach(e => long.push(e.duration)))
        .observe({type: 'longtask', buffered: true});
      """;

  @RegisterExtension static final Browser BROWSER = new Browser();

  @TempDir static Path directory;
  private static Scene scene;

  @BeforeAll
  static void start() throws Exception {
    scene = Scene.live(directory, BMW);
    for (String vin : BMW.vins()) {
      scene.test().bmw().publish(vin, message(vin, DESCRIPTORS, 0));
    }
    await("all values in the journal")
        .atMost(Browser.PATIENCE.multipliedBy(2))
        .until(() -> scene.test().status().journal().events() >= (long) CARS * DESCRIPTORS);
  }

  @AfterAll
  static void end() throws Exception {
    if (scene != null) {
      scene.close();
    }
  }

  /** The first so many descriptors of a car, numbers with a unit. */
  private static byte[] message(String vin, int descriptors, int more) throws Exception {
    ObjectNode message = JSON.createObjectNode();
    String now = Instant.now().toString();
    message.put("vin", vin).put("entityId", BMW.gcid()).put("timestamp", now);
    ObjectNode data = message.putObject("data");
    for (int i = 0; i < descriptors; i++) {
      data.putObject("vehicle.group%02d.value%03d".formatted(i / 20, i))
          .put("timestamp", now)
          .put("value", i + more)
          .put("unit", "km");
    }
    data.putObject("vehicle.drivetrain.batteryManagement.header")
        .put("timestamp", now)
        .put("value", 80)
        .put("unit", "%");
    return JSON.writeValueAsBytes(message);
  }

  /** How many rows are not filtered away, in sight or further down. */
  private static int rows(String begin) {
    return BROWSER.css("tr[data-key^='" + begin + "']:not([hidden])").size();
  }

  @SuppressWarnings("unchecked")
  private static List<Number> longTasks() {
    return (List<Number>) BROWSER.chromium().executeScript("return window.long ?? []");
  }

  @Test
  void threeHundredDescriptorsAreSearchedAndFollowedLive(TestReporter report) throws Exception {
    String vin = BMW.vins().get(0);
    BROWSER.open(scene.port(), "#/setup").shows("cardata-bridge");
    BROWSER.chromium().executeScript(WATCH);
    long begin = System.nanoTime();
    BROWSER.view("#/vehicles/" + vin).shows("301 of 301 values");
    assertThat(rows("vehicle.")).isEqualTo(DESCRIPTORS + 1);
    report.publishEntry(
        "first table of 300 descriptors", (System.nanoTime() - begin) / 1_000_000 + " ms");

    BROWSER.type("Find a value", "group03.value06").shows("10 of 301 values");
    assertThat(rows("vehicle.group03.value06")).isEqualTo(10);
    assertThat(rows("vehicle.")).isEqualTo(10);
    BROWSER.type("Find a value", "value299").shows("1 of 301 values");

    for (int i = 1; i <= 20; i++) {
      scene.test().bmw().publish(vin, message(vin, DESCRIPTORS, 1000 + i));
    }
    BROWSER.shows("1,319");
    report.publishEntry("long tasks with 6000 live values", longTasks().toString());
    assertThat(longTasks()).as("pieces of work over 50 ms, in ms").hasSizeLessThan(40);
  }

  @Test
  void fiftyCarsAreFoundByTheirNumber(TestReporter report) {
    BROWSER.open(scene.port(), "#/setup").shows("cardata-bridge");
    BROWSER.chromium().executeScript(WATCH);
    long begin = System.nanoTime();
    BROWSER.view("#/vehicles").shows(BMW.vins().get(0));
    report.publishEntry("first list of 50 cars", (System.nanoTime() - begin) / 1_000_000 + " ms");
    assertThat(BROWSER.css("#view h2")).hasSize(CARS);
    BROWSER.type("Find a vehicle", "0000042").shows("1 of 50 vehicles");
    BROWSER.click("link", BMW.vins().get(41)).shows("301 of 301 values");
    BROWSER.view("#/status").shows(LAST_CAR);
    assertThat(longTasks()).as("pieces of work over 50 ms, in ms").hasSizeLessThan(20);
  }
}
