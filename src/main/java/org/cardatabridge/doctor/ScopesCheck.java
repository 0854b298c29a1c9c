// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.util.Optional;
import java.util.Set;
import org.cardatabridge.auth.TokenSet;

/** Whether the login may read the stream and the REST side. */
final class ScopesCheck implements Check {

  private static final String STREAMING = "cardata:streaming:read";
  private static final String API = "cardata:api:read";

  private final Patient patient;

  ScopesCheck(Patient patient) {
    this.patient = patient;
  }

  @Override
  public String id() {
    return patient.id("scopes");
  }

  @Override
  public String title() {
    return "scopes";
  }

  @Override
  public String account() {
    return patient.shownName();
  }

  @Override
  public Set<String> needs() {
    return Set.of("settings", patient.id("tokens"));
  }

  @Override
  public Finding look() {
    Optional<TokenSet> found = patient.tokens().get();
    if (found.isEmpty() || found.get().scope().isBlank()) {
      return Finding.skipped("scopes.unknown");
    }
    TokenSet tokens = found.get();
    if (!tokens.scopes().contains(STREAMING)) {
      boolean isAskedFor = patient.settings().get("cardata.scope").contains(STREAMING);
      return Finding.failed(
          isAskedFor ? "scopes.streaming" : "scopes.not-asked", "scope", STREAMING);
    }
    if (!tokens.maySubscribe().orElse(true)) {
      return Finding.failed("scopes.unsubscribed");
    }
    return tokens.scopes().contains(API)
        ? Finding.ok("scopes.ok")
        : Finding.warning("scopes.api", "scope", API);
  }
}
