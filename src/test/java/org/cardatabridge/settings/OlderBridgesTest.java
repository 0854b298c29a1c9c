// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Users of the older bridges switch without editing a file. */
class OlderBridgesTest {

  @TempDir Path workDir;
  private final Map<String, String> env = new HashMap<>();

  @Test
  void aWholeDotEnvOfThePythonBridgeIsTaken() throws IOException {
    write(
        ".env",
        """
        # BMW
        CLIENT_ID="31c3b263-0000"
        export MQTT_USERNAME=5b1e0c7a   # GCID
        LOCAL_MQTT_URL=192.168.1.10
        LOCAL_MQTT_PORT=1884
        LOCAL_MQTT_USER=bmw
        LOCAL_MQTT_PASS='pass # word'
        LOCAL_MQTT_BASETOPIC=car/live
        LOCAL_MQTT_APPEND_VIN=Yes
        LOG_LEVEL=WARNING
        TZ=Europe/Berlin
        """);
    LoadedSettings loaded = load();
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.settings().asMap())
        .containsEntry("cardata.client-id", "31c3b263-0000")
        .containsEntry("cardata.stream.username", "5b1e0c7a")
        .containsEntry("cardata.sink.mqtt.url", "tcp://192.168.1.10:1884")
        .containsEntry("cardata.sink.mqtt.username", "bmw")
        .containsEntry("cardata.sink.mqtt.password", "pass # word")
        .containsEntry("cardata.sink.mqtt.base-topic", "car/live")
        .containsEntry("cardata.sink.mqtt.append-vin", "true")
        .containsEntry("cardata.sink.mqtt.layout", "bausi2k")
        .containsEntry("cardata.sink.mqtt.qos", "0")
        .containsEntry("cardata.log.level", "warn");
  }

  @ParameterizedTest
  @CsvSource({
    "broker, , tcp://broker",
    "broker, 1884, tcp://broker:1884",
    "broker:1885, 1884, tcp://broker:1885",
    "tcp://broker, 1884, tcp://broker:1884",
    "tcp://broker:1885, 1884, tcp://broker:1885",
    "mqtt://broker, 1884, tcp://broker:1884",
    "mqtts://broker:8883, , ssl://broker:8883",
    "ws://broker/mqtt, 9001, ws://broker:9001/mqtt",
    "fe80::1, 1884, tcp://[fe80::1]:1884",
    "[fe80::1], 1884, tcp://[fe80::1]:1884",
    "embedded, 1884, embedded",
    ", 1884, tcp://localhost:1884",
  })
  void hostAndPortBecomeAUrl(String host, String port, String url) {
    putIfThere("LOCAL_MQTT_URL", host);
    putIfThere("LOCAL_MQTT_PORT", port);
    assertThat(load().orThrow().get("cardata.sink.mqtt.url")).isEqualTo(url);
  }

  @Test
  void hostAndPortMayStandInDifferentPlaces() throws IOException {
    write(".env", "LOCAL_MQTT_URL=broker\n");
    env.put("LOCAL_MQTT_PORT", "1884");
    assertThat(load().orThrow().get("cardata.sink.mqtt.url")).isEqualTo("tcp://broker:1884");
  }

  @Test
  void aWrongPortIsAProblemThatNamesTheVariable() {
    env.put("LOCAL_MQTT_PORT", "mqtt");
    assertThat(load().problems()).singleElement().asString().contains("LOCAL_MQTT_PORT");
  }

  @Test
  void theNewNameWinsAtTheSamePlace() {
    env.put("CLIENT_ID", "old");
    env.put("CARDATA_CLIENT_ID", "new");
    assertThat(load().orThrow().get("cardata.client-id")).isEqualTo("new");
  }

  @Test
  void anOldVariableBeatsAPropertyFile() throws IOException {
    write("application.properties", "cardata.sink.mqtt.url=tcp://localhost:1883");
    env.put("LOCAL_MQTT_URL", "broker");
    assertThat(load().orThrow().get("cardata.sink.mqtt.url")).isEqualTo("tcp://broker");
  }

  @ParameterizedTest
  @CsvSource({
    "LOCAL_MQTT_URL, broker, bausi2k",
    "LOCAL_MQTT_BASETOPIC, a/b, bausi2k",
    "LOCAL_MQTT_PORT, 1884, default",
    "LOCAL_MQTT_URL, ' ', default",
  })
  void urlOrBaseTopicAskForTheOldLayout(String variable, String value, String layout) {
    env.put(variable, value);
    assertThat(load().orThrow().get("cardata.sink.mqtt.layout")).isEqualTo(layout);
  }

  @Test
  void aLayoutThatIsSetStays() {
    env.put("LOCAL_MQTT_URL", "broker");
    env.put("CARDATA_SINK_MQTT_LAYOUT", "default");
    assertThat(load().orThrow().asMap())
        .containsEntry("cardata.sink.mqtt.layout", "default")
        .containsEntry("cardata.sink.mqtt.base-topic", "cardata");
  }

  @ParameterizedTest
  @CsvSource({"DEBUG, debug", "INFO, info", "WARNING, warn", "Error, error", "CRITICAL, error"})
  void pythonsLevelsAreRead(String theirs, String ours) {
    env.put("LOG_LEVEL", theirs);
    assertThat(load().orThrow().get("cardata.log.level")).isEqualTo(ours);
  }

  @Test
  void aLogLevelOfSomeOtherProgramOnlyWarns() {
    env.put("LOG_LEVEL", "notice");
    assertThat(load().problems()).isEmpty();
    assertThat(load().warnings()).singleElement().asString().contains("LOG_LEVEL", "notice");
    assertThat(load().orThrow().get("cardata.log.level")).isEqualTo("info");
  }

  @Test
  void vehicleJsonLimitsTheBridgeToItsCar() throws IOException {
    write("vehicle.json", "{\"vin\": \"WBY00TEST00000001\"}");
    assertThat(load().orThrow().list("cardata.vins")).containsExactly("WBY00TEST00000001");
    env.put("CARDATA_VINS", "V1,V2");
    assertThat(load().orThrow().list("cardata.vins")).containsExactly("V1", "V2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{}", "{\"vin\": 1}", "[]", "{\"vin\": ", "''"})
  void aVehicleJsonOfAnotherFormOnlyWarns(String text) throws IOException {
    write("vehicle.json", text);
    assertThat(load().problems()).isEmpty();
    assertThat(load().warnings()).singleElement().asString().startsWith("vehicle.json");
    assertThat(load().orThrow().find("cardata.vins")).isEmpty();
  }

  private void putIfThere(String variable, String value) {
    if (value != null) {
      env.put(variable, value);
    }
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(workDir.resolve(name), text);
  }

  private LoadedSettings load() {
    return SettingsLoader.load(workDir, env, Map.of());
  }
}
