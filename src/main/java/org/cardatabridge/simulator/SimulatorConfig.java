// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What a {@link Simulator} is started with. Immutable and safe for use by many threads.
 *
 * @param directory where {@code ca.pem} is written; made when absent; never null
 * @param bindHost address that the HTTPS and MQTT doors listen on; the control door is always on
 *     127.0.0.1
 * @param host name by which clients reach it; stands in URLs and in the certificate
 * @param httpsPort port of the login, 0 for a free one
 * @param mqttPort port of the broker, 0 for a free one
 * @param controlPort port of the control API, 0 for a free one
 * @param apiPort port of the REST API, 0 for a free one
 * @param accounts at least one
 * @param behaviour how it behaves at first
 * @param clock what it reads lifetimes from
 * @param logLimit how many messages, session events and requests it remembers, the newest of each
 * @param highMobility its High Mobility side; null for none
 */
public record SimulatorConfig(
    Path directory,
    String bindHost,
    String host,
    int httpsPort,
    int mqttPort,
    int controlPort,
    int apiPort,
    List<AccountConfig> accounts,
    Behaviour behaviour,
    Clock clock,
    int logLimit,
    HighMobilityConfig highMobility) {

  /** Refuses a missing part by its name and an empty list of accounts. */
  public SimulatorConfig {
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(bindHost, "bindHost");
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(behaviour, "behaviour");
    Objects.requireNonNull(clock, "clock");
    accounts = List.copyOf(accounts);
    if (accounts.isEmpty()) {
      throw new IllegalArgumentException("starting the simulator: no account — name at least one");
    }
    long vins = accounts.stream().flatMap(a -> a.vins().stream()).distinct().count();
    if (vins != accounts.stream().mapToLong(a -> a.vins().size()).sum()) {
      throw new IllegalArgumentException(
          "starting the simulator: a VIN occurs twice — give each car its own");
    }
  }

  /** Free ports on loopback, one account with two cars, behaving like BMW. */
  public static SimulatorConfig in(Path directory) {
    return new SimulatorConfig(
        directory,
        "127.0.0.1",
        "localhost",
        0,
        0,
        0,
        0,
        List.of(AccountConfig.first()),
        Behaviour.likeBmw(),
        Clock.systemUTC(),
        20_000,
        null);
  }

  /**
   * For the demo: logins approve themselves after 3 s, cars live twelve busy hours in six minutes.
   */
  public static SimulatorConfig demo(Path directory) {
    return in(directory)
        .withBehaviour(
            Behaviour.likeBmw()
                .autoApproveAfter(Duration.ofSeconds(3))
                .dayLength(Duration.ofMinutes(12))
                .busy());
  }

  /** The same with other accounts. */
  public SimulatorConfig withAccounts(AccountConfig... others) {
    return new SimulatorConfig(
        directory,
        bindHost,
        host,
        httpsPort,
        mqttPort,
        controlPort,
        apiPort,
        List.of(others),
        behaviour,
        clock,
        logLimit,
        highMobility);
  }

  /** The same with another behaviour. */
  public SimulatorConfig withBehaviour(Behaviour other) {
    return new SimulatorConfig(
        directory,
        bindHost,
        host,
        httpsPort,
        mqttPort,
        controlPort,
        apiPort,
        accounts,
        other,
        clock,
        logLimit,
        highMobility);
  }

  /** The same with another clock. */
  public SimulatorConfig withClock(Clock other) {
    return new SimulatorConfig(
        directory,
        bindHost,
        host,
        httpsPort,
        mqttPort,
        controlPort,
        apiPort,
        accounts,
        behaviour,
        other,
        logLimit,
        highMobility);
  }

  /** The same on these ports; 0 takes a free one. */
  public SimulatorConfig withPorts(int https, int mqtt, int control) {
    return new SimulatorConfig(
        directory,
        bindHost,
        host,
        https,
        mqtt,
        control,
        apiPort,
        accounts,
        behaviour,
        clock,
        logLimit,
        highMobility);
  }

  /** The same with the REST API on this port; 0 takes a free one. */
  public SimulatorConfig withApiPort(int api) {
    return new SimulatorConfig(
        directory,
        bindHost,
        host,
        httpsPort,
        mqttPort,
        controlPort,
        api,
        accounts,
        behaviour,
        clock,
        logLimit,
        highMobility);
  }

  /** The same listening on another address, reached under another name. */
  public SimulatorConfig withHost(String bindAddress, String name) {
    return new SimulatorConfig(
        directory,
        bindAddress,
        name,
        httpsPort,
        mqttPort,
        controlPort,
        apiPort,
        accounts,
        behaviour,
        clock,
        logLimit,
        highMobility);
  }

  /** The same remembering so many messages, session events and requests. */
  public SimulatorConfig withLogLimit(int most) {
    return new SimulatorConfig(
        directory,
        bindHost,
        host,
        httpsPort,
        mqttPort,
        controlPort,
        apiPort,
        accounts,
        behaviour,
        clock,
        most,
        highMobility);
  }

  /** The same with a High Mobility side; null for none. */
  public SimulatorConfig highMobility(HighMobilityConfig other) {
    return new SimulatorConfig(
        directory,
        bindHost,
        host,
        httpsPort,
        mqttPort,
        controlPort,
        apiPort,
        accounts,
        behaviour,
        clock,
        logLimit,
        other);
  }
}
