// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Deque's axe-core on the page that a browser shows. */
final class Axe {

  private static final String RUN =
      """
      const done = arguments[arguments.length - 1];
      axe.run(document, {preload: false, resultTypes: ['violations']}).then(
        result => done(result.violations
          .filter(v => v.impact === 'serious' || v.impact === 'critical')
          .flatMap(v => v.nodes.map(n => v.id + ' (' + v.impact + '): ' + v.help + ': '
            + n.target.join(' ') + ': '
            + [...n.any, ...n.all, ...n.none].map(c => c.message).join('; ')))),
        e => done(['axe-core failed: ' + e]));
      """;

  private Axe() {}

  /** The serious and critical faults, each as a line. */
  @SuppressWarnings("unchecked")
  static List<String> faults(Chromium chromium) {
    if (!(boolean) chromium.executeScript("return typeof window.axe === 'object'")) {
      chromium.executeScript(script());
    }
    return (List<String>) chromium.executeAsyncScript(RUN);
  }

  private static String script() {
    try (InputStream in = Axe.class.getResourceAsStream("/axe.min.js")) {
      return new String(
          Objects.requireNonNull(in, "axe.min.js").readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
