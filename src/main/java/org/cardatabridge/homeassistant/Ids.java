// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The ids that Home Assistant keeps for ever. A car's is made of its VIN alone, so that neither an
 * alias nor an account changes it. It is a pseudonym: an unsalted digest, and VINs are few enough
 * that who wants to can find this one by trying all. Stateless and safe for many threads.
 */
final class Ids {

  private static final int DIGITS = 16;

  private Ids() {}

  /** Of a car's device: {@code cardata_} and 16 hexadecimal digits. */
  static String car(String vin) {
    return "cardata_" + digest("vehicle " + vin);
  }

  /** Of the bridge's own device: two bridges at one broker have different base topics. */
  static String bridge(String baseTopic) {
    return baseTopic.equals("cardata")
        ? "cardata_bridge"
        : "cardata_bridge_" + digest("bridge " + baseTopic);
  }

  /**
   * Of a descriptor's entity within its device. One to one: {@code _} stands for the dot, and
   * whatever is no letter or digit is written as its code between hyphens.
   */
  static String component(String key, Platform platform) {
    StringBuilder id = new StringBuilder(key.length());
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (c == '.') {
        id.append('_');
      } else if (c < 0x80 && Character.isLetterOrDigit(c)) {
        id.append(c);
      } else {
        id.append('-').append(Integer.toHexString(c)).append('-');
      }
    }
    return id.append(platform.suffix()).toString();
  }

  /** A name as Home Assistant writes it in entity ids: {@code a-z}, {@code 0-9} and {@code _}. */
  static String slug(String name) {
    String plain =
        Normalizer.normalize(name.replace("ß", "ss"), Normalizer.Form.NFD)
            .replaceAll("\\p{M}", "")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "_")
            .replaceAll("^_|_$", "");
    return plain.isEmpty() ? "unknown" : plain;
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
