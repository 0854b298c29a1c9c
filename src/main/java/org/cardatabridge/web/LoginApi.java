// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.util.Optional;

/** The answers of {@code /api/login}. Safe for use by many threads as long as the control is. */
public final class LoginApi {

  private static final String FIRST = "main";

  private final LoginControl control;

  /** Answers by this control. */
  public LoginApi(LoginControl control) {
    this.control = control;
  }

  /** {@code POST /api/login?account=}; without a name it is {@code main}. */
  public Answer begin(String account) {
    return answer(control.begin(named(account)));
  }

  /** {@code GET /api/login?account=}. */
  public Answer state(String account) {
    return answer(control.state(named(account)));
  }

  private static String named(String account) {
    return account == null || account.isBlank() ? FIRST : account;
  }

  private static Answer answer(Optional<LoginStatus> login) {
    return login
        .map(status -> Answer.json(200, status))
        .orElseGet(() -> Answer.error(404, "no account of this name; see cardata.accounts"));
  }
}
