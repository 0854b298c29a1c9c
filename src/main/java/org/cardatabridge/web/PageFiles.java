// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.Exchange;

/**
 * The files of the page: {@code /} and {@code /assets/{file}}, from the class path, each read and
 * packed when it is asked for first. No other name than these leads to a file. Safe for use by many
 * threads.
 */
public final class PageFiles {

  /** What the page may do: its own scripts, styles, pictures and calls, and nothing inline. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final String INDEX = "index.html";

  /** As a browser writes it; {@code gzip;q=0} forbids it. */
  private static final Pattern GZIP =
      Pattern.compile("\\bgzip\\b(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))");

  static final List<String> ASSETS =
      List.of(
          "app.js",
          "chart.js",
          "doctor.js",
          "dom.js",
          "icon.svg",
          "live.js",
          "meanings.js",
          "page.css",
          "rows.js",
          "settings-words.js",
          "settings.js",
          "setup-client.js",
          "setup-data.js",
          "setup-highmobility.js",
          "setup-login.js",
          "setup-words.js",
          "setup.js",
          "status-words.js",
          "status.js",
          "tick-descriptors.js",
          "track.js",
          "vehicle.js",
          "vehicles.js",
          "words.js");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private final Map<String, Both> read = new ConcurrentHashMap<>();

  private record Both(TaggedAnswer plain, TaggedAnswer packed) {}

  /** What the page may do, for the header {@code Content-Security-Policy}. */
  public String policy() {
    return POLICY;
  }

  /** {@code GET /}; 304 for whoever has it already. */
  public TaggedAnswer page(Exchange request) {
    return file(INDEX, request);
  }

  /** {@code GET /assets/{file}}; 304 for whoever has it already, 404 for any other name. */
  public TaggedAnswer asset(Exchange request) {
    String name = request.getMessage().getHeader("file", String.class);
    return name != null && ASSETS.contains(name)
        ? file(name, request)
        : TaggedAnswer.untagged(Answer.error(404, "the page has no file of this name"));
  }

  private TaggedAnswer file(String name, Exchange request) {
    Both both = read.computeIfAbsent(name, PageFiles::load);
    String takes = request.getMessage().getHeader("Accept-Encoding", String.class);
    boolean packed = takes != null && GZIP.matcher(takes).find();
    return (packed ? both.packed() : both.plain()).to(request);
  }

  private static Both load(String name) {
    try (InputStream in = PageFiles.class.getResourceAsStream("page/" + name)) {
      byte[] bytes = in.readAllBytes();
      String type = TYPES.get(name.substring(name.indexOf('.') + 1));
      String tag = tag(bytes);
      return new Both(
          new TaggedAnswer(200, type, null, '"' + tag + '"', bytes),
          new TaggedAnswer(200, type, "gzip", '"' + tag + "-gzip\"", packed(bytes)));
    } catch (IOException e) {
      throw new UncheckedIOException("Reading page/" + name, e);
    }
  }

  private static byte[] packed(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  private static String tag(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(hash, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
