// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The High Mobility side of a {@link Simulator}. Immutable and safe for use by many threads.
 *
 * @param port port of its MQTT broker, 0 for a free one
 * @param tls TLS versions of the broker, as Java spells them
 * @param apps at least one; a certificate, an application id and a VIN occur once
 * @param behaviour how its broker behaves at first
 */
public record HighMobilityConfig(
    int port, Set<String> tls, List<HighMobilityApp> apps, HighMobilityBehaviour behaviour) {

  /** Refuses a missing part by its name, an empty list and whatever occurs twice. */
  public HighMobilityConfig {
    tls = Set.copyOf(tls);
    apps = List.copyOf(apps);
    Objects.requireNonNull(behaviour, "behaviour");
    if (apps.isEmpty()) {
      throw new IllegalArgumentException(
          "starting the simulated High Mobility: no application — name at least one");
    }
    once("client id", apps.stream().map(HighMobilityApp::clientId).toList());
    once("application id", apps.stream().map(HighMobilityApp::appId).toList());
    once(
        "VIN",
        apps.stream().flatMap(a -> a.cars().stream()).map(HighMobilityVehicle::vin).toList());
  }

  private static void once(String what, List<String> all) {
    if (Set.copyOf(all).size() < all.size()) {
      throw new IllegalArgumentException(
          "starting the simulated High Mobility: a " + what + " occurs twice — give each its own");
    }
  }

  /** A free port, TLS 1.2 and 1.3, and these applications. */
  public static HighMobilityConfig of(HighMobilityApp... apps) {
    return new HighMobilityConfig(
        0, Set.of("TLSv1.2", "TLSv1.3"), List.of(apps), HighMobilityBehaviour.usual());
  }

  /** One application with four cars of four brands. */
  public static HighMobilityConfig first() {
    return of(HighMobilityApp.first());
  }

  /** One application with one electric Mercedes-Benz, as in the demo. */
  public static HighMobilityConfig oneCar() {
    return of(HighMobilityApp.first().withCars(HighMobilityVehicle.mercedes()));
  }

  /** The same on another port; 0 takes a free one. */
  public HighMobilityConfig withPort(int other) {
    return new HighMobilityConfig(other, tls, apps, behaviour);
  }

  /** The same with these versions of TLS only. */
  public HighMobilityConfig withTls(String... versions) {
    return new HighMobilityConfig(port, Set.of(versions), apps, behaviour);
  }

  /** The same with another behaviour. */
  public HighMobilityConfig withBehaviour(HighMobilityBehaviour other) {
    return new HighMobilityConfig(port, tls, apps, other);
  }
}
