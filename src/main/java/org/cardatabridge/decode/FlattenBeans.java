// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.apache.camel.Predicate;
import org.cardatabridge.CarEvent;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;

/**
 * The beans that the steps of {@code routes/flatten.camel.yaml} name, made for each other. They
 * serve every account: what they remember, they remember for each car of each account. Safe for use
 * by many threads.
 */
public final class FlattenBeans {

  private final DecodeStep decoder;
  private final Vehicles vehicles;
  private final Catalogue catalogue;
  private final Units units;
  private final Positions positions;

  /**
   * Makes them all.
   *
   * @throws BadSettingException for an alias or {@code cardata.units} that cannot be used
   */
  public FlattenBeans(Settings settings, Clock clock) {
    this(settings, clock, vin -> {});
  }

  /**
   * The same for a log that hides VINs.
   *
   * @param newVin hears of each VIN before anything is done with the message that named it
   */
  public FlattenBeans(Settings settings, Clock clock, Consumer<String> newVin) {
    this(settings, clock, newVin, (vin, key) -> Optional.empty());
  }

  /**
   * The same beside BMW's REST side.
   *
   * @param newest the newest data point of a VIN and a descriptor
   */
  public FlattenBeans(
      Settings settings,
      Clock clock,
      Consumer<String> newVin,
      BiFunction<String, String, Optional<CarEvent>> newest) {
    vehicles = new Vehicles(settings);
    catalogue = new Catalogue();
    units = new Units(settings, catalogue);
    decoder =
        new DecodeStep(
            settings, clock, newVin, newest, points -> units.convert(catalogue.type(points)));
    positions = new Positions();
  }

  /** Each bean by the name that the route uses. */
  public Map<String, Object> byName() {
    VehicleStep cars = new VehicleStep(vehicles);
    Predicate isForeign = cars::isForeign;
    return Map.of(
        "decoder", decoder,
        "vehicles", cars,
        "isForeign", isForeign,
        "catalogue", catalogue,
        "units", units,
        "positions", positions,
        "rescue", new Rescue());
  }

  /** The step that reads messages, with its counters. */
  public DecodeStep decoder() {
    return decoder;
  }

  /** Which cars are served, and their names. */
  public Vehicles vehicles() {
    return vehicles;
  }

  /** The known descriptors. */
  public Catalogue catalogue() {
    return catalogue;
  }
}
