// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One account as {@code /api/status} has it: the body of {@code routes/notify-bridge.camel.yaml}.
 * Used by one thread at a time.
 */
public final class AccountLook extends Noted {

  private final JsonNode account;

  AccountLook(JsonNode account) {
    this.account = account;
  }

  JsonNode account() {
    return account;
  }

  /** The account's name. */
  public String name() {
    return account.path("name").asText();
  }

  /** Whether it is a certificate of High Mobility, which knows no login. */
  boolean isOfCertificate() {
    return AccountFindings.isOfCertificate(account);
  }

  /** Says the name only: the status holds a login code. */
  @Override
  public String toString() {
    return "AccountLook[" + name() + "]";
  }
}
