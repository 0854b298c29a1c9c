// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads {@code bmw_tokens.json} of the older Python bridge. Stateless. */
final class LegacyTokens {

  private static final Logger LOG = LoggerFactory.getLogger(LegacyTokens.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private LegacyTokens() {}

  /**
   * The refresh token in such a file as a set that is due for renewal at once; empty where there is
   * no file or none in it (it may be mounted as {@code {}}). Its {@code expires_at} is a guess in
   * local time and not used. Never throws.
   */
  static Optional<TokenSet> read(Path file, String clientId, Instant now) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      String token = json == null ? "" : json.path("refresh_token").path("token").asText("");
      if (token.isBlank()) {
        return Optional.empty();
      }
      String gcid = json.path("gcid").asText("");
      return Optional.of(
          new TokenSet(
              clientId,
              gcid.isBlank() ? null : gcid,
              json.path("scope").asText(""),
              null,
              null,
              token,
              now,
              now,
              null));
    } catch (IOException e) {
      LOG.warn("Importing {}: {} — log in instead", file, e.getClass().getSimpleName());
      return Optional.empty();
    }
  }
}
