// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code settings.properties} in the data directory, which the page writes. At each moment the file
 * is the old one or the new one, whole. Not safe for use by many threads.
 */
final class PageFile {

  private static final Logger LOG = LoggerFactory.getLogger(PageFile.class);
  private static final String FIRST_LINE =
      "# Written by the bridge's page. Environment variables and .env are stronger.\n";

  private final Path file;
  private final Path fresh;

  PageFile(Path file) {
    this.file = file;
    this.fresh = file.resolveSibling(file.getFileName() + ".new");
  }

  /** The text; empty where there is no file. */
  String text() throws IOException {
    return Files.exists(file) ? Files.readString(file) : "";
  }

  /**
   * A text with some keys set, others taken out; comments and the lines of other keys stay as they
   * are.
   *
   * @param changes the new text of each key; null takes the key out
   */
  static String changed(String text, Map<String, String> changes) {
    Map<String, String> left = new TreeMap<>(changes);
    StringBuilder out = new StringBuilder(text.isBlank() ? FIRST_LINE : "");
    for (String line : logicalLines(text)) {
      String key = keyOf(line);
      if (key == null || !changes.containsKey(key)) {
        out.append(line).append(line.endsWith("\n") ? "" : "\n");
      } else if (left.containsKey(key)) {
        out.append(line(key, left.remove(key)));
      }
    }
    left.forEach((key, value) -> out.append(line(key, value)));
    return out.toString();
  }

  /** Lines with those that a backslash at their end joins to them. */
  private static List<String> logicalLines(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder open = new StringBuilder();
    for (String line : text.split("(?<=\n)|(?<=\r)(?!\n)")) {
      open.append(line);
      String bare = line.replaceFirst("\\R\\z", "");
      boolean isComment = open.length() == line.length() && bare.stripLeading().matches("[#!].*");
      int slashes = bare.length() - bare.replaceFirst("\\\\+\\z", "").length();
      if (isComment || slashes % 2 == 0) {
        lines.add(open.toString());
        open.setLength(0);
      }
    }
    if (open.length() > 0) {
      lines.add(open.toString());
    }
    return lines;
  }

  private static String keyOf(String line) {
    Properties one = new Properties();
    try {
      one.load(new StringReader(line));
    } catch (IOException | IllegalArgumentException e) {
      // A damaged line is nobody's; the loader complains of it.
      return null;
    }
    return one.isEmpty() ? null : SettingsLoader.clean(one.stringPropertyNames().iterator().next());
  }

  private static String line(String key, String value) {
    return value == null
        ? ""
        : key.replaceAll("([\\\\ :=#!])", "\\\\$1") + "=" + value.replace("\\", "\\\\") + "\n";
  }

  /**
   * Writes a text, durably and readable by its owner only.
   *
   * @throws IOException where that failed; the old file is then still there
   */
  void write(String text) throws IOException {
    Files.createDirectories(file.getParent());
    try {
      Files.deleteIfExists(fresh);
      try (FileChannel channel =
          FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        // Before the first byte, so that no secret is ever readable by others.
        if (isPosix()) {
          Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
        }
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      removeFresh(e);
      throw e;
    }
    syncDirectory();
  }

  private void removeFresh(IOException cause) {
    try {
      Files.deleteIfExists(fresh);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Some shares cannot sync a directory; the file itself is synced by now. */
  private void syncDirectory() throws IOException {
    if (isPosix()) {
      try (FileChannel channel = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
        channel.force(true);
      } catch (IOException e) {
        LOG.debug("Syncing the directory of {}: {} — taken as done", file, e.toString());
      }
    }
  }

  private boolean isPosix() throws IOException {
    return Files.getFileStore(file.getParent()).supportsFileAttributeView("posix");
  }
}
