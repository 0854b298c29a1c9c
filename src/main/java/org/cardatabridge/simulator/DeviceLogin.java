// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** One device login from its code to its tokens. Used on one thread. */
final class DeviceLogin {

  /** Where a login stands. */
  enum State {
    PENDING,
    APPROVED,
    DENIED,
    /** The device code was used, or polled wrongly: it never works again. */
    BURNT
  }

  private static final Duration RAISE = Duration.ofSeconds(5);
  private static final Duration LENIENCE = Duration.ofMillis(100);

  private final Account account;
  private final String userCode;
  private final String challenge;
  private final Set<String> scopes;
  private final Instant expiresAt;
  private final Instant approvesItselfAt;
  private Duration interval;
  private Instant lastPoll;
  private State state = State.PENDING;

  DeviceLogin(
      Account account,
      String userCode,
      String challenge,
      Set<String> scopes,
      Instant now,
      Behaviour behaviour) {
    this.account = account;
    this.userCode = userCode;
    this.challenge = challenge;
    this.scopes = Set.copyOf(scopes);
    this.expiresAt = now.plus(behaviour.deviceCodeLife());
    this.approvesItselfAt = behaviour.autoApproveAfter().map(now::plus).orElse(Instant.MAX);
    this.interval = behaviour.pollInterval();
    this.lastPoll = now;
  }

  Account account() {
    return account;
  }

  String userCode() {
    return userCode;
  }

  String challenge() {
    return challenge;
  }

  Set<String> scopes() {
    return scopes;
  }

  Instant expiresAt() {
    return expiresAt;
  }

  State state(Instant now) {
    if (state == State.PENDING && !now.isBefore(approvesItselfAt)) {
      state = State.APPROVED;
    }
    return state;
  }

  boolean isOpen(Instant now) {
    return state(now) == State.PENDING && now.isBefore(expiresAt);
  }

  /** Notes a poll; false when it came before the interval was over. */
  boolean pollIsInTime(Instant now) {
    boolean inTime = !now.isBefore(lastPoll.plus(interval).minus(LENIENCE));
    lastPoll = now;
    return inTime;
  }

  /** Raises the interval by the five seconds of RFC 8628. */
  void slowDown() {
    interval = interval.plus(RAISE);
  }

  void approve() {
    state = State.APPROVED;
  }

  void deny() {
    state = State.DENIED;
  }

  void burn() {
    state = State.BURNT;
  }
}
