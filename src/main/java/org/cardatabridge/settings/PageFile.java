// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.cardatabridge.disk.PrivateFile;

/**
 * {@code settings.properties} in the data directory, which the page writes. At each moment the file
 * is the old one or the new one, whole. Not safe for use by many threads.
 */
final class PageFile {

  private static final String FIRST_LINE =
      "# Written by the bridge's page. Environment variables and .env are stronger.\n";

  private final Path file;

  PageFile(Path file) {
    this.file = file;
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
    new PrivateFile(file).replace(text.getBytes(StandardCharsets.UTF_8));
  }
}
