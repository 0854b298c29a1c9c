// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NotFoundException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;

/**
 * One {@link Chromium} for a test class. Each test begins on an empty English page in a light
 * desktop window. A test fails when its pages asked anybody but the bridge for something, when the
 * console complained, and when a cookie was left. A failed test leaves a picture and the document
 * in {@code target/browser}. Used on one thread.
 */
final class Browser
    implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterTestExecutionCallback {

  /** As long as anything here may take on a busy machine. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Map<String, String> ROLES =
      Map.of(
          "button", "button, summary, [role=button]",
          "link", "a[href]",
          "field", "input, select, textarea",
          "heading", "h1, h2, h3, h4",
          "image", "img, svg, [role=img]",
          "table", "table",
          "region", "section, article, nav, main, [role=region]");

  private static final String CANDIDATES =
      """
      const [css, name] = arguments;
      const text = id => document.getElementById(id)?.textContent ?? '';
      return [...document.querySelectorAll(css)].filter(e => e.checkVisibility()
        && [e.textContent, e.ariaLabel, e.title, e.alt, e.placeholder,
            ...[...(e.labels ?? [])].map(l => l.textContent),
            ...(e.getAttribute('aria-labelledby') ?? '').split(' ').map(text)]
          .join(' ').includes(name));
      """;

  /** A window. */
  enum Size {
    /** A small telephone. */
    PHONE(360, 740),
    /** A computer. */
    DESKTOP(1280, 900);

    private final int width;
    private final int height;

    Size(int width, int height) {
      this.width = width;
      this.height = height;
    }
  }

  private final Set<String> origins = new HashSet<>();
  private final List<Predicate<String>> expected = new ArrayList<>();
  private Path directory;
  private int width;
  private Chromium chromium;

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    directory = Files.createTempDirectory("cardata-browser");
    chromium = Chromium.start(directory);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    origins.clear();
    expected.clear();
    size(Size.DESKTOP);
    colours("light");
    language("en-GB");
    // The doctor has no verdict before somebody asked for one.
    expected.add(said -> said.contains("/api/doctor?lang=") && said.contains("404 (Not Found)"));
    chromium.complaints();
    chromium.requests();
  }

  /** While what the test has started still runs: a bridge that is gone is no complaint. */
  @Override
  public void afterTestExecution(ExtensionContext context) throws IOException {
    try {
      if (context.getExecutionException().isPresent()) {
        keep(context.getRequiredTestClass().getSimpleName() + "-" + context.getDisplayName());
        return;
      }
      assertThat(chromium.manage().getCookies()).as("cookies").isEmpty();
      assertThat(chromium.requests())
          .as("requests to others than the bridge")
          .allMatch(address -> origins.stream().anyMatch(address::startsWith));
      assertThat(chromium.complaints())
          .as("complaints of the console")
          .filteredOn(complaint -> expected.stream().noneMatch(e -> e.test(complaint)))
          .isEmpty();
    } finally {
      chromium.get("about:blank");
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    if (chromium != null) {
      chromium.close();
    }
    Tree.delete(directory);
  }

  private void keep(String name) throws IOException {
    Path folder = Files.createDirectories(Path.of("target/browser"));
    String base = name.replaceAll("[^A-Za-z0-9-]", "");
    Files.write(folder.resolve(base + ".png"), chromium.getScreenshotAs(OutputType.BYTES));
    Files.writeString(
        folder.resolve(base + ".txt"),
        chromium.getCurrentUrl() + "\n" + chromium.complaints() + "\n" + chromium.getPageSource());
  }

  /** The browser itself. */
  Chromium chromium() {
    return chromium;
  }

  /** A window of that size from now on. */
  Browser size(Size size) {
    return size(size.width, size.height, 1, size == Size.PHONE);
  }

  /** A window of so many CSS pixels, each of {@code density} dots, from now on. */
  Browser size(int width, int height, double density, boolean isPhone) {
    this.width = width;
    chromium.devTools(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", density, "mobile", isPhone));
    return this;
  }

  /** {@code light} or {@code dark} from now on; nothing moves. */
  Browser colours(String scheme) {
    chromium.devTools(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", scheme),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    return this;
  }

  /** The browser's language from the next page on, such as {@code de-DE}. */
  Browser language(String tag) {
    String agent = (String) chromium.executeScript("return navigator.userAgent");
    chromium.devTools(
        "Emulation.setUserAgentOverride", Map.of("userAgent", agent, "acceptLanguage", tag));
    chromium.devTools("Emulation.setLocaleOverride", Map.of("locale", tag.replace('-', '_')));
    return this;
  }

  /** Lets the console say this without harm, as while a bridge is away. */
  Browser expect(String part) {
    expected.add(complaint -> complaint.contains(part));
    return this;
  }

  /** Opens the bridge's page at that port, with a hash route such as {@code #/status}. */
  Browser open(int port, String hash) {
    String origin = "http://127.0.0.1:" + port + "/";
    origins.add(origin);
    chromium.get(origin + hash);
    return this;
  }

  /** Goes to another view of the page that is open, as a bookmark does. */
  Browser view(String hash) {
    chromium.executeScript("location.hash = arguments[0]", hash);
    return this;
  }

  /** The text that a person sees. */
  String text() {
    return (String) chromium.executeScript("return document.body.innerText");
  }

  /** Waits until all of these can be read on the page. */
  Browser shows(String... parts) {
    return shows(PATIENCE, parts);
  }

  /** Waits so long until all of these can be read on the page. */
  Browser shows(Duration patience, String... parts) {
    await()
        .atMost(patience)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() -> assertThat(text()).contains(parts));
    return this;
  }

  /** Waits until this can't be read on the page any more. */
  Browser hides(String part) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() -> assertThat(text()).doesNotContain(part));
    return this;
  }

  /** All elements on show with a role of {@link #ROLES} whose accessible name has this in it. */
  @SuppressWarnings("unchecked")
  List<WebElement> all(String role, String name) {
    String css = Objects.requireNonNull(ROLES.get(role), role);
    List<WebElement> found = (List<WebElement>) chromium.executeScript(CANDIDATES, css, name);
    return found.stream().filter(e -> isNamed(e, name)).toList();
  }

  /** Names are broken anywhere, as long descriptors are. */
  private static boolean isNamed(WebElement element, String name) {
    return withoutSpace(element.getAccessibleName()).contains(withoutSpace(name));
  }

  private static String withoutSpace(String text) {
    return text.replaceAll("[\\s\u200b]", "");
  }

  /** Waits for an element by its role and accessible name, as somebody who listens finds it. */
  WebElement the(String role, String name) {
    Map<String, WebElement> found = new HashMap<>();
    await(role + " '" + name + "'")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsMatching(e -> e instanceof NotFoundException || isGone(e))
        .untilAsserted(
            () -> {
              List<WebElement> all = all(role, name);
              assertThat(all).as(() -> role + " '" + name + "' in: " + text()).isNotEmpty();
              found.put(name, all.get(0));
            });
    return found.get(name);
  }

  private static boolean isGone(Throwable e) {
    return e instanceof StaleElementReferenceException;
  }

  /** Clicks what has that role and name; once more where it was drawn anew meanwhile. */
  Browser click(String role, String name) {
    await("a click on " + name)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsMatching(Browser::isGone)
        .until(
            () -> {
              the(role, name).click();
              return true;
            });
    return this;
  }

  /** Types into the field with that label in place of what is there. */
  Browser type(String label, String text) {
    WebElement field = the("field", label);
    field.clear();
    field.sendKeys(text);
    return this;
  }

  /** Presses keys, wherever the focus is. */
  Browser press(CharSequence... keys) {
    chromium.switchTo().activeElement().sendKeys(keys);
    return this;
  }

  /** Presses Tab until the focus is on what has this name; fails after a whole round. */
  Browser tabTo(String name) {
    List<String> met = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      press(Keys.TAB);
      WebElement focused = chromium.switchTo().activeElement();
      String here = focused.getAccessibleName();
      if (withoutSpace(here).contains(withoutSpace(name))) {
        assertThat(hasRing(focused)).as("%s shows that it has the focus", name).isTrue();
        return this;
      }
      met.add(here);
    }
    throw new AssertionError("Tab never comes to '" + name + "', only to " + met);
  }

  private boolean hasRing(WebElement element) {
    return (boolean)
        chromium.executeScript(
            """
            const s = getComputedStyle(arguments[0]);
            return arguments[0].matches(':focus-visible')
              && (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0
                  || s.boxShadow !== 'none');
            """,
            element);
  }

  /** How many CSS pixels the page is wider than its window. */
  long sideways() {
    return (long) chromium.executeScript("return document.documentElement.scrollWidth") - width;
  }

  /** All elements of a CSS selector. */
  List<WebElement> css(String selector) {
    return chromium.findElements(By.cssSelector(selector));
  }
}
