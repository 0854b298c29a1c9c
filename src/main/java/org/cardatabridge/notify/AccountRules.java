// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.camel.Body;

/**
 * The rules for the bridge's own states, a step of {@code routes/notify-bridge.camel.yaml} each.
 * Safe for use by many threads.
 */
public final class AccountRules {

  private static final String LOGIN = "login-needed";

  private final ObjectMapper mapper = new ObjectMapper();
  private final Rulebook rules;

  AccountRules(Rulebook rules) {
    this.rules = rules;
  }

  /** The accounts of a status. */
  public List<AccountLook> accounts(@Body String status) throws IOException {
    List<AccountLook> all = new ArrayList<>();
    mapper.readTree(status).path("accounts").forEach(account -> all.add(new AccountLook(account)));
    return all;
  }

  /**
   * Whether a login is to be begun, so that its code can be said: only a login helps, none is under
   * way, and none was begun for this reason before.
   */
  public boolean lacksCode(@Body AccountLook look) {
    return rules.settings().isOn(LOGIN)
        && rules.settings().flag(LOGIN + ".begin")
        && look.account().path("login").path("state").asText().equals("login-required")
        && rules.episode(LOGIN, look.name()) == null;
  }

  /** Remembers, on disk, that a login is needed, so that it is begun once whatever happens then. */
  public void keepReason(@Body AccountLook look) {
    loginNeeded(look);
    rules.save();
  }

  /** Only a person can log in; with link and code where a login is under way. */
  public void loginNeeded(@Body AccountLook look) {
    rules.apply(
        LOGIN,
        about(look),
        before -> AccountFindings.loginNeeded(look.account(), before, rules.now()));
  }

  /** The tokens have run out and cannot be renewed. */
  public void refreshFailing(@Body AccountLook look) {
    apply("refresh-failing", look, AccountFindings::refreshFailing);
  }

  /** The login ends soon, as its tokens were not renewed. */
  public void loginEnding(@Body AccountLook look) {
    Duration ahead = rules.settings().duration("login-ending.before");
    apply("login-ending", look, (account, now) -> AccountFindings.loginEnding(account, ahead, now));
  }

  /** The certificate ends soon, or has ended. */
  public void certificateEnding(@Body AccountLook look) {
    apply("certificate-ending", look, AccountFindings::certificateEnding);
  }

  /** The broker refuses the stream for a while. */
  public void streamRefused(@Body AccountLook look) {
    apply("stream-refused", look, AccountFindings::streamRefused);
  }

  /** There is no stream for a while, whatever the reason. */
  public void streamLost(@Body AccountLook look) {
    apply("stream-lost", look, AccountFindings::streamLost);
  }

  /** BMW takes no more calls or connections for now. */
  public void quotaExhausted(@Body AccountLook look) {
    apply("quota-exhausted", look, AccountFindings::quotaExhausted);
  }

  /** The login lacks a scope that was asked for. */
  public void scopeMissing(@Body AccountLook look) {
    apply("scope-missing", look, AccountFindings::scopeMissing);
  }

  /** Another client takes the stream away again and again. */
  public void clientFight(@Body AccountLook look) {
    int times = rules.settings().integer("client-fight.times");
    String variant = AccountFindings.isSureOfFight(look.account()) ? "" : "possible";
    rules.applyStep(
        "client-fight",
        about(look),
        look.isOfCertificate() ? "certificate" : variant,
        before -> AccountFindings.clientFight(look.account(), before, times, rules.now()));
  }

  private void apply(
      String rule, AccountLook look, BiFunction<JsonNode, Instant, Finding> finding) {
    rules.apply(rule, about(look), before -> finding.apply(look.account(), rules.now()));
  }

  private Rulebook.About about(AccountLook look) {
    return new Rulebook.About(
        look,
        look.name(),
        null,
        rules.wording().word("bridge"),
        look.isOfCertificate() ? "High Mobility" : "BMW",
        rules.settings().pageUrl().orElse(null));
  }
}
