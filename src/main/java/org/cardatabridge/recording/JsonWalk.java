// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.recording;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Goes through a text that is JSON, or meant to be, and replaces names and values in it; every
 * other character stays as it is. Total: text that is no JSON, or ends early, is gone through as
 * far as it makes sense. For one thread.
 */
final class JsonWalk {

  /** Says what is to stand in the place of each part. */
  interface Visitor {
    /** For a name. */
    String name(String name);

    /** For a text, as JSON means it. */
    String text(String name, Place place, String text);

    /** For a number or any other run of characters outside of quotes. */
    String bare(String name, Place place, String word);
  }

  private static final int DEEPEST = 512;
  private static final String MARKS = "\"{}[],:=;&";

  private static final class Frame {
    private final boolean isList;
    private final Place place;
    private String name = "";
    private String key = "";

    Frame(boolean isList, Place place) {
      this.isList = isList;
      this.place = place;
    }

    Place here() {
      Place said = isList ? place : place.inside(name);
      return said == Place.NONE && name.equals("value") ? Place.of(key) : said;
    }
  }

  private final String text;
  private final Visitor visitor;
  private final StringBuilder out;
  private final Deque<Frame> frames = new ArrayDeque<>();
  private int tooDeep;
  private int at;

  private JsonWalk(String text, Visitor visitor) {
    this.text = text;
    this.visitor = visitor;
    this.out = new StringBuilder(text.length() + 16);
    frames.push(new Frame(false, Place.NONE));
  }

  /** The text with everything replaced that the visitor wants to be. */
  static String rewrite(String text, Visitor visitor) {
    return new JsonWalk(text, visitor).walk();
  }

  private String walk() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        quoted();
      } else if (!isBlank(at) && MARKS.indexOf(c) < 0) {
        bare();
      } else {
        mark(c);
        out.append(c);
        at++;
      }
    }
    return out.toString();
  }

  private void mark(char c) {
    switch (c) {
      case '{', '[' -> {
        if (frames.size() < DEEPEST) {
          frames.push(new Frame(c == '[', frames.peek().here()));
        } else {
          tooDeep++;
        }
      }
      case '}', ']' -> {
        if (tooDeep > 0) {
          tooDeep--;
        } else if (frames.size() > 1) {
          frames.pop();
        }
      }
      case ',', ';', '&' -> {
        if (!frames.peek().isList) {
          frames.peek().name = "";
        }
      }
      default -> {
        // a blank or what follows a name
      }
    }
  }

  private void quoted() {
    int end = at + 1;
    while (end < text.length() && text.charAt(end) != '"') {
      end += text.charAt(end) == '\\' ? 2 : 1;
    }
    end = Math.min(end, text.length());
    String raw = text.substring(at + 1, end);
    String meant = raw.indexOf('\\') < 0 ? raw : unescaped(raw);
    boolean isClosed = end < text.length();
    at = isClosed ? end + 1 : end;
    Frame frame = frames.peek();
    String instead;
    if (isNameBefore(at)) {
      frame.name = meant;
      instead = visitor.name(meant);
    } else {
      if (frame.name.equals("key")) {
        frame.key = meant;
      }
      instead = visitor.text(frame.name, frame.here(), meant);
    }
    out.append('"');
    if (instead.equals(meant)) {
      out.append(raw);
    } else {
      out.append(JsonStringEncoder.getInstance().quoteAsString(instead));
    }
    out.append(isClosed ? "\"" : "");
  }

  private void bare() {
    int end = at;
    while (end < text.length() && (isBlank(end) || MARKS.indexOf(text.charAt(end)) < 0)) {
      end++;
    }
    String word = text.substring(at, end).stripTrailing();
    at += word.length();
    Frame frame = frames.peek();
    if (isNameBefore(at)) {
      frame.name = word;
      out.append(visitor.name(word));
    } else {
      out.append(visitor.bare(frame.name, frame.here(), word));
    }
  }

  private boolean isBlank(int place) {
    return Character.isWhitespace(text.charAt(place));
  }

  private boolean isNameBefore(int end) {
    int next = end;
    while (next < text.length() && isBlank(next)) {
      next++;
    }
    return next < text.length()
        && (text.charAt(next) == ':' || text.charAt(next) == '=')
        && !frames.peek().isList;
  }

  /** What an escaped text means; an escape that is none stands for itself. */
  private static String unescaped(String raw) {
    StringBuilder meant = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c != '\\' || i + 1 == raw.length()) {
        meant.append(c);
        continue;
      }
      char kind = raw.charAt(++i);
      switch (kind) {
        case 'b' -> meant.append('\b');
        case 'f' -> meant.append('\f');
        case 'n' -> meant.append('\n');
        case 'r' -> meant.append('\r');
        case 't' -> meant.append('\t');
        case 'u' -> {
          int code = i + 5 <= raw.length() ? hex(raw.substring(i + 1, i + 5)) : -1;
          if (code < 0) {
            meant.append("\\u");
          } else {
            meant.append((char) code);
            i += 4;
          }
        }
        default -> meant.append(kind);
      }
    }
    return meant.toString();
  }

  private static int hex(String digits) {
    int code = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = Character.digit(digits.charAt(i), 16);
      if (digit < 0) {
        return -1;
      }
      code = code * 16 + digit;
    }
    return code;
  }
}
