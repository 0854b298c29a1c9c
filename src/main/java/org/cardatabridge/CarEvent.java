// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.time.Instant;
import java.util.Objects;

/**
 * One data point of one car: what was measured, when, and where it came from. Immutable and safe
 * for use by many threads.
 *
 * @param account name of the BMW account the car belongs to, as in {@code cardata.accounts}; never
 *     null
 * @param vin vehicle identification number, opaque; never null
 * @param vehicle the alias of the car, or its VIN where it has none; never null
 * @param key the descriptor with dots, for example {@code vehicle.vehicle.travelledDistance}; never
 *     null
 * @param value the typed value: {@code Boolean}, {@code Long}, {@code Double}, {@code BigDecimal},
 *     {@code String}, an unmodifiable {@code Map} or {@code List} of these, or null where the car
 *     said "not available now" (a sentinel such as {@code INVALID})
 * @param unit the unit in its one outward spelling ({@code km}, {@code %}, {@code °C}); null where
 *     there is none
 * @param timestamp when the car measured it; never null
 * @param received when the bridge received it; never null
 * @param source {@code stream}, {@code rest}, {@code highmobility}, {@code derived} or {@code
 *     replay}; never null
 */
public record CarEvent(
    String account,
    String vin,
    String vehicle,
    String key,
    Object value,
    String unit,
    Instant timestamp,
    Instant received,
    String source) {

  /** Key of the paired position that the bridge derives from single coordinates. */
  public static final String LOCATION = "location";

  /** Refuses a missing part by its name. */
  public CarEvent {
    Objects.requireNonNull(account, "account");
    Objects.requireNonNull(vin, "vin");
    Objects.requireNonNull(vehicle, "vehicle");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(timestamp, "timestamp");
    Objects.requireNonNull(received, "received");
    Objects.requireNonNull(source, "source");
  }

  /** The key as a topic path: {@code /} in place of each dot. */
  public String path() {
    return key.replace('.', '/');
  }

  /** The same data point with another value, of the kinds that {@link #value()} has; or null. */
  public CarEvent withValue(Object other) {
    return new CarEvent(account, vin, vehicle, key, other, unit, timestamp, received, source);
  }

  /**
   * Whether its time is but that of its receipt: BMW's REST side gave none, so what it says may be
   * of any age.
   */
  public boolean isOfUnknownAge() {
    return source.equals("rest") && timestamp.equals(received);
  }

  /**
   * Whether it is to be shown in place of one that came before it: where the car measured it no
   * earlier, or where the other one is of unknown age and this one is not.
   *
   * @param before of the same vehicle and key
   */
  public boolean replaces(CarEvent before) {
    boolean isDated = !isOfUnknownAge() && !source.equals("replay");
    return before.isOfUnknownAge() && isDated || !timestamp.isBefore(before.timestamp);
  }

  /** Names the key and the last four characters of the VIN only, so that it may stand in a log. */
  @Override
  public String toString() {
    return "CarEvent[" + key + " of " + Vin.masked(vin) + " at " + timestamp + "]";
  }
}
