// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.cardatabridge.stream.StreamMachine.Now;

/** A machine on a bench: both clocks in hand, every action written down. */
final class Bench {

  static final Duration QUIET_AFTER = Duration.ofHours(6);

  final StreamMachine machine;
  final List<StreamAction> actions = new ArrayList<>();
  private Instant wall = Instant.parse("2026-11-21T12:00:00Z");
  private Duration mono = Duration.ofHours(1);
  private int tokenNumber;
  private int newestAttempt;
  private Consumer<StreamAction> observer = action -> {};

  Bench() {
    this(settings(null), new Random(1));
  }

  Bench(StreamSettings settings, Random random) {
    machine = new StreamMachine(settings, random);
  }

  static StreamSettings settings(Duration silentWhileActive) {
    return new StreamSettings(
        "tcp://localhost:1",
        "{gcid}",
        Duration.ofSeconds(30),
        Duration.ofHours(24),
        Duration.ofMinutes(10),
        QUIET_AFTER,
        Duration.ofSeconds(30),
        silentWhileActive,
        MqttProtocol.MQTT_5);
  }

  Now now() {
    return new Now(wall, mono);
  }

  Credentials tokens(Duration life) {
    return new BmwCredentials("gcid", "token-" + ++tokenNumber, wall.plus(life));
  }

  Credentials tokens() {
    return tokens(Duration.ofHours(1));
  }

  /** Both clocks go on; due alarms ring at their time, as the session's worker would do it. */
  void pass(Duration time) {
    Duration end = mono.plus(time);
    Duration at = machine.wakeAt(now());
    while (at != null && at.compareTo(end) <= 0) {
      Duration step = at.minus(mono);
      if (step.isNegative()) {
        step = Duration.ZERO;
      }
      wall = wall.plus(step);
      mono = mono.plus(step);
      did(machine.wake(now()));
      Duration next = machine.wakeAt(now());
      if (next != null && next.equals(at) && step.isZero()) {
        throw new AssertionError("the machine wants to be woken again and again at " + at);
      }
      at = next;
    }
    wall = wall.plus(end.minus(mono));
    mono = end;
  }

  void seconds(long n) {
    pass(Duration.ofSeconds(n));
  }

  /** Only the wall clock goes on, as in a suspended machine. */
  void suspend(Duration time) {
    wall = wall.plus(time);
  }

  /** Starts without tokens, which a login then brings. */
  void start(Credentials credentials) {
    did(machine.start(now(), null));
    did(machine.tokensChanged(now(), credentials));
  }

  void start() {
    start(tokens());
  }

  /** Starts with the tokens that the process before it stored. */
  void startAgain() {
    did(machine.start(now(), tokens()));
  }

  void startLive() {
    start();
    subscribe();
  }

  void subscribe() {
    int of = attempt();
    did(machine.connected(of, now()));
    did(machine.subscribed(of, now()));
  }

  void end(Ending ending) {
    did(machine.ended(attempt(), ending, now()));
  }

  void code(int code) {
    end(Ending.ofCode(code, Peer.BMW));
  }

  void newTokens() {
    did(machine.tokensChanged(now(), tokens()));
  }

  /** What is there to log in with cannot be used. */
  void unusable(String sentence) {
    did(machine.unusable(sentence, now()));
  }

  /** Begins, changes or, with null, ends what keeps the journal from keeping messages. */
  void trouble(String sentence) {
    did(machine.trouble(sentence, now()));
  }

  void did(List<StreamAction> some) {
    actions.addAll(some);
    for (StreamAction action : some) {
      if (action instanceof StreamAction.Connect connect) {
        newestAttempt = connect.attempt();
      }
      observer.accept(action);
    }
  }

  /** Calls {@code observer} with each action that comes. */
  void observe(Consumer<StreamAction> observer) {
    this.observer = observer;
  }

  StreamSnapshot shown() {
    return machine.snapshot(now(), 0, null);
  }

  StreamState state() {
    return machine.state();
  }

  /** The number of the newest connect. */
  int attempt() {
    return newestAttempt;
  }

  List<StreamAction.Connect> connects() {
    return of(StreamAction.Connect.class);
  }

  List<StreamAction.Refresh> refreshes() {
    return of(StreamAction.Refresh.class);
  }

  <T extends StreamAction> List<T> of(Class<T> type) {
    return actions.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** The pause until the next attempt, as scheduled. */
  Duration pause() {
    return machine.wakeAt(now()).minus(mono);
  }

  static final Ending RESET = Ending.of(new java.net.SocketException("Connection reset"), Peer.BMW);
}
