// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.util.Objects;

/**
 * One car of any brand in a High Mobility fleet. Immutable.
 *
 * @param vin vehicle identification number, unique in a simulator; never null
 * @param model its name as the maker writes it; never null
 * @param drive what moves it; never null
 */
public record HighMobilityVehicle(String vin, String model, Drive drive) {

  /** What moves a car. */
  public enum Drive {
    /** A battery. */
    ELECTRIC,
    /** A battery and a tank. */
    PLUG_IN,
    /** A tank. */
    DIESEL
  }

  /** Refuses a missing part by its name. */
  public HighMobilityVehicle {
    Objects.requireNonNull(vin, "vin");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(drive, "drive");
  }

  /** An electric Mercedes-Benz. */
  public static HighMobilityVehicle mercedes() {
    return new HighMobilityVehicle("W1K00TEST00000011", "EQE", Drive.ELECTRIC);
  }

  /** A Ford van with a diesel engine. */
  public static HighMobilityVehicle ford() {
    return new HighMobilityVehicle("WF000TEST00000012", "Transit", Drive.DIESEL);
  }

  /** A Peugeot plug-in hybrid. */
  public static HighMobilityVehicle peugeot() {
    return new HighMobilityVehicle("VF300TEST00000013", "308 SW", Drive.PLUG_IN);
  }

  /** An electric BMW. */
  public static HighMobilityVehicle bmw() {
    return new HighMobilityVehicle("WBA00TEST00000014", "i4", Drive.ELECTRIC);
  }

  /** Says the model, never which car. */
  @Override
  public String toString() {
    return "HighMobilityVehicle[" + model + "]";
  }
}
