// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Stands for a long text where only equality counts.
 *
 * @param sha256 its SHA-256
 */
record Digest(BigInteger sha256) {

  static Digest of(String text) {
    try {
      MessageDigest algorithm = MessageDigest.getInstance("SHA-256");
      return new Digest(new BigInteger(1, algorithm.digest(text.getBytes(StandardCharsets.UTF_8))));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
