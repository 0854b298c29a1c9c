// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.cardatabridge.api.PlanFacts;
import org.cardatabridge.auth.LoginSnapshot;
import org.cardatabridge.journal.NewestValues;
import org.cardatabridge.meaning.CarState;
import org.cardatabridge.meaning.Meaning;
import org.cardatabridge.stream.StreamSnapshot;

/**
 * What the plan of an account looks at: login, stream, quota and newest values of now. Safe for use
 * by many threads as long as the suppliers are.
 *
 * @param account its name
 * @param login asked at each look
 * @param stream asked at each look
 * @param quota asked at each look of an account that is logged in
 * @param newest the newest values of all cars
 * @param mapped the cars that BMW named; empty where BMW was not asked yet
 * @param container a fingerprint of the container that the settings want; gives null where that is
 *     not known
 * @param alias of a VIN, where the settings have one
 */
record AccountFacts(
    String account,
    Supplier<LoginSnapshot> login,
    Supplier<StreamSnapshot> stream,
    Supplier<PlanFacts.Quota> quota,
    NewestValues newest,
    Supplier<Optional<Mapped>> mapped,
    Supplier<String> container,
    Function<String, Optional<String>> alias)
    implements Supplier<PlanFacts> {

  /**
   * What BMW said of the account's cars.
   *
   * @param at when
   * @param all each that it named
   * @param own those that it gives data of
   * @param wanted those of them that the settings do not leave out
   */
  record Mapped(Instant at, List<String> all, List<String> own, List<String> wanted) {}

  private static final String API_SCOPE = "cardata:api:read";
  private static final String CAR_KEY = "vehicle.";
  private static final String DRIVE_BATTERY = "vehicle.drivetrain.electricEngine.";
  private static final PlanFacts.Quota NO_QUOTA = new PlanFacts.Quota(0, 0, 0, null, null);
  private static final Set<String> FROM_BMW = Set.of("stream", "rest");

  @Override
  public PlanFacts get() {
    LoginSnapshot in = login.get();
    PlanFacts.Login seen =
        new PlanFacts.Login(
            // A login that is under way leaves the tokens of before as they are.
            in.state().equals(LoginSnapshot.AUTHORIZED) || in.refreshTokenExpiresAt() != null,
            in.scopes().isEmpty() || in.scopes().contains(API_SCOPE),
            in.confirmedAt());
    boolean isSubscribed = stream.get().state().isSubscribed();
    // Without a login nothing is read from the disk.
    return seen.hasTokens()
        ? facts(seen, isSubscribed, mapped.get().orElse(null))
        : new PlanFacts(seen, isSubscribed, NO_QUOTA, List.of(), false, null);
  }

  private PlanFacts facts(PlanFacts.Login seen, boolean isSubscribed, Mapped named) {
    return new PlanFacts(
        seen,
        isSubscribed,
        quota.get(),
        cars(Optional.ofNullable(named).map(Mapped::wanted)),
        named != null && (named.own().isEmpty() || bringsAnother(named)),
        container.get());
  }

  /** Whether the stream has brought a car since then that BMW did not name. */
  private boolean bringsAnother(Mapped named) {
    return newest.vehicles().stream()
        .filter(car -> car.account().equals(account) && !named.all().contains(car.vin()))
        .flatMap(car -> car.values().values().stream())
        .anyMatch(e -> e.source().equals("stream") && e.received().isAfter(named.at()));
  }

  private List<PlanFacts.Car> cars(Optional<List<String>> wanted) {
    List<PlanFacts.Car> cars = new ArrayList<>();
    for (NewestValues.Vehicle vehicle : newest.vehicles()) {
      boolean isOurs = vehicle.account().equals(account) && isFromBmw(vehicle);
      if (wanted.isPresent() ? wanted.get().contains(vehicle.vin()) : isOurs) {
        cars.add(car(vehicle));
      }
    }
    wanted.orElse(List.of()).stream()
        .filter(vin -> cars.stream().noneMatch(car -> car.vin().equals(vin)))
        .forEach(vin -> cars.add(PlanFacts.Car.unheard(vin, name(vin, null))));
    return cars;
  }

  private static boolean isFromBmw(NewestValues.Vehicle vehicle) {
    return vehicle.values().values().stream().anyMatch(e -> FROM_BMW.contains(e.source()));
  }

  private String name(String vin, String known) {
    return known != null ? known : alias.apply(vin).orElseGet(() -> Vin.masked(vin));
  }

  private PlanFacts.Car car(NewestValues.Vehicle vehicle) {
    List<CarEvent> told =
        vehicle.values().values().stream()
            .filter(e -> e.key().startsWith(CAR_KEY) && FROM_BMW.contains(e.source()))
            .toList();
    return new PlanFacts.Car(
        vehicle.vin(),
        name(vehicle.vin(), vehicle.alias()),
        latest(told, e -> true, CarEvent::received),
        latest(told, e -> e.source().equals("stream"), CarEvent::received),
        latest(told, e -> true, CarEvent::timestamp),
        isDriving(vehicle),
        isCharging(vehicle),
        told.stream().anyMatch(e -> e.key().startsWith(DRIVE_BATTERY) && e.value() != null));
  }

  private static Instant latest(
      List<CarEvent> told, Predicate<CarEvent> which, Function<CarEvent, Instant> time) {
    return told.stream().filter(which).map(time).max(Comparator.naturalOrder()).orElse(null);
  }

  private static boolean isDriving(NewestValues.Vehicle vehicle) {
    return state(vehicle).is(Meaning.MOVING);
  }

  private static boolean isCharging(NewestValues.Vehicle vehicle) {
    return state(vehicle).isCharging();
  }

  private static CarState state(NewestValues.Vehicle vehicle) {
    return CarState.empty().with(vehicle.values().values());
  }

  /** Whether a car of the account says that it moves or charges. */
  static boolean isActive(NewestValues newest, String account) {
    return newest.vehicles().stream()
        .filter(vehicle -> vehicle.account().equals(account))
        .anyMatch(vehicle -> isDriving(vehicle) || isCharging(vehicle));
  }
}
