// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The answers of {@code /observe/health*}. A car that sleeps, a stream without messages and an
 * orderly change of credentials are healthy. Safe for use by many threads.
 */
public final class Health {

  /** How long a stream may be between two states before it counts as not ready. */
  static final Duration CONNECTING_FOR = Duration.ofSeconds(60);

  private final Clock clock;
  private final BooleanSupplier works;
  private final Supplier<Optional<String>> trouble;
  private final Duration beatWithin;
  private final Supplier<List<AccountStatus>> accounts;
  private final Map<String, Instant> beats = new ConcurrentHashMap<>();

  /**
   * Health of one bridge.
   *
   * @param works whether the process can do its work at all
   * @param trouble why the journal cannot keep messages, in one sentence; empty where it can
   * @param beatWithin the longest pause between two beats of an account
   * @param accounts the accounts as the status shows them
   */
  public Health(
      Clock clock,
      BooleanSupplier works,
      Supplier<Optional<String>> trouble,
      Duration beatWithin,
      Supplier<List<AccountStatus>> accounts) {
    this.clock = clock;
    this.works = works;
    this.trouble = trouble;
    this.beatWithin = beatWithin;
    this.accounts = accounts;
  }

  /** Says that the account's watchdog is at work; where it never was, nobody waits for it. */
  public void beat(String account) {
    beats.put(account, clock.instant());
  }

  /** {@code GET /observe/health/live}. */
  public Answer live() {
    return answer(reasonsAgainstLife());
  }

  /** {@code GET /observe/health/ready}. */
  public Answer ready() {
    return answer(reasonsAgainstReadiness());
  }

  /** {@code GET /observe/health}: both. */
  public Answer health() {
    List<String> reasons = new ArrayList<>(reasonsAgainstLife());
    reasons.addAll(reasonsAgainstReadiness());
    return answer(reasons);
  }

  private static Answer answer(List<String> reasons) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", reasons.isEmpty() ? "UP" : "DOWN");
    if (!reasons.isEmpty()) {
      body.put("reasons", reasons);
    }
    return Answer.json(reasons.isEmpty() ? 200 : 503, body);
  }

  private List<String> reasonsAgainstLife() {
    if (!works.getAsBoolean()) {
      return List.of("the bridge does not run");
    }
    Instant now = clock.instant();
    return beats.entrySet().stream()
        .filter(beat -> Duration.between(beat.getValue(), now).compareTo(beatWithin) > 0)
        .map(
            beat ->
                "the watchdog of account "
                    + beat.getKey()
                    + " stands still since "
                    + beat.getValue())
        .sorted()
        .toList();
  }

  private List<String> reasonsAgainstReadiness() {
    List<AccountStatus> all = accounts.get();
    if (all.isEmpty()) {
      return List.of("no account is set up");
    }
    List<String> reasons = new ArrayList<>();
    trouble.get().ifPresent(sentence -> reasons.add("journal: " + sentence));
    all.forEach(account -> reasons.addAll(reasons(account)));
    return reasons;
  }

  private List<String> reasons(AccountStatus account) {
    LoginStatus login = account.login();
    if (login != null && !"authorized".equals(login.state()) && !isReplacing(login)) {
      return List.of("account " + account.name() + ": login is " + login.state());
    }
    StreamStatus stream = account.stream();
    boolean hasNoStream = login == null && account.certificate() == null;
    if (hasNoStream) {
      return List.of();
    }
    boolean acceptable =
        switch (stream.state()) {
          case "live", "quiet" -> true;
          case "connecting" -> stream.since() == null || isShort(stream.since());
          default -> false;
        };
    return acceptable
        ? List.of()
        : List.of("account " + account.name() + ": stream is " + stream.state());
  }

  /** A login is under way, but the one before it still gives the stream what it needs. */
  private boolean isReplacing(LoginStatus login) {
    return "pending".equals(login.state())
        && login.idTokenExpiresAt() != null
        && clock.instant().isBefore(login.idTokenExpiresAt());
  }

  private boolean isShort(Instant since) {
    return Duration.between(since, clock.instant()).compareTo(CONNECTING_FOR) <= 0;
  }
}
