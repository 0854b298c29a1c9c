// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bucket;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;

/**
 * An object as the bucket's list names it. Immutable; its name holds an app id.
 *
 * @param name the whole name, the key of S3
 * @param etag changes with the content; never null, may be empty
 * @param modified when it was written
 */
public record BucketObject(String name, String etag, Instant modified) {

  /** In the order of the date, then of the time in the name, then of the writing. */
  static final Comparator<BucketObject> IN_ORDER =
      Comparator.comparing(BucketObject::day)
          .thenComparing(BucketObject::time)
          .thenComparing(BucketObject::modified)
          .thenComparing(BucketObject::name);

  /** The date in the name, else that of the writing. */
  LocalDate day() {
    LocalDate inName = ObjectName.of(name).day();
    return inName != null ? inName : LocalDate.ofInstant(modified, ZoneOffset.UTC);
  }

  /** The file's name before its last dash, behind which stands what tells alike times apart. */
  private String time() {
    String file = ObjectName.of(name).file();
    int dash = file.lastIndexOf('-');
    return dash < 0 ? file : file.substring(0, dash);
  }

  /** The part of the name that may be shown. */
  @Override
  public String toString() {
    return ObjectName.of(name).shown();
  }
}
