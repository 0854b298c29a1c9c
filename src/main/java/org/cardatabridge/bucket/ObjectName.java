// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bucket;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of an object says: {@code <app id>/level13/2026/11/22/101500-0a1b.json}, or another
 * path with a date, or none. Immutable; holds an app id.
 *
 * @param key the whole name
 * @param root what stands before the date; empty where there is none
 * @param day the date in the path; null where there is none
 */
record ObjectName(String key, String root, LocalDate day) {

  private static final Pattern DATED =
      Pattern.compile("(?s)((?:.*?/)?)(\\d{4})/(\\d{1,2})/(\\d{1,2})/.+");
  private static final Pattern EXPORT =
      Pattern.compile("(?s)((?:.*/)?day=)\\d{4}-\\d\\d-\\d\\d/vehicle=.+\\.ndjson\\.gz");
  private static final Pattern TAKEN = Pattern.compile("(?si).+\\.(json|ndjson|jsonl)(\\.gz)?");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final int LONGEST_SHOWN = 120;

  /** Reads a name; never fails. */
  static ObjectName of(String key) {
    Matcher export = EXPORT.matcher(key);
    if (export.matches()) {
      return new ObjectName(key, export.group(1), null);
    }
    Matcher dated = DATED.matcher(key);
    if (dated.matches()) {
      try {
        LocalDate day =
            LocalDate.of(
                Integer.parseInt(dated.group(2)),
                Integer.parseInt(dated.group(3)),
                Integer.parseInt(dated.group(4)));
        return new ObjectName(key, dated.group(1), day);
      } catch (DateTimeException e) {
        return new ObjectName(key, "", null);
      }
    }
    return new ObjectName(key, "", null);
  }

  /** Whether the sink {@code s3} of a bridge wrote it. */
  boolean isExport() {
    return !root.isEmpty() && day == null;
  }

  /** Whether it may hold messages. */
  boolean mayHoldMessages() {
    return !isExport() && TAKEN.matcher(key).matches();
  }

  /** What sorts behind all names of its root, where that is one of exports. */
  String behindExports() {
    return root + ":";
  }

  /**
   * What every object of a day and of later ones sorts behind, whether months and days are written
   * with a leading zero or without.
   */
  static String before(String root, LocalDate day) {
    return "%s%04d/%02d/%02d"
        .formatted(root, day.getYear(), day.getMonthValue(), day.getDayOfMonth());
  }

  /** The time and the mark that tells alike times apart: what stands behind the date. */
  String file() {
    return key.substring(key.lastIndexOf('/') + 1);
  }

  /** The name without what stands before the date, which names the application. */
  String shown() {
    String text = day == null ? file() : key.substring(root.length());
    String plain = CONTROL.matcher(text).replaceAll("?");
    return plain.length() <= LONGEST_SHOWN ? plain : plain.substring(0, LONGEST_SHOWN) + "…";
  }

  /** The part that may be shown. */
  @Override
  public String toString() {
    return shown();
  }
}
