// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page at {@code /}: one file that fetches nothing but {@code /api}. Its content security
 * policy names the hashes of its own script and style, so that nothing else can run. Immutable.
 */
public final class StatusPage {

  private static final String RESOURCE = "page.html";

  private final String html;
  private final String policy;

  /** Reads the page from the class path. */
  public StatusPage() {
    this.html = read();
    this.policy =
        "default-src 'none'; script-src "
            + hashOf("script")
            + "; style-src "
            + hashOf("style")
            + "; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  }

  /** {@code GET /}. */
  public Answer page() {
    return new Answer(200, "text/html; charset=utf-8", html);
  }

  /** What the page may do, for the header {@code Content-Security-Policy}. */
  public String policy() {
    return policy;
  }

  private static String read() {
    try (InputStream in = StatusPage.class.getResourceAsStream(RESOURCE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Reading " + RESOURCE, e);
    }
  }

  private String hashOf(String element) {
    Matcher content =
        Pattern.compile("<" + element + ">(.*?)</" + element + ">", Pattern.DOTALL).matcher(html);
    if (!content.find()) {
      throw new IllegalStateException(RESOURCE + " has no " + element);
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(content.group(1).getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
