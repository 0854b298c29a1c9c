// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.cardatabridge.CarEvent;
import org.cardatabridge.decode.Vehicles;
import org.cardatabridge.journal.NewestValues;

/** Which cars the accounts have, as far as anybody said so. Safe for use by many threads. */
public final class Garage {

  private static final Pattern VIN = Pattern.compile("[A-Za-z0-9]{5,40}");
  private static final String ELECTRIC = "vehicle.drivetrain.batteryManagement.header";
  private static final String FUEL = "vehicle.drivetrain.fuelSystem.remainingFuel";

  private final List<String> accounts;
  private final List<String> certificates;
  private final Mappings mappings;
  private final Vehicles vehicles;
  private final NewestValues newest;

  /**
   * Looks there.
   *
   * @param accounts the names of {@code cardata.accounts}
   */
  public Garage(List<String> accounts, Mappings mappings, Vehicles vehicles, NewestValues newest) {
    this(accounts, List.of(), mappings, vehicles, newest);
  }

  /**
   * The same beside High Mobility.
   *
   * @param certificates the accounts that nothing can be asked for
   */
  public Garage(
      List<String> accounts,
      List<String> certificates,
      Mappings mappings,
      Vehicles vehicles,
      NewestValues newest) {
    this.accounts = List.copyOf(accounts);
    this.certificates = List.copyOf(certificates);
    this.mappings = mappings;
    this.vehicles = vehicles;
    this.newest = newest;
  }

  /** A car of an account. Immutable. */
  record Car(String account, String vin) {}

  List<String> accounts() {
    return accounts;
  }

  /** Whether the account is a certificate of High Mobility. */
  boolean isCertificate(String account) {
    return certificates.contains(account);
  }

  /** Whether the car of this VIN or alias comes by a certificate of High Mobility. */
  boolean isOfCertificate(String vinOrAlias) {
    return newest.vehicles().stream()
        .filter(v -> certificates.contains(v.account()))
        .map(NewestValues.Vehicle::vin)
        .anyMatch(v -> v.equalsIgnoreCase(vinOrAlias) || vehicles.name(v).equals(vinOrAlias));
  }

  /** Whether BMW ever said which cars the account has. */
  boolean isKnown(String account) {
    return mappings.isKnown(account);
  }

  /** The cars of an account that BMW gives data of and that are wanted. */
  List<String> vins(String account) {
    return mappings.vehicles(account);
  }

  /** What a car is called. */
  String name(String vin) {
    return vehicles.name(vin);
  }

  /** The account that has the car of this VIN or alias; empty where nobody knows it. */
  Optional<Car> find(String vinOrAlias) {
    for (String account : accounts) {
      Set<String> vins = new LinkedHashSet<>(mappings.vehicles(account));
      newest.vehicles().stream()
          .filter(v -> v.account().equals(account) && vehicles.isServed(account, v.vin()))
          .forEach(v -> vins.add(v.vin()));
      Optional<String> vin =
          vins.stream()
              .filter(v -> v.equalsIgnoreCase(vinOrAlias) || vehicles.name(v).equals(vinOrAlias))
              .findFirst();
      if (vin.isPresent()) {
        return vin.map(v -> new Car(account, v));
      }
    }
    return Optional.empty();
  }

  /** Whether a text may be asked for as a VIN of the account, although nobody knows it yet. */
  boolean mayBe(String account, String text) {
    return !isKnown(account) && VIN.matcher(text).matches() && vehicles.isChosen(account, text);
  }

  /** What moves the cars of an account; empty where that is not known of each. */
  public Set<Drive> drives(String account) {
    Set<String> vins = new LinkedHashSet<>(mappings.vehicles(account));
    newest.vehicles().stream()
        .filter(v -> v.account().equals(account))
        .forEach(v -> vins.add(v.vin()));
    Set<Drive> all = EnumSet.noneOf(Drive.class);
    for (String vin : vins) {
      Set<Drive> one = ofCar(vin);
      if (one.isEmpty()) {
        return Set.of();
      }
      all.addAll(one);
    }
    return all;
  }

  private Set<Drive> ofCar(String vin) {
    Object basic = newest.newest(vin, BasicDataAnswer.KEY).map(CarEvent::value).orElse(null);
    if (basic instanceof Map<?, ?> data) {
      Set<Drive> said = EnumSet.noneOf(Drive.class);
      for (String field : List.of("driveTrain", "propulsionType")) {
        said.addAll(Drive.of(data.get(field) instanceof String word ? word : null));
      }
      if (!said.isEmpty()) {
        return said;
      }
    }
    Set<Drive> seen = EnumSet.noneOf(Drive.class);
    newest.newest(vin, ELECTRIC).filter(Garage::isMore).ifPresent(e -> seen.add(Drive.ELECTRIC));
    newest.newest(vin, FUEL).filter(Garage::isMore).ifPresent(e -> seen.add(Drive.COMBUSTION));
    // A car with one of them may have the other as well, and not have told yet.
    return seen.size() == Drive.values().length ? seen : Set.of();
  }

  private static boolean isMore(CarEvent event) {
    return event.value() instanceof Number number && number.doubleValue() > 0;
  }

  /** Names of accounts for a sentence. */
  static String list(Collection<String> names) {
    return String.join(", ", names);
  }
}
