// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.util.List;
import java.util.Objects;

/**
 * One application at the simulated High Mobility: its client certificate and its cars. Immutable.
 *
 * @param clientId id of the certificate and the only MQTT client id that it may use; never null
 * @param appId second part of its topics; never null
 * @param environment first level of its topics, {@code live} or {@code sandbox}; never null
 * @param generation shape of its messages; never null
 * @param certificate what its certificate is like at first; never null
 * @param cars the cars that send; never null, may be empty
 */
public record HighMobilityApp(
    String clientId,
    String appId,
    String environment,
    Generation generation,
    CertificateOrder certificate,
    List<HighMobilityVehicle> cars) {

  /** The two generations of messages. */
  public enum Generation {
    /** A topic for each property of each car; one property a message. */
    V1,
    /** One topic; several capabilities and properties in a message, each property a list. */
    V2
  }

  /** Refuses a missing part by its name and copies the list. */
  public HighMobilityApp {
    Objects.requireNonNull(clientId, "clientId");
    Objects.requireNonNull(appId, "appId");
    Objects.requireNonNull(environment, "environment");
    Objects.requireNonNull(generation, "generation");
    Objects.requireNonNull(certificate, "certificate");
    cars = List.copyOf(cars);
  }

  /** An application of the first generation: a Mercedes-Benz, a Ford, a Peugeot and a BMW. */
  public static HighMobilityApp first() {
    return new HighMobilityApp(
        "b7a4c2d1-58e3-4f90-a6b2-19c0d7e85f31",
        "5E1F0C9A7B3D2846A1C0E5F7",
        "live",
        Generation.V1,
        CertificateOrder.good(),
        List.of(
            HighMobilityVehicle.mercedes(),
            HighMobilityVehicle.ford(),
            HighMobilityVehicle.peugeot(),
            HighMobilityVehicle.bmw()));
  }

  /** An application of the second generation with two electric cars. */
  public static HighMobilityApp second() {
    return new HighMobilityApp(
        "e03d6f18-924b-4c7a-8d15-60fb3a2c9e47",
        "c41f7a90-3be2-4d68-95a7-0e8d2b6c1f53",
        "live",
        Generation.V2,
        CertificateOrder.good(),
        List.of(
            new HighMobilityVehicle("W1K00TEST00000021", "EQS", HighMobilityVehicle.Drive.ELECTRIC),
            new HighMobilityVehicle(
                "VR300TEST00000022", "e-2008", HighMobilityVehicle.Drive.ELECTRIC)));
  }

  /** The same with other cars. */
  public HighMobilityApp withCars(HighMobilityVehicle... others) {
    return new HighMobilityApp(
        clientId, appId, environment, generation, certificate, List.of(others));
  }

  /** The same in another environment. */
  public HighMobilityApp withEnvironment(String other) {
    return new HighMobilityApp(clientId, appId, other, generation, certificate, cars);
  }

  /** The same with another certificate. */
  public HighMobilityApp withCertificate(CertificateOrder other) {
    return new HighMobilityApp(clientId, appId, environment, generation, other, cars);
  }

  /** What all its topics and filters begin with. */
  String root() {
    return environment + "/level13/" + appId;
  }

  /** Whether it may subscribe to a filter: its own root, or what is below that. */
  boolean allows(String filter) {
    return TopicFilter.isValid(filter)
        && (filter.equals(root()) || filter.startsWith(root() + "/"));
  }

  /** Says how many cars there are, never which application. */
  @Override
  public String toString() {
    return "HighMobilityApp[" + generation + ", " + cars.size() + " cars]";
  }
}
