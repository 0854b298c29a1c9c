// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.util.Locale;

/** How a client's private key is made and written. */
public enum KeyForm {
  /** RSA of 2048 bits, {@code BEGIN RSA PRIVATE KEY}: what High Mobility hands out. */
  PKCS1,
  /** The same as {@code BEGIN PRIVATE KEY}. */
  PKCS8,
  /** P-256 as {@code BEGIN PRIVATE KEY}. */
  EC,
  /** P-256 as {@code BEGIN EC PRIVATE KEY}. */
  SEC1;

  boolean isRsa() {
    return this == PKCS1 || this == PKCS8;
  }

  static KeyForm of(String word) {
    for (KeyForm f : values()) {
      if (f.name().equals(word.toUpperCase(Locale.ROOT))) {
        return f;
      }
    }
    throw new IllegalArgumentException(
        "making a key: unknown form '" + word + "' — take pkcs1, pkcs8, ec or sec1");
  }
}
