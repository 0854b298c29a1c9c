// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What the plan of one account looks at, at one moment. Immutable.
 *
 * @param login whether and how the account is logged in
 * @param isSubscribed whether the stream's messages flow now
 * @param quota what is left of the day's calls
 * @param cars the cars that values are known of, or that are mapped; in any order
 * @param isMappingDoubtful whether BMW names no car as the account's own, or not each that the
 *     stream brings
 * @param container a fingerprint of the container that the settings want; null where that is not
 *     known
 */
public record PlanFacts(
    Login login,
    boolean isSubscribed,
    Quota quota,
    List<Car> cars,
    boolean isMappingDoubtful,
    String container) {

  /** Refuses a missing part by its name. */
  public PlanFacts {
    Objects.requireNonNull(login, "login");
    Objects.requireNonNull(quota, "quota");
    cars = List.copyOf(cars);
  }

  /**
   * A login.
   *
   * @param hasTokens whether there are tokens that nothing says are dead
   * @param mayCallApi whether the tokens have the scope for the REST API
   * @param confirmedAt when a person confirmed a login last; null where that is not known
   */
  public record Login(boolean hasTokens, boolean mayCallApi, Instant confirmedAt) {}

  /**
   * What is left of the day's calls.
   *
   * @param limit calls in 24 h
   * @param used how many of them are used
   * @param reserve how many of them are not for the plan's daily business
   * @param nextFreeAt when the oldest used one is 24 h old; null where none is used
   * @param blockedUntil until when BMW's own word forbids all calls; null where it does not
   */
  public record Quota(int limit, int used, int reserve, Instant nextFreeAt, Instant blockedUntil) {

    /** How many are left for a purpose. A gap may take half of the reserve. */
    int leftFor(Purpose purpose) {
      int kept =
          switch (purpose) {
            case ROUTINE -> reserve;
            case REQUEST -> (reserve + 1) / 2;
            case GAP, HELP -> 0;
          };
      return Math.max(0, limit - used - kept);
    }
  }

  /**
   * A car.
   *
   * @param vin its VIN
   * @param name what to call it where others read: its alias, or its last characters
   * @param newsAt when its last value was received from the stream or by REST; null for none yet
   * @param streamNewsAt when its last value was received from the stream; null for none yet
   * @param measuredAt when the newest of its values was measured; null for none yet
   * @param isDriving whether it moves, as far as it told
   * @param isCharging whether it charges, as far as it told
   * @param isElectric whether a value shows a drive battery
   */
  public record Car(
      String vin,
      String name,
      Instant newsAt,
      Instant streamNewsAt,
      Instant measuredAt,
      boolean isDriving,
      boolean isCharging,
      boolean isElectric) {

    /** Refuses a missing name. */
    public Car {
      Objects.requireNonNull(vin, "vin");
      Objects.requireNonNull(name, "name");
    }

    /** One that nothing is known of yet. */
    public static Car unheard(String vin, String name) {
      return new Car(vin, name, null, null, null, false, false, false);
    }

    boolean isActive() {
      return isDriving || isCharging;
    }

    /** Its name for others, never its VIN. */
    @Override
    public String toString() {
      return "Car[" + name + "]";
    }
  }
}
