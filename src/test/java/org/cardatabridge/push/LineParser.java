// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.push;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads line protocol by its published rules, one character after the other, and knows nothing of
 * how ours is written.
 */
final class LineParser {

  /** One point; a field's value is a Double, a Boolean or a String. */
  record Point(
      String measurement, Map<String, String> tags, Map<String, Object> fields, long time) {}

  private final String text;
  private int at;

  private LineParser(String text) {
    this.text = text;
  }

  /** All points of a text whose lines each end in a line feed. */
  static List<Point> parse(String text) {
    LineParser parser = new LineParser(text);
    List<Point> points = new ArrayList<>();
    while (parser.at < text.length()) {
      points.add(parser.point());
    }
    return points;
  }

  private Point point() {
    if (peek() == '#') {
      throw new IllegalArgumentException("a comment in place of a measurement");
    }
    String measurement = name(", ");
    Map<String, String> tags = new LinkedHashMap<>();
    while (peek() == ',') {
      at++;
      String key = name("=, ");
      expect('=');
      put(tags, key, name("=, "));
    }
    expect(' ');
    Map<String, Object> fields = new LinkedHashMap<>();
    do {
      String key = name("=, ");
      expect('=');
      put(fields, key, value());
    } while (peek() == ',' && at++ >= 0);
    expect(' ');
    int from = at;
    while (peek() != '\n') {
      at++;
    }
    long time = Long.parseLong(text.substring(from, at));
    expect('\n');
    return new Point(measurement, tags, fields, time);
  }

  private static <T> void put(Map<String, T> to, String key, T value) {
    if (to.put(key, value) != null) {
      throw new IllegalArgumentException(key + " twice");
    }
  }

  /** A backslash before one of the special characters is taken away, any other one stays. */
  private String name(String special) {
    StringBuilder out = new StringBuilder();
    while (special.indexOf(peek()) < 0) {
      if (peek() == '\n') {
        throw new IllegalArgumentException("a line that ends within a name");
      }
      if (peek() == '\\' && special.indexOf(text.charAt(at + 1)) >= 0) {
        at++;
      }
      out.append(peek());
      at++;
    }
    if (out.isEmpty()) {
      throw new IllegalArgumentException("an empty name at " + at);
    }
    return out.toString();
  }

  private Object value() {
    if (peek() == '"') {
      at++;
      StringBuilder out = new StringBuilder();
      while (peek() != '"') {
        if (peek() == '\\' && "\"\\".indexOf(text.charAt(at + 1)) >= 0) {
          at++;
        }
        out.append(peek());
        at++;
      }
      at++;
      return out.toString();
    }
    int from = at;
    while (", \n".indexOf(peek()) < 0) {
      at++;
    }
    String word = text.substring(from, at);
    if (word.equals("true") || word.equals("false")) {
      return Boolean.valueOf(word);
    }
    if (!word.matches("-?\\d+(\\.\\d+)?([eE]-?\\d+)?")) {
      throw new IllegalArgumentException("no float: " + word);
    }
    return Double.valueOf(word);
  }

  private char peek() {
    return text.charAt(at);
  }

  private void expect(char wanted) {
    if (peek() != wanted) {
      throw new IllegalArgumentException("'" + peek() + "' in place of '" + wanted + "' at " + at);
    }
    at++;
  }
}
