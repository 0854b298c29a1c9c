// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The descriptors that the REST API takes, with the units it answers with. Immutable. */
final class KnownDescriptors {

  private static final String FILE = "descriptors.tsv";

  /** What basicData and the endpoints for one purpose tell: telematicData leaves it out. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "vehicle.vehicleIdentification.basicVehicleData",
          "vehicle.look.image",
          "vehicle.sim.status",
          "vehicle.extras.optionalEquipment.code",
          "vehicle.drivetrain.electricEngine.hvsMaxEnergyAbsolute",
          "vehicle.chassis.axle.wheel.tire.diagnosis",
          "vehicle.powertrain.electric.battery.charging.history.sessionsList",
          "vehicle.powertrain.electric.battery.charging.settingsList");

  private final Map<String, String> units = new HashMap<>();

  /** Reads them from the class path. */
  KnownDescriptors() {
    try (InputStream in = KnownDescriptors.class.getResourceAsStream(FILE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      lines
          .lines()
          .filter(l -> !l.startsWith("#"))
          .map(l -> l.split("\t", 2))
          .forEach(l -> units.put(l[0], l.length > 1 ? l[1] : ""));
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + FILE + " of the simulator", e);
    }
  }

  /** Whether BMW knows it. */
  boolean contains(String descriptor) {
    return units.containsKey(descriptor);
  }

  /** Whether telematicData tells it. */
  boolean isTelematic(String descriptor) {
    return !ELSEWHERE.contains(descriptor);
  }

  /** Its unit in the spelling of the REST API; empty for none. */
  Optional<String> unit(String descriptor) {
    return Optional.ofNullable(units.get(descriptor)).filter(u -> !u.isEmpty());
  }

  /** All of them. */
  Set<String> names() {
    return Set.copyOf(units.keySet());
  }
}
