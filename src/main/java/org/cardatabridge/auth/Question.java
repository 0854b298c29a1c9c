// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import java.util.Objects;

/**
 * What was asked, as far as the meaning of the answer depends on it. Immutable.
 *
 * @param grant which request it was; never null
 * @param clientId the CarData client that asked; never null
 * @param scope the scopes that were asked for, separated by blanks; never null
 * @param previous the tokens in use, whose id and refresh token a renewal carries forward; null at
 *     a login
 */
record Question(Grant grant, String clientId, String scope, TokenSet previous) {

  /** The three requests. */
  enum Grant {
    /** For a device code. */
    CODE,
    /** For tokens, with the device code. */
    DEVICE,
    /** For new tokens, with the refresh token. */
    REFRESH
  }

  Question {
    Objects.requireNonNull(grant, "grant");
    Objects.requireNonNull(clientId, "clientId");
    Objects.requireNonNull(scope, "scope");
  }

  static Question forCode(String clientId, String scope) {
    return new Question(Grant.CODE, clientId, scope, null);
  }

  static Question forTokens(String clientId, String scope) {
    return new Question(Grant.DEVICE, clientId, scope, null);
  }

  static Question forRenewal(String clientId, String scope, TokenSet previous) {
    return new Question(Grant.REFRESH, clientId, scope, Objects.requireNonNull(previous));
  }

  @Override
  public String toString() {
    return "Question[" + grant + "]";
  }
}
