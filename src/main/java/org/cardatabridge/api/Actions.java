// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.cardatabridge.auth.LoginSnapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a person or another program asks for: the steps of {@code routes/rest-action.camel.yaml},
 * the same for the request topic, HTTP and the command. Safe for use by many threads.
 */
public final class Actions {

  /** Exchange property: the {@link ActionRun}. */
  public static final String RUN = "cardata.run";

  /** Exchange property: the {@link RestRequest} that is carried out. */
  public static final String PART = "cardata.part";

  private static final String ONLY_BMW = "only BMW can be asked or takes a login";
  private static final Logger LOG = LoggerFactory.getLogger(Actions.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration NEW_ENOUGH = Duration.ofMinutes(1);
  private static final Set<RestAction> READS = Set.of(RestAction.MAPPINGS);
  private static final int AT_ONCE = 4;
  private static final int REMEMBERED = 16;
  private static final int MOST_VEHICLES = 20;

  private final Garage garage;
  private final Logins logins;
  private final Clock clock;
  private final Set<String> underWay = new HashSet<>();
  private final Map<String, Ended> ended = new LinkedHashMap<>();

  /** The last answer to requests of one kind, for those that came meanwhile. */
  private record Ended(Instant at, ActionReply reply) {}

  /** For the accounts and cars of the garage. */
  public Actions(Garage garage, Logins logins, Clock clock) {
    this.garage = garage;
    this.logins = logins;
    this.clock = clock;
  }

  /** The words of all actions. */
  public static List<String> words() {
    return Stream.concat(
            Stream.of(ActionRun.LOGIN, ActionRun.REFRESH),
            Stream.of(RestAction.values()).map(RestAction::word))
        .toList();
  }

  // ---- which account, which vehicles --------------------------------------------------------

  /** What the request comes to; where it cannot be carried out, the answer is there already. */
  public ActionRun check(@Body Object body) {
    ActionRequest request = ActionRequest.of(body, clock.instant());
    ActionRun none = ActionRun.of(ActionRun.ANSWERED, request, null, null);
    if (!words().contains(request.action())) {
      return none.refused(
          ActionReply.UNKNOWN, "there is no such action — there are " + Garage.list(words()));
    }
    if (request.problem() != null) {
      return none.refused(ActionReply.WRONG, request.problem());
    }
    if (garage.accounts().isEmpty()) {
      return none.refused(ActionReply.UNKNOWN, "there is no BMW account, and " + ONLY_BMW);
    }
    if (request.account() != null && garage.isCertificate(request.account())) {
      return none.refused(
          ActionReply.WRONG,
          "account: this one is a certificate of High Mobility, and " + ONLY_BMW);
    }
    if (request.account() != null && !garage.accounts().contains(request.account())) {
      return none.refused(
          ActionReply.UNKNOWN,
          "account: there is no such account — there are " + Garage.list(garage.accounts()));
    }
    Optional<Garage.Car> car = Optional.ofNullable(request.vin()).flatMap(garage::find);
    if (car.isEmpty() && request.vin() != null && garage.isOfCertificate(request.vin())) {
      return none.refused(
          ActionReply.WRONG, "vehicle: this one comes by High Mobility, and " + ONLY_BMW);
    }
    String account =
        request.account() != null
            ? request.account()
            : car.map(Garage.Car::account)
                .orElse(garage.accounts().size() == 1 ? garage.accounts().get(0) : null);
    if (account == null) {
      return none.refused(
          ActionReply.WRONG, "account: name one of " + Garage.list(garage.accounts()));
    }
    return begun(request, account, car);
  }

  private ActionRun begun(ActionRequest request, String account, Optional<Garage.Car> car) {
    String key =
        String.join(
            "\n",
            request.action(),
            account,
            car.map(Garage.Car::vin).orElse(String.valueOf(request.vin())),
            new TreeMap<>(request.parameters()).toString());
    ActionRun run = ActionRun.of(ActionRun.ANSWERED, request, null, account);
    synchronized (this) {
      Ended last = ended.get(key);
      if (last != null && last.at().isAfter(request.arrived())) {
        return run.answered(last.reply().forAnother(request.transaction()));
      }
      if (last != null && mayServeAgain(request, last)) {
        return run.answered(last.reply().again(request.transaction(), last.at()));
      }
      if (underWay.contains(key)) {
        return run.refused(
            ActionReply.CONFLICT, request.action() + " is under way — wait for its end");
      }
      if (underWay.size() >= AT_ONCE) {
        return run.refused(
            ActionReply.LATER, AT_ONCE + " actions are under way — wait for their end");
      }
      underWay.add(key);
    }
    RestAction action = RestAction.of(request.action()).orElse(null);
    if (action == null) {
      return ActionRun.of(request.action(), request, key, account);
    }
    ActionRun mine = ActionRun.of(ActionRun.VEHICLES, request, key, account);
    if (!action.isOfVehicle()) {
      return mine.with(List.of(order(mine, null)));
    }
    if (request.vin() != null) {
      return car.filter(c -> c.account().equals(account))
          .map(Garage.Car::vin)
          .or(() -> Optional.of(request.vin()).filter(vin -> garage.mayBe(account, vin)))
          .map(vin -> mine.with(List.of(order(mine, vin))))
          .orElseGet(() -> mine.refused(ActionReply.UNKNOWN, noVehicle(account)));
    }
    return garage.isKnown(account) ? all(mine) : mine;
  }

  /** So that what publishes on and on does not spend the day on the same. */
  private boolean mayServeAgain(ActionRequest request, Ended last) {
    boolean isRead =
        RestAction.of(request.action())
            .filter(a -> a.isOfVehicle() || READS.contains(a))
            .isPresent();
    return isRead
        && last.reply().isOk()
        && last.at().isAfter(clock.instant().minus(NEW_ENOUGH))
        && !last.at().isAfter(clock.instant());
  }

  private static String noVehicle(String account) {
    return "vin: account "
        + account
        + " has no such vehicle, or cardata.vins leaves it out — the action mappings asks BMW for"
        + " new ones";
  }

  private static RestRequest order(ActionRun run, String vin) {
    RestAction action = RestAction.of(run.request().action()).orElseThrow();
    return new RestRequest(run.account(), action, vin, Purpose.REQUEST, run.request().parameters());
  }

  /** Asks which vehicles there are. */
  public RestRequest mappings(@Body ActionRun run) {
    return RestRequest.of(run.account(), RestAction.MAPPINGS, null, Purpose.REQUEST);
  }

  /** Goes on with each of the vehicles. */
  public ActionRun vehicles(@ExchangeProperty(RUN) ActionRun run, @Body Object body) {
    RestOutcome outcome = outcome(body);
    return outcome.isOk() ? all(run) : run.answered(ActionReply.of(run.request(), outcome));
  }

  private ActionRun all(ActionRun run) {
    List<RestRequest> orders =
        garage.vins(run.account()).stream()
            .limit(MOST_VEHICLES)
            .map(vin -> order(run, vin))
            .toList();
    return orders.isEmpty()
        ? run.refused(
            ActionReply.UNKNOWN,
            "account "
                + run.account()
                + " has no vehicle that BMW gives data of — in BMW's portal it has to be mapped as"
                + " PRIMARY")
        : run.with(orders);
  }

  // ---- orders -------------------------------------------------------------------------------

  /** Whether the order failed for want of a container, which can be had. */
  public boolean lacksContainer(@ExchangeProperty(PART) RestRequest part, @Body Object body) {
    RestOutcome outcome = outcome(body);
    return part.action() == RestAction.TELEMATIC_DATA
        && outcome.verdict().kind() == RestVerdict.Kind.CONTAINER_GONE
        && !part.parameters().containsKey(Containers.ID);
  }

  /** Asks for a container. */
  public RestRequest container(@ExchangeProperty(PART) RestRequest part) {
    return RestRequest.of(part.account(), RestAction.CREATE_CONTAINER, null, Purpose.REQUEST);
  }

  /** How one order ended. */
  public ActionResult result(@ExchangeProperty(PART) RestRequest part, @Body Object body) {
    RestOutcome outcome = outcome(body);
    return new ActionResult(part, outcome);
  }

  /** What came of all orders. */
  public ActionRun gather(@ExchangeProperty(RUN) ActionRun run, @Body List<ActionResult> results) {
    RestAction action = results.get(0).order().action();
    if (!action.isOfVehicle()) {
      return run.answered(ActionReply.of(run.request(), results.get(0).outcome()));
    }
    RestVerdict verdict =
        results.stream()
            .map(r -> r.outcome().verdict())
            .filter(v -> v.kind() != RestVerdict.Kind.OK)
            .findFirst()
            .orElse(RestVerdict.OK);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("account", run.account());
    data.put("vehicles", results.stream().map(this::shown).toList());
    return run.answered(ActionReply.of(run.request(), new RestOutcome(verdict, data)));
  }

  private Map<String, Object> shown(ActionResult result) {
    RestOutcome outcome = result.outcome();
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("vehicle", garage.name(result.order().vin()));
    one.put("status", outcome.isOk() ? "ok" : "error");
    if (outcome.data() != null) {
      one.put("data", outcome.data());
    }
    if (!outcome.isOk()) {
      one.put("error", ActionReply.sentence(outcome.verdict()));
    }
    return one;
  }

  // ---- login and refresh --------------------------------------------------------------------

  /** Begins a device login. */
  public ActionRun login(@Body ActionRun run) {
    logins.begin(run.account());
    return look(run.waiting(null, clock.instant().plus(PATIENCE)));
  }

  /** Has the tokens renewed. */
  public ActionRun refresh(@Body ActionRun run) {
    Optional<Instant> before = logins.obtainedAt(run.account());
    if (before.isEmpty()) {
      return run.refused(
          ActionReply.CONFLICT, "account " + run.account() + " has no tokens — log in first");
    }
    logins.refresh(run.account());
    return run.waiting(before.get(), clock.instant().plus(PATIENCE));
  }

  /** Whether the login has its code, or the tokens are new. */
  public ActionRun look(@Body ActionRun run) {
    LoginSnapshot state = logins.state(run.account());
    boolean isOver = !clock.instant().isBefore(run.until());
    if (run.before() != null) {
      Instant now = logins.obtainedAt(run.account()).orElse(run.before());
      if (!now.equals(run.before())) {
        return run.answered(ActionReply.done(run.request(), shown(state)));
      }
    } else if (state.userCode() != null) {
      return run.answered(ActionReply.done(run.request(), shown(state)));
    }
    boolean isPending = state.state().equals(LoginSnapshot.PENDING);
    boolean isHopeless =
        run.before() == null ? !isPending : state.state().equals(LoginSnapshot.LOGIN_REQUIRED);
    if (!isOver && !isHopeless) {
      return run;
    }
    String why = state.message() == null ? "nothing came yet" : state.message();
    return run.refused(
        isHopeless ? ActionReply.CONFLICT : ActionReply.LATER,
        why.contains(" — ") ? why : "Waiting for BMW: " + why + " — try again");
  }

  private static Map<String, Object> shown(LoginSnapshot state) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("state", state.state());
    data.put("userCode", state.userCode());
    data.put("verificationUri", state.verificationUri());
    data.put("verificationUriComplete", state.verificationUriComplete());
    data.put("codeExpiresAt", state.codeExpiresAt());
    data.put("idTokenExpiresAt", state.idTokenExpiresAt());
    return data.entrySet().stream()
        .filter(e -> e.getValue() != null)
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, e -> e.getValue().toString(), (a, b) -> a, LinkedHashMap::new));
  }

  /** Whatever else a step of one's own leaves as body is what it has to tell. */
  private static RestOutcome outcome(Object body) {
    return body instanceof RestOutcome outcome ? outcome : new RestOutcome(RestVerdict.OK, body);
  }

  // ---- the end ------------------------------------------------------------------------------

  /** What an exception means to whoever asked. */
  public ActionRun failed(@ExchangeProperty(RUN) ActionRun run, Exception cause) {
    LOG.warn(
        "Carrying out the action {}: {} — the routes rest-*.camel.yaml have to be there and unbroken",
        run.request().action(),
        cause.toString(),
        cause);
    return run.refused(
        ActionReply.LATER,
        "Carrying out "
            + run.request().action()
            + ": a step of its route failed — the bridge's log has the details");
  }

  /** The answer; the same may be asked for again from now on. */
  public ActionReply done(@Body ActionRun run) {
    ActionReply reply =
        run.reply() != null
            ? run.reply()
            : ActionReply.failed(run.request(), ActionReply.LATER, "nothing came of it");
    if (run.key() != null) {
      synchronized (this) {
        underWay.remove(run.key());
        ended.remove(run.key());
        ended.put(run.key(), new Ended(clock.instant(), reply));
        if (ended.size() > REMEMBERED) {
          ended.remove(ended.keySet().iterator().next());
        }
      }
    }
    return reply;
  }
}
