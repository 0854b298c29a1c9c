// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** All parts of one simulated BMW, tied together. Used on one thread. */
final class World {

  private final SimulatorConfig config;
  private final Doors doors;
  private final Accounts accounts;
  private final Authority authority;
  private final Faults faults = new Faults();
  private final SessionLog sessions;
  private final MessageLog messages;
  private final Deque<LoginRequest> requests = new ArrayDeque<>();
  private final Deque<ApiRequest> apiRequests = new ArrayDeque<>();
  private final Broker broker;
  private final Fleet fleet;
  private final Traffic traffic;
  private final ApiDesk api;
  private final HighMobilityWorld highMobility;
  private Behaviour behaviour;

  World(SimulatorConfig config, Vertx vertx, Doors doors, TokenMint mint) throws IOException {
    this.config = config;
    this.doors = doors;
    this.behaviour = config.behaviour();
    accounts = new Accounts(config.accounts());
    sessions = new SessionLog(config.logLimit());
    messages = new MessageLog(config.logLimit());
    authority =
        new Authority(
            accounts,
            mint,
            config.clock(),
            this::behaviour,
            () -> doors.authUrl() + LoginServer.LINK_PATH);
    broker =
        new Broker(
            vertx,
            config.clock(),
            accounts,
            mint,
            this::behaviour,
            faults,
            doors.streamGate(),
            sessions,
            messages);
    fleet = new Fleet(accounts, config.clock(), this::behaviour, broker);
    traffic = new Traffic(vertx, config.clock(), fleet);
    ApiGuard guard = new ApiGuard(authority.accessTokens(), config.clock(), this::behaviour);
    api = new ApiDesk(guard, fleet, config.clock(), this::behaviour, mint);
    highMobility =
        config.highMobility() == null
            ? null
            : new HighMobilityWorld(config, vertx, this::behaviour, faults);
  }

  Doors doors() {
    return doors;
  }

  Clock clock() {
    return config.clock();
  }

  Accounts accounts() {
    return accounts;
  }

  Authority authority() {
    return authority;
  }

  Faults faults() {
    return faults;
  }

  SessionLog sessions() {
    return sessions;
  }

  MessageLog messages() {
    return messages;
  }

  Broker broker() {
    return broker;
  }

  Fleet fleet() {
    return fleet;
  }

  Traffic traffic() {
    return traffic;
  }

  ApiDesk api() {
    return api;
  }

  /** Its High Mobility side, where it has one. */
  Optional<HighMobilityWorld> highMobility() {
    return Optional.ofNullable(highMobility);
  }

  Behaviour behaviour() {
    return behaviour;
  }

  void change(UnaryOperator<Behaviour> how) {
    behaviour = how.apply(behaviour);
  }

  void note(LoginRequest request) {
    if (requests.size() == config.logLimit()) {
      requests.removeFirst();
    }
    requests.addLast(request);
  }

  List<LoginRequest> requests() {
    return List.copyOf(requests);
  }

  void note(ApiRequest request) {
    if (apiRequests.size() == config.logLimit()) {
      apiRequests.removeFirst();
    }
    apiRequests.addLast(request);
  }

  List<ApiRequest> apiRequests() {
    return List.copyOf(apiRequests);
  }

  /** The REST quota of each account. */
  JsonArray quotas() {
    JsonArray list = new JsonArray();
    accounts.all().forEach(a -> list.add(quota(a)));
    return list;
  }

  /** The REST quota of an account. */
  JsonObject quota(Account account) {
    return api.guard()
        .quota(account)
        .toJson(clock().instant(), behaviour.api())
        .put("clientId", account.config().clientId());
  }

  /** Lets real time pass. */
  void tick(Duration passed) {
    broker.tick();
    fleet.tick(passed);
    highMobility().ifPresent(h -> h.tick(passed));
  }

  /** What waits for a user. */
  JsonArray logins() {
    JsonArray waiting = new JsonArray();
    authority
        .waiting()
        .forEach(
            l ->
                waiting.add(
                    new JsonObject()
                        .put("clientId", l.account().config().clientId())
                        .put("userCode", l.userCode())
                        .put("expiresAt", l.expiresAt().toString())));
    return waiting;
  }

  /** Open sessions, the most at once, and what happened. */
  JsonObject sessionsJson() {
    JsonArray perAccount = new JsonArray();
    for (Account a : accounts.all()) {
      String gcid = a.config().gcid();
      perAccount.add(
          new JsonObject()
              .put("gcid", gcid)
              .put("open", sessions.open(gcid))
              .put("mostOpen", sessions.mostOpen(gcid))
              .put(
                  "tokenExpiresAt",
                  broker
                      .session(gcid)
                      .map(Session::tokenExpiresAt)
                      .map(Instant::toString)
                      .orElse(null)));
    }
    JsonArray log = new JsonArray();
    sessions.events().forEach(e -> log.add(e.toJson()));
    return new JsonObject().put("accounts", perAccount).put("log", log);
  }
}
