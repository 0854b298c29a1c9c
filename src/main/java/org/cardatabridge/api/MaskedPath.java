// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cardatabridge.Vin;

/** The path of a call as it may be shown: whatever stands where a VIN belongs is shortened. */
final class MaskedPath {

  private static final Pattern VEHICLE = Pattern.compile("(?<=/vehicles/)([^/?]+)(?=/)");
  private static final int LONGEST = 200;

  private MaskedPath() {}

  static String of(String path) {
    String shown =
        VEHICLE
            .matcher(path)
            .replaceAll(found -> Matcher.quoteReplacement(Vin.masked(found.group(1))));
    int query = shown.indexOf('?');
    String plain = query < 0 ? shown : shown.substring(0, query);
    return plain.length() > LONGEST ? plain.substring(0, LONGEST) + "…" : plain;
  }

  /** A text without the VIN of this path. */
  static String without(String path, String text) {
    Matcher found = VEHICLE.matcher(path);
    return found.find() ? text.replace(found.group(1), Vin.masked(found.group(1))) : text;
  }
}
