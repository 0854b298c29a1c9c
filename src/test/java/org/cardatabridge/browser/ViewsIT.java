// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.cardatabridge.browser.Browser.Size;
import org.cardatabridge.simulator.AccountConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every view of the page: to be read by everybody, on every screen, in both languages. */
class ViewsIT {

  private static final AccountConfig BMW = AccountConfig.first();
  private static final String CAR = BMW.vins().get(0);

  @RegisterExtension static final Browser BROWSER = new Browser();

  @TempDir static Path directory;
  private static Scene scene;

  @BeforeAll
  static void start() throws Exception {
    scene = Scene.live(directory, BMW);
    BMW.vins().forEach(scene::busy);
    scene.test().proveFlow(BMW, 81_623);
  }

  @AfterAll
  static void end() throws Exception {
    if (scene != null) {
      scene.close();
    }
  }

  private static List<String> views() {
    List<String> views = new ArrayList<>(Scene.VIEWS);
    views.add("#/vehicles/" + CAR);
    return views;
  }

  /** Waits until a view has what it asks the bridge for. */
  private static void show(String view) {
    BROWSER.open(scene.port(), view);
    await(view)
        .atMost(Browser.PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(BROWSER.css("#view > *")).as("what is shown").isNotEmpty();
              assertThat(BROWSER.text().split("\n")).hasSizeGreaterThan(8);
              assertThat(BROWSER.text()).doesNotContain("Loading …", "Wird geladen …");
            });
  }

  @ParameterizedTest
  @CsvSource({"PHONE,light,de-DE", "PHONE,dark,en-GB", "DESKTOP,light,en-US", "DESKTOP,dark,de-AT"})
  void everyViewIsForEverybody(Size size, String colours, String language) {
    BROWSER.size(size).colours(colours).language(language);
    SoftAssertions all = new SoftAssertions();
    for (String view : views()) {
      show(view);
      all.assertThat(Axe.faults(BROWSER.chromium())).as("axe-core on %s", view).isEmpty();
      all.assertThat(BROWSER.sideways()).as("CSS pixels that %s is too wide", view).isZero();
      all.assertThat(BROWSER.text())
          .as(view)
          .doesNotContain("undefined", "NaN", "[object", "Invalid Date", "{n}");
      all.assertThat(BROWSER.css("h1")).as("main headings of %s", view).hasSize(1);
      all.assertThat(BROWSER.css("html[lang=" + language.substring(0, 2) + "]")).hasSize(1);
    }
    all.assertAll();
  }

  @Test
  void bothLanguagesHaveTheSameWords() {
    BROWSER.open(scene.port(), "#/status");
    @SuppressWarnings("unchecked")
    Map<String, List<String>> alone =
        (Map<String, List<String>>)
            BROWSER
                .chromium()
                .executeAsyncScript(
                    """
                    const done = arguments[arguments.length - 1];
                    const names = performance.getEntriesByType('resource').map(e => e.name)
                      .filter(n => n.endsWith('.js'));
                    Promise.all(names.map(n => import(n))).then(modules => {
                      const alone = {};
                      modules.forEach((m, i) => {
                        if (!m.words) return;
                        const [en, de] = [m.words.en, m.words.de].map(w => Object.keys(w));
                        // What the bridge says of a setting, in English, has German words only.
                        alone[names[i]] = [
                          ...en.filter(k => !de.includes(k)),
                          ...de.filter(k => !en.includes(k) && !/^[dtvf][.:]/.test(k))];
                      });
                      done(alone);
                    }, e => done({failed: [String(e)]}));
                    """);
    assertThat(alone).hasSizeGreaterThan(2);
    assertThat(alone).allSatisfy((file, words) -> assertThat(words).as(file).isEmpty());
  }

  @Test
  void whatCarsAndServersSendNeverBecomesMarkup() throws Exception {
    scene.test().bridge().login("main").begin();
    scene.test().awaitAccount("main", "a code", a -> a.login().userCode() != null);
    try (HostileBridge hostile = HostileBridge.before(scene.port())) {
      for (String view : views()) {
        BROWSER.open(hostile.port(), view).shows("<b>bold</b>");
        assertThat(BROWSER.css("img[src=x], b, script:not([src])")).as(view).isEmpty();
        assertThat(BROWSER.css("a"))
            .as(view)
            .noneMatch(a -> String.valueOf(a.getAttribute("href")).startsWith("javascript:"));
        assertThat(BROWSER.chromium().getTitle()).as(view).isNotEqualTo("hit");
      }
      BROWSER.chromium().get("about:blank");
    }
  }
}
