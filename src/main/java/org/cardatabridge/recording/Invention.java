// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.recording;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Invents a text of the same length and shape for a text: the same one for the same text and key,
 * and without the key nothing leads back. Capitals and small letters make no difference to what is
 * invented, and are kept. For one thread.
 */
final class Invention {

  /** The shape of a vehicle identification number. */
  static final Pattern VIN = Pattern.compile("[A-HJ-NPR-Za-hj-npr-z0-9]{17}");

  /** The shape of a GCID as BMW gives them. */
  static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
  private static final String VIN_LETTERS = "abcdefghjklmnprstuvwxyz0123456789";
  private static final String HEX = "0123456789abcdef";
  private static final int VERSION = 14;
  private static final int VARIANT = 19;

  private final Mac mac;

  Invention(byte[] key) {
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  /**
   * The invented text.
   *
   * @param attempt another number gives another text
   */
  String of(String text, int attempt) {
    Digits digits = new Digits(lower(text) + '\0' + attempt);
    boolean isUuid = UUID.matcher(text).matches();
    boolean isVin = VIN.matcher(text).matches();
    boolean isWordless = text.chars().noneMatch(Character::isLetterOrDigit);
    StringBuilder invented = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isUuid) {
        boolean isKept = c == '-' || i == VERSION || i == VARIANT;
        invented.append(isKept ? Character.toLowerCase(c) : digits.of(HEX));
      } else if (isVin) {
        invented.append(digits.of(VIN_LETTERS));
      } else if (Character.isDigit(c)) {
        // A number that began with 0 would be none in JSON.
        invented.append(i == 0 ? digits.of("123456789") : digits.of("0123456789"));
      } else {
        invented.append(isWordless || Character.isLetter(c) ? digits.of(LETTERS) : c);
      }
    }
    return isUuid || isVin ? cased(invented.toString(), text) : maskedCase(invented, text);
  }

  /** A fraction from 0 to 1 that belongs to a name. */
  double fraction(String name) {
    byte[] bytes = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
    long bits = 0;
    for (int i = 0; i < 7; i++) {
      bits = bits << 8 | bytes[i] & 0xff;
    }
    return (bits >>> 3) / (double) (1L << 53);
  }

  private static String cased(String invented, String like) {
    boolean isSmall = like.chars().noneMatch(Character::isUpperCase);
    boolean isCapital = like.chars().noneMatch(Character::isLowerCase);
    boolean isLarge = isSmall == isCapital ? like.length() == 17 : isCapital;
    return isLarge ? invented.toUpperCase(Locale.ROOT) : invented;
  }

  private static String maskedCase(StringBuilder invented, String like) {
    for (int i = 0; i < like.length(); i++) {
      if (Character.isUpperCase(like.charAt(i))) {
        invented.setCharAt(i, Character.toUpperCase(invented.charAt(i)));
      }
    }
    return invented.toString();
  }

  /** Small letters, one for one. */
  static String lower(String text) {
    StringBuilder lower = new StringBuilder(text.length());
    text.chars().forEach(c -> lower.append(Character.toLowerCase((char) c)));
    return lower.toString();
  }

  /** Endless even digits that belong to a seed. */
  private final class Digits {
    private final String seed;
    private byte[] block = {};
    private int used;
    private int blocks;

    Digits(String seed) {
      this.seed = seed;
    }

    char of(String alphabet) {
      int limit = 256 / alphabet.length() * alphabet.length();
      int next = next();
      while (next >= limit) {
        next = next();
      }
      return alphabet.charAt(next % alphabet.length());
    }

    private int next() {
      if (used == block.length) {
        block = mac.doFinal((blocks++ + "\0" + seed).getBytes(StandardCharsets.UTF_8));
        used = 0;
      }
      return block[used++] & 0xff;
    }
  }
}
