// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A picture of a vehicle. Nobody changes its bytes.
 *
 * @param type {@code image/png} or {@code image/jpeg}
 * @param bytes the file
 */
public record Picture(String type, byte[] bytes) {

  /** No picture is larger. */
  public static final int MOST_BYTES = 10 * 1024 * 1024;

  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};
  private static final byte[] PNG_END = {'I', 'E', 'N', 'D', (byte) 0xae, 'B', '`', (byte) 0x82};
  private static final byte[] JPEG_END = {(byte) 0xff, (byte) 0xd9};

  /** Refuses a missing part by its name. */
  public Picture {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(bytes, "bytes");
  }

  /**
   * By its first and last bytes, whatever its sender calls it; null where it is no PNG or JPEG, or
   * not the whole of one.
   */
  public static Picture of(byte[] bytes) {
    if (bytes.length > MOST_BYTES) {
      return null;
    }
    if (begins(bytes, PNG)) {
      return ends(bytes, PNG_END) ? new Picture("image/png", bytes) : null;
    }
    return begins(bytes, JPEG) && ends(bytes, JPEG_END) ? new Picture("image/jpeg", bytes) : null;
  }

  /** Whether they begin as a PNG or JPEG does. */
  static boolean isBegun(byte[] bytes) {
    return begins(bytes, PNG) || begins(bytes, JPEG);
  }

  /** Some writers put zeros or a line's end behind a file. */
  private static boolean ends(byte[] bytes, byte[] magic) {
    int end = bytes.length;
    while (end > 0 && (bytes[end - 1] == 0 || bytes[end - 1] == '\r' || bytes[end - 1] == '\n')) {
      end--;
    }
    return end > magic.length
        && Arrays.equals(bytes, end - magic.length, end, magic, 0, magic.length);
  }

  private static boolean begins(byte[] bytes, byte[] magic) {
    return bytes.length > magic.length
        && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
  }

  /** Its SHA-256 in hexadecimal. */
  public String sha256() {
    return sha256(bytes);
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Its kind and size. */
  @Override
  public String toString() {
    return "Picture[" + type + ", " + bytes.length + " bytes]";
  }
}
