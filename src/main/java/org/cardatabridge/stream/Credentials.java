// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.time.Instant;
import java.util.Objects;

/**
 * What one login at BMW's broker takes. Immutable.
 *
 * @param username the account's GCID, or the name set in its place; never null, opaque
 * @param idToken the id token, which is the MQTT password; never null, a secret
 * @param expiresAt when the id token dies and BMW closes the session; never null
 */
public record Credentials(String username, String idToken, Instant expiresAt) {

  /** Refuses a missing part by its name. */
  public Credentials {
    Objects.requireNonNull(username, "username");
    Objects.requireNonNull(idToken, "idToken");
    Objects.requireNonNull(expiresAt, "expiresAt");
  }

  /** Says when they die, never what they are. */
  @Override
  public String toString() {
    return "Credentials[expiresAt=" + expiresAt + "]";
  }
}
