// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Proof key of one device login (RFC 7636, method S256). Immutable; a fresh one for each code.
 *
 * @param verifier the secret, 43 characters; never null
 */
public record Pkce(String verifier) {

  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

  /** A new proof key of 32 random bytes. */
  public static Pkce random(SecureRandom random) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return new Pkce(BASE64URL.encodeToString(bytes));
  }

  /** What goes out with the request for a code: base64url of the verifier's SHA-256. */
  public String challenge() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return BASE64URL.encodeToString(sha256.digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must have SHA-256", e);
    }
  }

  /** Shows nothing of the secret. */
  @Override
  public String toString() {
    return "Pkce[…]";
  }
}
