// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.cardatabridge.browser.Browser.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the other tests of this package rely on: that a bad page is noticed. */
class BrowserIT {

  private static final String BAD =
      """
      <!doctype html><html lang="en"><title>Bad</title><body style="color: #ccc; margin: 0">
      <p>Hardly to be read.</p><button></button><label>Name <input></label>
      <p id="words"></p><p id="colours"></p>
      <div style="width: 500px">wide</div>
      <script>
        words.textContent = navigator.language + ' ' + new Intl.NumberFormat().format(1.5);
        colours.textContent = matchMedia('(prefers-color-scheme: dark)').matches ? 'night' : 'day';
        document.cookie = 'a=b; max-age=5';
        fetch('http://elsewhere.example/x').catch(() => console.error('nobody there'));
      </script>
      """;

  @RegisterExtension static final Browser BROWSER = new Browser();

  private HttpServer server;

  @BeforeEach
  void serve() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] page = BAD.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void end() {
    server.stop(0);
  }

  @Test
  void whatABadPageDoesIsSeenAndNothingLeavesTheMachine() {
    BROWSER.language("de-DE").colours("dark").size(Size.PHONE);
    BROWSER.open(server.getAddress().getPort(), "").shows("de-DE 1,5", "night");
    assertThat(Axe.faults(BROWSER.chromium()))
        .anyMatch(fault -> fault.startsWith("color-contrast (serious)"))
        .anyMatch(fault -> fault.startsWith("button-name (critical)"));
    assertThat(BROWSER.sideways()).isGreaterThan(100);
    assertThat(BROWSER.chromium().manage().getCookies()).hasSize(1);
    assertThat(BROWSER.the("field", "Name").isDisplayed()).isTrue();
    await()
        .untilAsserted(
            () ->
                assertThat(BROWSER.chromium().complaints())
                    .anyMatch(complaint -> complaint.contains("ERR_NAME_NOT_RESOLVED")));
    assertThat(BROWSER.chromium().requests()).contains("http://elsewhere.example/x");
    BROWSER.chromium().manage().deleteAllCookies();
  }

  @Test
  void theNextTestBeginsWithoutTheLastOnesLeftovers() {
    BROWSER.expect("ERR_NAME_NOT_RESOLVED").expect("nobody there");
    BROWSER.open(server.getAddress().getPort(), "").shows("en-GB 1.5", "day", "wide");
    assertThat(BROWSER.sideways()).isZero();
    assertThat(BROWSER.chromium().requests()).hasSizeBetween(1, 3);
    BROWSER.chromium().manage().deleteAllCookies();
  }
}
