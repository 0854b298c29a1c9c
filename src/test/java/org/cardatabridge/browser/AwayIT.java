// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.testing.BridgeUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A page that was cut off for a while, as a phone in a pocket is. */
class AwayIT {

  private static final AccountConfig BMW = AccountConfig.first();
  private static final String CAR = BMW.vins().get(0);

  @RegisterExtension static final Browser BROWSER = new Browser();

  @TempDir Path directory;
  private Scene scene;
  private BridgeUnderTest test;

  @BeforeEach
  void start() throws Exception {
    scene = Scene.live(directory, BMW);
    test = scene.test();
  }

  @AfterEach
  void end() throws Exception {
    scene.close();
  }

  @Test
  void aPageShowsWhatCameWhileItCouldNotListen() throws Exception {
    BROWSER.expect("ERR_").expect("404 (Not Found)").expect("503 (Service Unavailable)");
    test.proveFlow(BMW, 81_623);
    BROWSER.open(scene.port(), "#/vehicles/" + CAR).shows("81,623 km");

    test.stop();
    test.set("cardata.http.port", "0").start();
    test.awaitStream("main", "live");
    test.proveFlow(BMW, 81_700);
    await().until(() -> test.http("GET", "/api/vehicles/" + CAR).body().contains("81700"));
    test.stop();
    BROWSER.shows("The bridge does not answer.", "81,623 km");

    test.set("cardata.http.port", Integer.toString(scene.port())).start();
    BROWSER.shows("81,700 km").hides("The bridge does not answer.");

    BROWSER.view("#/status").shows("No car has sent anything since the start");
    assertThat(BROWSER.text()).contains("You need not do anything.");
  }

  /** As many as the bridge lets listen. */
  private static final int LISTENERS = 20;

  private static final String UNSEEN =
      """
      const later = window.setTimeout;
      window.setTimeout = (work, ms, ...more) => later(work, ms >= 60000 ? 0 : ms, ...more);
      Object.defineProperty(document, 'hidden', {get: () => window.unseen});
      window.unseen = true;
      document.dispatchEvent(new Event('visibilitychange'));
      """;

  /** Some browsers say it twice. */
  private static final String AGAIN_UNSEEN =
      "document.dispatchEvent(new Event('visibilitychange'));";

  private static final String SEEN =
      "window.unseen = false; document.dispatchEvent(new Event('visibilitychange'));";

  @Test
  void aPageThatWasOpenedUnseenGivesItsConnectionBackToo() throws Exception {
    String script = UNSEEN.substring(0, UNSEEN.indexOf("document.dispatchEvent"));
    Map<?, ?> added =
        (Map<?, ?>)
            BROWSER
                .chromium()
                .devTools("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    try {
      BROWSER.open(scene.port(), "#/vehicles").shows("Vehicles");
      await().atMost(Browser.PATIENCE).until(() -> listening(LISTENERS) == LISTENERS);
      test.proveFlow(BMW, 81_623);
      assertThat(BROWSER.text()).doesNotContain(CAR);
      BROWSER.chromium().executeScript(SEEN);
      BROWSER.shows(CAR);
    } finally {
      BROWSER
          .chromium()
          .devTools(
              "Page.removeScriptToEvaluateOnNewDocument",
              Map.of("identifier", added.get("identifier")));
    }
  }

  /** How many of these may listen, beside whoever listens already. */
  private int listening(int wanted) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + scene.port() + "/api/events"))
            .build();
    HttpClient client = HttpClient.newHttpClient();
    List<InputStream> open = new ArrayList<>();
    int taken = 0;
    try {
      for (int i = 0; i < wanted; i++) {
        HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
        open.add(answer.body());
        taken += answer.statusCode() == 200 ? 1 : 0;
      }
    } finally {
      for (InputStream body : open) {
        body.close();
      }
    }
    return taken;
  }

  @Test
  void aPageThatNobodySeesGivesItsConnectionBackAndGoesOnWhenItIsSeen() throws Exception {
    test.proveFlow(BMW, 81_623);
    BROWSER.open(scene.port(), "#/vehicles/" + CAR).shows("81,623 km");
    await().atMost(Browser.PATIENCE).until(() -> listening(LISTENERS) == LISTENERS - 1);
    BROWSER.chromium().executeScript(UNSEEN);
    await().atMost(Browser.PATIENCE).until(() -> listening(LISTENERS) == LISTENERS);
    BROWSER.chromium().executeScript(AGAIN_UNSEEN);
    test.proveFlow(BMW, 81_700);
    assertThat(BROWSER.text()).contains("81,623 km").doesNotContain("81,700 km");
    BROWSER.chromium().executeScript(SEEN);
    BROWSER.shows("81,700 km");
    test.proveFlow(BMW, 81_800);
    BROWSER.shows("81,800 km");
  }
}
