// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The answers of {@code /api/login}. Safe for use by many threads as long as the control is. */
public final class LoginApi {

  private static final String NO_ACCOUNT =
      "there is no BMW account, and High Mobility takes no login; see cardata.accounts";

  private final LoginControl control;
  private final List<String> accounts;
  private final List<String> certificates;

  /** Answers by this control for these BMW accounts; the first is meant where none is named. */
  public LoginApi(LoginControl control, List<String> accounts) {
    this(control, accounts, List.of());
  }

  /**
   * The same beside High Mobility.
   *
   * @param certificates the accounts that no login is for
   */
  public LoginApi(LoginControl control, List<String> accounts, List<String> certificates) {
    this.control = control;
    this.accounts = List.copyOf(accounts);
    this.certificates = List.copyOf(certificates);
  }

  /** {@code POST /api/login?account=}; without a name it is the first account. */
  public Answer begin(String account) {
    return answer(account, control::begin);
  }

  /** {@code POST /api/login/cancel?account=}. */
  public Answer cancel(String account) {
    return answer(account, control::cancel);
  }

  /** {@code GET /api/login/qr?account=}: a picture of the address to open; 404 without a code. */
  public Answer qr(String account) {
    return named(account)
        .flatMap(control::state)
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
    return answer(account, control::state);
  }

  private Optional<String> named(String account) {
    return account == null || account.isBlank()
        ? accounts.stream().findFirst()
        : Optional.of(account);
  }

  private Answer answer(String account, Function<String, Optional<LoginStatus>> asked) {
    Optional<String> name = named(account);
    return name.flatMap(asked)
        .map(status -> Answer.json(200, status))
        .orElseGet(() -> Answer.error(404, name.map(this::noLogin).orElse(NO_ACCOUNT)));
  }

  private String noLogin(String account) {
    return certificates.contains(account)
        ? "this account is a certificate of High Mobility, which takes no login"
        : "no account of this name; see cardata.accounts";
  }
}
