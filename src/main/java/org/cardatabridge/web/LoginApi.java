// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.util.Optional;

/** The answers of {@code /api/login}. Safe for use by many threads as long as the control is. */
public final class LoginApi {

  private final LoginControl control;
  private final String first;

  /**
   * Answers by this control.
   *
   * @param first the account that is meant where none is named
   */
  public LoginApi(LoginControl control, String first) {
    this.control = control;
    this.first = first;
  }

  /** {@code POST /api/login?account=}; without a name it is the first account. */
  public Answer begin(String account) {
    return answer(control.begin(named(account)));
  }

  /** {@code POST /api/login/cancel?account=}. */
  public Answer cancel(String account) {
    return answer(control.cancel(named(account)));
  }

  /** {@code GET /api/login/qr?account=}: a picture of the address to open; 404 without a code. */
  public Answer qr(String account) {
    return control
        .state(named(account))
        .map(
            login ->
                login.verificationUriComplete() != null
                    ? login.verificationUriComplete()
                    : login.verificationUri())
        .flatMap(QrPicture::of)
        .map(picture -> new Answer(200, "image/svg+xml", picture))
        .orElseGet(() -> Answer.error(404, "no login of this account waits for you"));
  }

  /** {@code GET /api/login?account=}. */
  public Answer state(String account) {
    return answer(control.state(named(account)));
  }

  private String named(String account) {
    return account == null || account.isBlank() ? first : account;
  }

  private static Answer answer(Optional<LoginStatus> login) {
    return login
        .map(status -> Answer.json(200, status))
        .orElseGet(() -> Answer.error(404, "no account of this name; see cardata.accounts"));
  }
}
