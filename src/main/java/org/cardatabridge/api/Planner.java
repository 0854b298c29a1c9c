// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what is fetched from one account's REST side and when: the steps of {@code
 * routes/ingest-rest.camel.yaml} and {@code routes/rest-schedule.camel.yaml}. The gate, not the
 * plan, counts the calls; the plan asks for nothing that the gate would refuse. Safe for use by
 * many threads.
 */
public final class Planner {

  private static final Logger LOG = LoggerFactory.getLogger(Planner.class);

  /** An order that nobody reported on for this long has failed. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private static final List<Duration> TROUBLE =
      List.of(
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(15),
          Duration.ofHours(1),
          Duration.ofHours(3));

  private static final Set<RestVerdict.Kind> FOR_A_PERSON =
      Set.of(
          RestVerdict.Kind.LOGIN,
          RestVerdict.Kind.CONTAINERS_FULL,
          RestVerdict.Kind.CONTAINER_TOO_LARGE,
          RestVerdict.Kind.DESCRIPTOR,
          RestVerdict.Kind.WRONG);

  private record Held(Instant since, Instant until, String why, Instant login) {}

  private final String account;
  private final PlanSettings settings;
  private final Supplier<PlanFacts> facts;
  private final Clock clock;
  private final PlanMemory memory;
  private final PlanWatch watch;
  private final Set<String> said = new HashSet<>();

  private RestRequest underWay;
  private PlanFacts.Car asked;
  private Instant begun = Instant.MIN;
  private int troubles;
  private Held held;
  private String idle = "waits for its first look";
  private List<PlanStep> steps = List.of();
  private List<PlanFacts.Car> cars = List.of();
  private boolean isMappingDoubtful;
  private String container;
  private volatile Snapshot shown = new Snapshot(idle, List.of(), List.of());

  /**
   * For one account; what was noted before a restart counts.
   *
   * @param facts asked anew at each look
   */
  public Planner(
      String account,
      PlanSettings settings,
      Supplier<PlanFacts> facts,
      RestNotes notes,
      Clock clock) {
    this.account = account;
    this.settings = settings;
    this.facts = facts;
    this.clock = clock;
    this.memory = new PlanMemory(account, notes, clock);
    this.watch = new PlanWatch(settings, memory);
  }

  /**
   * The next order, which is under way from then on; null where nothing is due. Whoever takes it
   * reports by {@link #done}.
   */
  public synchronized RestRequest next() {
    Instant now = clock.instant();
    if (underWay != null) {
      boolean isBeforeItsBegin = now.isBefore(begun.minus(PlanMemory.AHEAD));
      if (!isBeforeItsBegin && now.isBefore(begun.plus(LONGEST))) {
        return null;
      }
      end(underWay, later("the route did not come to an end"), now);
    }
    if (settings.off() != null) {
      idle = "is switched off: " + settings.off();
      show();
      return null;
    }
    PlanFacts seen = facts.get();
    idle = idleReason(seen.login(), now);
    // Without a login nothing is looked up: a bridge that is never logged in shall cost nothing.
    if (seen.login().hasTokens() || watch.hasLooked()) {
      look(seen, now);
    }
    show();
    if (idle != null) {
      return null;
    }
    RestRequest order =
        steps.stream()
            .filter(step -> step.isDue(now))
            .findFirst()
            .map(step -> step.order(account))
            .orElse(null);
    if (order != null) {
      begin(order, now);
      underWay = order;
      begun = now;
      asked = cars.stream().filter(car -> car.vin().equals(order.vin())).findFirst().orElse(null);
    }
    return order;
  }

  private void look(PlanFacts seen, Instant now) {
    watch.look(seen, now);
    cars = seen.cars();
    isMappingDoubtful =
        seen.isMappingDoubtful() && memory.fetched(RestAction.MAPPINGS, null) != null;
    container = seen.container();
    cars.forEach(memory::noteCharging);
    steps = new RestPlan(seen, settings, memory, watch, now).steps();
  }

  private String idleReason(PlanFacts.Login login, Instant now) {
    if (!login.hasTokens()) {
      return "waits for a login";
    }
    if (!login.mayCallApi()) {
      return "waits for a login with the scope cardata:api:read";
    }
    Attempt refused = memory.token();
    if (refused != null) {
      if (login.confirmedAt() != null && login.confirmedAt().isAfter(refused.at())) {
        memory.forgetToken();
      } else if (now.isBefore(refused.notBefore())) {
        return "waits until " + refused.notBefore() + ": " + refused.reason();
      }
    }
    if (held != null && now.isBefore(held.since())) {
      held = null;
    }
    if (held != null) {
      boolean isNewLogin =
          held.login() != null
              && login.confirmedAt() != null
              && login.confirmedAt().isAfter(held.login());
      if (now.isBefore(held.until()) && !isNewLogin) {
        return "waits until " + held.until() + ": " + held.why();
      }
      held = null;
    }
    return null;
  }

  private void begin(RestRequest order, Instant now) {
    memory.begin(order, now);
    LOG.debug("The plan of account {}: {}", account, order);
  }

  /**
   * The orders of an action whose time is set by a cron: one, or one for each car; without those
   * that failed a short while ago, or that BMW has nothing for.
   *
   * @param word of the action
   */
  public synchronized List<RestRequest> scheduled(String word) {
    RestAction action =
        RestAction.of(word)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Scheduling '" + word + "': there is no such action — correct the route"));
    Instant now = clock.instant();
    PlanFacts seen = facts.get();
    if (!settings.isEnabled() || idleReason(seen.login(), now) != null) {
      return List.of();
    }
    watch.look(seen, now);
    PlanHolds holds = new PlanHolds(seen, settings, memory, watch, now);
    List<RestRequest> orders =
        action.isOfVehicle()
            ? seen.cars().stream()
                .map(car -> RestRequest.of(account, action, car.vin(), Purpose.ROUTINE))
                .toList()
            : List.of(RestRequest.of(account, action, null, Purpose.ROUTINE));
    return orders.stream()
        .filter(
            order ->
                holds
                    .afterTries(
                        new PlanStep(
                            action, order.vin(), null, order.purpose(), 0, now, "cron", null))
                    .isDue(now))
        .toList();
  }

  /**
   * Whether an order of {@link #scheduled} may be carried out still, which then is under way: not
   * after one that shows that BMW takes none at present.
   */
  public synchronized boolean starts(RestRequest order) {
    Instant now = clock.instant();
    if (idleReason(facts.get().login(), now) != null) {
      return false;
    }
    begin(order, now);
    return true;
  }

  /**
   * Takes in how an order ended.
   *
   * @param order from {@link #next} or {@link #scheduled}
   * @param outcome a {@link RestOutcome}; anything else is a failure that passes
   */
  public synchronized void done(RestRequest order, Object outcome) {
    RestVerdict verdict =
        outcome instanceof RestOutcome known
            ? known.verdict()
            : later("the route rest-" + order.action().word() + " gave no outcome");
    end(order, verdict, clock.instant());
  }

  private static RestVerdict later(String sentence) {
    return RestVerdict.of(RestVerdict.Kind.LATER, sentence);
  }

  private void end(RestRequest order, RestVerdict verdict, Instant now) {
    Instant since = order.equals(underWay) ? begun : now;
    boolean isPlanned = order.equals(underWay);
    if (isPlanned) {
      underWay = null;
    }
    if (verdict.kind() == RestVerdict.Kind.OK) {
      if (order.action() == RestAction.CREATE_CONTAINER
          && (!memory.hasContainer() || memory.hasOtherContainer(container))) {
        memory.end(order, later("the container was not noted"), now);
        return;
      }
      memory.forgetToken();
      troubles = 0;
      memory.ensureFetched(order, since);
      memory.end(order, verdict, now);
      if (order.action() == RestAction.TELEMATIC_DATA && isPlanned && asked != null) {
        watch.fetched(asked);
      } else if (order.action() == RestAction.CHARGING_HISTORY) {
        memory.forgetCharged(order.vin());
      } else if (order.action() == RestAction.MAPPINGS) {
        memory.noteDoubt(isMappingDoubtful);
      }
      return;
    }
    Attempt attempt = memory.end(order, verdict, now);
    LOG.debug("The plan of account {}: {} ended with {}", account, order, verdict.kind());
    switch (verdict.kind()) {
      case LATER -> {
        Duration pause = TROUBLE.get(Math.min(troubles, TROUBLE.size() - 1));
        troubles++;
        held = new Held(now, now.plus(pause), attempt.reason(), null);
      }
      case QUOTA -> {
        // A refusal that only keeps the reserve must not keep a gap from it.
        if (facts.get().quota().blockedUntil() != null) {
          held = new Held(now, attempt.notBefore(), attempt.reason(), null);
        }
      }
      case TOKEN -> memory.noteToken(verdict, now);
      case VEHICLE, NOTHING_THERE -> memory.forgetToken();
      case LOGIN -> held = new Held(now, attempt.notBefore(), attempt.reason(), now);
      case CONTAINER_GONE -> memory.forgetContainer();
      default -> {}
    }
    if (FOR_A_PERSON.contains(verdict.kind()) && said.add(attempt.reason())) {
      LOG.warn("Fetching {} for account {}: {}", order.action().word(), account, attempt.reason());
    }
  }

  /**
   * The plan as it was at the last look. Immutable.
   *
   * @param waits why nothing is fetched for the time being; null where the plan goes on
   * @param next what comes, what is due first in front
   * @param left what is not fetched by itself, and why
   */
  public record Snapshot(String waits, List<PlanStep> next, List<PlanStep> left) {}

  private void show() {
    shown =
        new Snapshot(
            idle,
            steps.stream().filter(step -> step.at() != null).toList(),
            steps.stream().filter(step -> step.at() == null).toList());
  }

  /** What is planned, and what is not; never waits. */
  public Snapshot snapshot() {
    return shown;
  }

  /** Names the account, nothing else. */
  @Override
  public String toString() {
    return "Planner[" + account + "]";
  }
}
