// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The text for the portal's console, on a list with what such lists have. */
class SnippetIT {

  private static final Path SNIPPET =
      Path.of("src/main/resources/org/cardatabridge/web/page/tick-descriptors.js");

  private static final String PORTAL =
      """
      <!doctype html><html lang="en"><title>Portal</title><body>
      <label><input type="checkbox" id="newsletter"> Beside the list</label>
      <div role="dialog">
        <button role="switch" aria-checked="false" id="stream">Streaming</button>
        <label><input type="checkbox" id="plain"> plain</label>
        <label><input type="checkbox" id="ticked" checked> ticked</label>
        <input type="checkbox" id="locked" disabled>
        <span role="checkbox" aria-checked="false" id="drawn" tabindex="0">drawn</span>
        <button aria-expanded="false" id="group">A group</button>
        <div id="folded"></div>
        <button id="more">Load more</button>
        <div id="late"></div>
      </div>
      <script>
        window.clicks = [];
        addEventListener('click', e => clicks.push(e.target.id), true);
        drawn.onclick = () => drawn.setAttribute('aria-checked', drawn.ariaChecked !== 'true');
        stream.onclick = () => stream.setAttribute('aria-checked', 'true');
        group.onclick = () => {
          group.setAttribute('aria-expanded', 'true');
          folded.innerHTML = '<label><input type="checkbox" id="inside"> inside</label>';
        };
        more.onclick = () => {
          more.remove();
          late.innerHTML = '<label><input type="checkbox" id="last"> last</label>';
        };
      </script>
      """;

  @RegisterExtension static final Browser BROWSER = new Browser();

  private HttpServer server;

  @BeforeEach
  void serve() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] page = PORTAL.getBytes(StandardCharsets.UTF_8);
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

  /** Runs the text; gives what it says at its end, or an empty text where it ended at once. */
  private String run(boolean isWanted) throws Exception {
    return (String)
        BROWSER
            .chromium()
            .executeAsyncScript(
                """
                const [text, yes, done] = arguments;
                let said = '';
                window.confirm = () => yes;
                console.log = line => { said = line; };
                (0, eval)(text).then(() => done(said));
                """,
                Files.readString(SNIPPET).replaceAll("(?m)^//.*\\R", "").strip(),
                isWanted);
  }

  @SuppressWarnings("unchecked")
  private List<String> ticked() {
    return (List<String>)
        BROWSER
            .chromium()
            .executeScript(
                "return [...document.querySelectorAll('[id]')]"
                    + ".filter(e => e.checked || e.ariaChecked === 'true').map(e => e.id)");
  }

  @Test
  void itTicksTheOpenListToItsEndAndNothingElse() throws Exception {
    BROWSER.open(server.getAddress().getPort(), "").shows("Load more");
    assertThat(run(true)).startsWith("Ticked 4, not ticked 0");
    assertThat(ticked()).containsExactlyInAnyOrder("plain", "ticked", "drawn", "inside", "last");
    assertThat(BROWSER.chromium().requests()).hasSizeBetween(1, 2);
  }

  @Test
  void itDoesNothingWithoutAYes() throws Exception {
    BROWSER.open(server.getAddress().getPort(), "").shows("Load more");
    assertThat(run(false)).isEmpty();
    assertThat(ticked()).containsExactly("ticked");
  }
}
