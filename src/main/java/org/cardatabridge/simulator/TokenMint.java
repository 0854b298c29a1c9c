// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes tokens shaped like BMW's and reads its own id tokens again. Used on one thread. */
final class TokenMint {

  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final String CODE_LETTERS =
      "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
  private static final int ID_TOKEN_LENGTH = 1316;

  /** What an id token says, after its signature was found good. */
  record IdToken(String gcid, Instant expiresAt, long number, boolean mayStream) {}

  /** One for the process: making it takes longer than all the rest of a simulator. */
  private static final KeyPair KEYS = keys();

  private final SecureRandom random = new SecureRandom();
  private final byte[] deviceKey = bytes(32);

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "making the simulator's signing key: " + e.getMessage() + " — check the JDK", e);
    }
  }

  /** A case-sensitive code of eight characters. */
  String userCode() {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      code.append(CODE_LETTERS.charAt(random.nextInt(CODE_LETTERS.length())));
    }
    return code.toString();
  }

  /** An opaque token that begins with the given letters. */
  String opaque(String start) {
    return start + BASE64.encodeToString(bytes(36));
  }

  /** A device code: a JWT with HS256, as BMW's are. */
  String deviceCode(Instant now, Duration life) {
    String text =
        part(new JsonObject().put("alg", "HS256"))
            + "."
            + part(
                new JsonObject()
                    .put("jti", opaque(""))
                    .put("iat", now.getEpochSecond())
                    .put("exp", now.plus(life).getEpochSecond()));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(deviceKey, "HmacSHA256"));
      return text + "." + BASE64.encodeToString(mac.doFinal(ascii(text)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing a device code: " + e.getMessage(), e);
    }
  }

  /**
   * An id token of BMW's usual length, signed with RS256.
   *
   * @param number counts the tokens of an account, so that older ones can be refused
   * @param mayStream whether the client is subscribed to streaming: without it no ACL inside
   */
  String idToken(
      AccountConfig account, Instant now, Duration life, long number, boolean mayStream) {
    JsonObject claims =
        new JsonObject()
            .put("iss", "https://customer.bmwgroup.com/gcdm/oauth")
            .put("sub", "sub-" + account.gcid())
            .put("aud", account.clientId())
            .put("gcid", account.gcid())
            .put("jti", Long.toString(number))
            .put("iat", now.getEpochSecond())
            .put("exp", now.plus(life).getEpochSecond())
            // JWT knows whole seconds; lifetimes of a test may be shorter than that.
            .put("exp_ms", now.plus(life).toEpochMilli());
    if (mayStream) {
      claims.put("dynamic_scopes", "read:streaming/*/" + account.gcid() + ".*");
    }
    String header =
        part(new JsonObject().put("alg", "RS256").put("typ", "JWT").put("kid", "simulator"));
    int signatureLength = 342;
    int room = ID_TOKEN_LENGTH - header.length() - signatureLength - 2;
    int padding = room * 3 / 4 - claims.encode().length() - ",\"pad\":\"\"".length();
    claims.put("pad", "x".repeat(Math.max(0, padding)));
    String text = header + "." + part(claims);
    try {
      Signature signer = Signature.getInstance("SHA256withRSA");
      signer.initSign(KEYS.getPrivate());
      signer.update(ascii(text));
      return text + "." + BASE64.encodeToString(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing an id token: " + e.getMessage(), e);
    }
  }

  /** Reads an id token of this mint; empty for anything else. */
  Optional<IdToken> read(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      Signature verifier = Signature.getInstance("SHA256withRSA");
      verifier.initVerify(KEYS.getPublic());
      verifier.update(ascii(parts[0] + "." + parts[1]));
      if (!verifier.verify(Base64.getUrlDecoder().decode(parts[2]))) {
        return Optional.empty();
      }
      JsonObject claims =
          new JsonObject(
              new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
      return Optional.of(
          new IdToken(
              claims.getString("gcid"),
              Instant.ofEpochMilli(claims.getLong("exp_ms")),
              Long.parseLong(claims.getString("jti")),
              claims.containsKey("dynamic_scopes")));
    } catch (GeneralSecurityException | IllegalArgumentException | DecodeException e) {
      // Whatever a client sends as a password that is no token of ours is simply refused.
      return Optional.empty();
    }
  }

  private static String part(JsonObject json) {
    return BASE64.encodeToString(json.encode().getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private byte[] bytes(int count) {
    byte[] b = new byte[count];
    random.nextBytes(b);
    return b;
  }
}
