// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * What we read in the payload of an id token. The signature is not checked: the token came to us
 * over TLS from the server that made it. Immutable.
 *
 * @param expiresAt claim {@code exp}; null where absent
 * @param issuedAt claim {@code iat}; null where absent
 * @param subject claim {@code sub}; null where absent
 * @param gcid claim {@code gcid}; null where absent
 * @param dynamicScopes claim {@code dynamic_scopes}, the broker's access rule; null where absent
 */
record IdToken(
    Instant expiresAt, Instant issuedAt, String subject, String gcid, String dynamicScopes) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads a JWT; empty for anything else, which is fine: a token may be opaque. Never throws. */
  static Optional<IdToken> read(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
      if (claims == null || !claims.isObject()) {
        return Optional.empty();
      }
      return Optional.of(
          new IdToken(
              instant(claims.get("exp")),
              instant(claims.get("iat")),
              text(claims.get("sub")),
              text(claims.get("gcid")),
              text(claims.get("dynamic_scopes"))));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Instant instant(JsonNode seconds) {
    long value = seconds == null ? 0 : seconds.asLong();
    return value <= 0 || value > TokenSet.LATEST.getEpochSecond()
        ? null
        : Instant.ofEpochSecond(value);
  }

  private static String text(JsonNode node) {
    if (node == null || node.isNull()) {
      return null;
    }
    String text = node.isValueNode() ? node.asText() : node.isEmpty() ? "" : node.toString();
    return text.isBlank() ? null : text;
  }

  /** Shows nothing that names the account. */
  @Override
  public String toString() {
    return "IdToken[expires " + expiresAt + "]";
  }
}
