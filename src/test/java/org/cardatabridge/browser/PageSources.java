// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which page the pictures in {@code docs/images} show. */
final class PageSources {

  /** Where the pictures are. */
  static final Path IMAGES = Path.of("docs/images");

  /** What the page was made of when they were taken. */
  static final Path NOTE = IMAGES.resolve("sources.txt");

  private static final Path PAGE = Path.of("src/main/resources/org/cardatabridge/web/page");

  private PageSources() {}

  /** A line for each file of the page, with its SHA-256. */
  static String digest() throws IOException {
    try (Stream<Path> files = Files.list(PAGE)) {
      List<Path> sorted = files.sorted().toList();
      return sorted.stream().map(PageSources::line).collect(Collectors.joining());
    }
  }

  private static String line(Path file) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(hash) + "  " + file.getFileName() + "\n";
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("Reading " + file, e);
    }
  }
}
