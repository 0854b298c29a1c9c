// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.camel.spi.Registry;
import org.cardatabridge.api.ContainerSnapshot;
import org.cardatabridge.api.Gate;
import org.cardatabridge.api.Ledger;
import org.cardatabridge.api.Mappings;
import org.cardatabridge.api.PlanFacts;
import org.cardatabridge.api.PlanSettings;
import org.cardatabridge.api.PlanStep;
import org.cardatabridge.api.Planner;
import org.cardatabridge.api.Quota;
import org.cardatabridge.api.QuotaRules;
import org.cardatabridge.api.RestNotes;
import org.cardatabridge.auth.BmwTrust;
import org.cardatabridge.auth.DeviceLogin;
import org.cardatabridge.auth.LoginSnapshot;
import org.cardatabridge.auth.TokenRefresh;
import org.cardatabridge.auth.TokenSet;
import org.cardatabridge.auth.TokenStore;
import org.cardatabridge.journal.NewestValues;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.stream.BmwCredentials;
import org.cardatabridge.stream.BmwMqttClient;
import org.cardatabridge.stream.Credentials;
import org.cardatabridge.stream.ReceiptTime;
import org.cardatabridge.stream.StreamPolicy;
import org.cardatabridge.stream.StreamSession;
import org.cardatabridge.stream.StreamSettings;
import org.cardatabridge.web.AccountStatus;
import org.cardatabridge.web.CallStatus;
import org.cardatabridge.web.LoginStatus;
import org.cardatabridge.web.PlanStatus;
import org.cardatabridge.web.QuotaStatus;

/**
 * Everything that one BMW account has for itself: tokens, login, refresh, client and session. Two
 * accounts share none of it.
 *
 * @param name as in {@code cardata.accounts}
 */
record AccountParts(
    String name,
    TokenStore tokens,
    DeviceLogin login,
    TokenRefresh refresh,
    BmwMqttClient client,
    StreamSession stream,
    Gate gate,
    Planner planner,
    Function<String, Optional<ContainerSnapshot>> containers)
    implements Account {

  /**
   * Makes the parts of an account and connects them to each other; nothing runs yet.
   *
   * @param trouble why the journal cannot keep messages, in one sentence; empty where it can
   * @param hide hears of tokens and ids before anything uses them
   * @param containers what is known of an account's containers at BMW
   */
  static AccountParts of(
      String name,
      Settings all,
      BmwTrust trust,
      NewestValues newest,
      Supplier<Optional<String>> trouble,
      Rest rest,
      Clock clock,
      Consumer<String> terminal,
      Consumer<String> hide,
      Function<String, Optional<ContainerSnapshot>> containers,
      List<Path> olderTokenFiles) {
    Settings settings = all.forAccount(name);
    RandomGenerator random = new SharedRandom();
    TokenStore tokens = new TokenStore(name, settings, clock, olderTokenFiles);
    // First of all listeners: whoever uses new tokens may log.
    tokens.current().ifPresent(t -> hide(t, hide));
    tokens.onChange(t -> hide(t, hide));
    DeviceLogin login = new DeviceLogin(name, settings, tokens, clock, random, terminal);
    TokenRefresh refresh = new TokenRefresh(name, settings, tokens, login, clock, random);

    Optional<String> fixedUser = settings.find("cardata.stream.username");
    StreamSettings streamSettings = StreamSettings.of(settings);
    BmwMqttClient client =
        BmwMqttClient.of(name, streamSettings, trust.sslContext().getSocketFactory());
    StreamSession stream =
        new StreamSession(
            name,
            streamSettings,
            client,
            () -> tokens.current().flatMap(t -> credentials(t, fixedUser)),
            refresh::force,
            () -> AccountFacts.isActive(newest, name),
            trouble,
            clock,
            System::nanoTime,
            random);
    tokens.onChange(changed -> stream.tokensChanged());
    login.onLoginRequired(reason -> stream.loginRequired());
    Gate gate =
        new Gate(
            QuotaRules.of(name, settings),
            Boolean.parseBoolean(settings.get("cardata.api.enabled")),
            rest.ledger(),
            tokens::current,
            new RenewalByRefresh(refresh),
            clock,
            System::nanoTime);
    tokens.onChange(changed -> gate.tokensChanged());
    AccountFacts facts =
        new AccountFacts(
            name,
            login::snapshot,
            stream::status,
            () -> quota(gate),
            newest,
            () -> rest.mapped(name),
            () -> rest.container().apply(name),
            vin -> settings.find("cardata.vehicle." + vin + ".alias"));
    Planner planner = new Planner(name, PlanSettings.of(settings), facts, rest.notes(), clock);
    return new AccountParts(
        name, tokens, login, refresh, client, stream, gate, planner, containers);
  }

  /**
   * What the accounts share of BMW's REST side.
   *
   * @param ledger counts the calls
   * @param notes what is remembered
   * @param mappings which cars there are
   * @param container gives a fingerprint of the container that an account's settings want; null
   *     where that is not known
   */
  record Rest(Ledger ledger, RestNotes notes, Mappings mappings, UnaryOperator<String> container) {

    private Optional<AccountFacts.Mapped> mapped(String account) {
      return mappings
          .namedAt(account)
          .map(
              at -> {
                List<Mappings.Mapping> all = mappings.all(account);
                return new AccountFacts.Mapped(
                    at,
                    all.stream().map(Mappings.Mapping::vin).toList(),
                    all.stream()
                        .filter(Mappings.Mapping::isPrimary)
                        .map(Mappings.Mapping::vin)
                        .toList(),
                    mappings.vehicles(account));
              });
    }
  }

  private static PlanFacts.Quota quota(Gate gate) {
    Quota quota = gate.quota().orElseGet(gate::quotaNow);
    return new PlanFacts.Quota(
        quota.limit(), quota.used(), quota.reserve(), quota.resetsAt(), quota.blockedUntil());
  }

  /** New tokens come by the route auth-refresh, which sends one refresh at a time. */
  private record RenewalByRefresh(TokenRefresh refresh) implements Gate.Renewal {

    @Override
    public void ask(String reason) {
      refresh.force(reason);
    }

    @Override
    public boolean isAwaited() {
      return refresh.isAwaited();
    }
  }

  private static void hide(TokenSet tokens, Consumer<String> hide) {
    Stream.of(tokens.gcid(), tokens.idToken(), tokens.accessToken(), tokens.refreshToken())
        .filter(Objects::nonNull)
        .forEach(hide);
  }

  @Override
  public void bind(Registry registry) {
    registry.bind("tokens-" + name, tokens);
    registry.bind("login-" + name, login);
    registry.bind("refresh-" + name, refresh);
    registry.bind("gate-" + name, gate);
    registry.bind("planner-" + name, planner);
    registry.bind("bmwClient-" + name, client);
    registry.bind("stream-" + name, stream);
    registry.bind("received-" + name, new ReceiptTime(stream));
    registry.bind("streamPolicy-" + name, new StreamPolicy(stream, client));
  }

  /** Begins to connect to BMW, where there are tokens to log in with. */
  void openAhead() {
    if (stream.canLogIn()) {
      client.openAhead();
    }
  }

  @Override
  public AccountStatus status() {
    return new AccountStatus(
        name,
        loginStatus(login.snapshot()),
        streamStatus(),
        quotaStatus(),
        planStatus(),
        calls(),
        containers.apply(name).orElse(null));
  }

  private PlanStatus planStatus() {
    Planner.Snapshot plan = planner.snapshot();
    return new PlanStatus(plan.waits(), steps(plan.next()), steps(plan.left()));
  }

  private static List<PlanStatus.Step> steps(List<PlanStep> steps) {
    return steps.stream()
        .map(s -> new PlanStatus.Step(s.action().word(), s.car(), s.at(), s.why(), s.waitsFor()))
        .toList();
  }

  private QuotaStatus quotaStatus() {
    QuotaRules rules = gate.rules();
    return gate.quota()
        .map(
            q ->
                new QuotaStatus(
                    q.limit(),
                    q.used(),
                    q.remaining(),
                    q.reserve(),
                    q.resetsAt(),
                    q.blockedUntil()))
        .orElseGet(() -> new QuotaStatus(rules.limit(), null, null, rules.reserve(), null, null));
  }

  private List<CallStatus> calls() {
    return gate.calls(SHOWN_CALLS).stream()
        .map(
            c ->
                new CallStatus(
                    c.at(),
                    c.method(),
                    c.path(),
                    c.purpose(),
                    c.status(),
                    c.errorId(),
                    c.error(),
                    c.bytes(),
                    c.millis()))
        .toList();
  }

  /** Begins a device login, or goes on with the one under way. */
  LoginStatus beginLogin() {
    return loginStatus(login.begin());
  }

  /** Ends the login under way. */
  LoginStatus cancelLogin() {
    return loginStatus(login.cancel());
  }

  private static LoginStatus loginStatus(LoginSnapshot s) {
    return new LoginStatus(
        s.state(),
        s.userCode(),
        s.verificationUri(),
        s.verificationUriComplete(),
        s.codeExpiresAt(),
        s.idTokenExpiresAt(),
        s.refreshTokenExpiresAt(),
        s.confirmedAt(),
        s.scopes(),
        s.missingScopes(),
        s.error(),
        s.message());
  }

  @Override
  public Set<String> ids() {
    return tokens
        .current()
        .map(TokenSet::gcid)
        .filter(id -> !id.isBlank())
        .map(Set::of)
        .orElse(Set.of());
  }

  private static Optional<Credentials> credentials(TokenSet tokens, Optional<String> fixedUser) {
    String user = fixedUser.orElse(tokens.gcid());
    return user == null || tokens.idToken() == null
        ? Optional.empty()
        : Optional.of(new BmwCredentials(user, tokens.idToken(), tokens.expiresAt()));
  }

  private static final int SHOWN_CALLS = 20;
}
