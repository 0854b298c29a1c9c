// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routetest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What BMW's REST side tells, objects and lists among it, in every shipped sink: it is delivered,
 * or left out by those that have no use for it; never set aside, and it never holds a sink up.
 */
@Timeout(120)
class RestEventsInSinksTest {

  private static final Path ROUTES = Path.of("routes");

  private static final String GIVEN =
      """
      tests:
        - name: takes what was fetched
          given:
            - event: {key: chargingHistory.session, source: rest, value: {endTime: "2026-07-21T11:03:04Z", chargingLocation:
                {formattedAddress: "Beispielstraße 1, \\"Hof\\"", mapMatchedLatitude: 50.25}, energyConsumedFromPowerGridKwh: 14.2}}
            - event: {key: chargingHistory.blocks, source: rest, value: [{averagePowerGridKw: 10.8}]}
            - event: {key: image.info, source: rest, value: {type: image/png, bytes: 11, sha256: "00"}}
            - event: {key: tyreDiagnosis.frontLeft.tyreWear.dueMileage, source: rest, value: 12000, unit: km}
            - event: {key: chargingSettings.locations, source: rest, value: [{latitude: 50.25, longitude: 10.96}]}
            - event: {key: vehicle.vehicleIdentification.basicVehicleData, source: rest, value: {modelName: i4}}
          expect: {%s}
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mqtt | to-local-broker: {count: 1}",
        "homeassistant | to-homeassistant: {count: 1}",
        "homie | to-local-broker-homie: {count: 1}",
        "influxdb | to-influxdb: {count: 1}",
        "http | to-webhook: {count: 6}",
        "sql | prepare-table: {count: 1}, to-database: {count: 1}",
        "kafka | to-kafka: {count: 1}",
        "file | to-directory: {count: 2}",
        "s3 | to-bucket: {count: 2}",
        "evcc | to-local-broker-evcc: [{body: '[]'}]",
        "abrp | to-abrp: []",
        "notify | to-channel: []"
      })
  void isTakenOrLeftOut(String sink, String expected) throws Exception {
    Files.copy(ROUTES.resolve("sink-" + sink + ".camel.yaml"), file(sink, "camel"));
    for (String other : List.of("notify-send", "errors")) {
      Files.copy(ROUTES.resolve(other + ".camel.yaml"), folder.resolve(other + ".camel.yaml"));
    }
    String shipped = Files.readString(ROUTES.resolve("sink-" + sink + ".test.yaml"));
    String head = shipped.substring(0, shipped.indexOf("tests:"));
    Files.writeString(file(sink, "test"), head + GIVEN.formatted(expected));

    assertThat(new RouteTests(ROUTES).run(file(sink, "test")))
        .singleElement()
        .satisfies(result -> assertThat(result.differences()).isEmpty());
  }

  private Path file(String sink, String kind) {
    return folder.resolve("sink-" + sink + "." + kind + ".yaml");
  }
}
