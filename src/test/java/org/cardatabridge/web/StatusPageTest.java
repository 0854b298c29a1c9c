// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class StatusPageTest {

  private final StatusPage page = new StatusPage();
  private final String html = page.page().text();

  @Test
  void itMakesTextOfEverythingAndNeverMarkup() {
    assertThat(html)
        .doesNotContain("innerHTML")
        .doesNotContain("outerHTML")
        .doesNotContain("insertAdjacentHTML")
        .doesNotContain("document.write")
        .doesNotContain("eval(")
        .doesNotContain("new Function");
  }

  @Test
  void itLoadsNothingFromAnywhereElse() {
    assertThat(html)
        .doesNotContain("src=")
        .doesNotContain("<link")
        .doesNotContain("@import")
        .doesNotContain("url(")
        .doesNotContainPattern("https?://");
  }

  @Test
  void itHasNoInlineHandlersOrStylesThatItsPolicyWouldForbid() {
    assertThat(html).doesNotContainPattern("\\son[a-z]+=").doesNotContain("style=");
  }

  @Test
  void itsPolicyAllowsExactlyItsOwnScriptAndStyle() throws Exception {
    assertThat(page.policy())
        .contains("default-src 'none'")
        .contains("script-src '" + hash("script") + "';")
        .contains("style-src '" + hash("style") + "';")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
  }

  private String hash(String element) throws Exception {
    String inside =
        html.substring(
            html.indexOf("<" + element + ">") + element.length() + 2,
            html.indexOf("</" + element + ">"));
    return "sha256-"
        + Base64.getEncoder()
            .encodeToString(
                MessageDigest.getInstance("SHA-256")
                    .digest(inside.getBytes(StandardCharsets.UTF_8)));
  }
}
