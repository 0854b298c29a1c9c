// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {

  @ParameterizedTest
  @CsvSource({
    "cardata.sink.mqtt.base, cardata.sink.mqtt.base-topic",
    "cardata.sink.mqtt.topic, cardata.sink.mqtt.base-topic",
    "cardata.sink.mqtt.prefix, cardata.sink.mqtt-raw.prefix",
    "cardata.http.pass, cardata.http.password",
    "cardata.client, cardata.client-id",
    "cardata.id, cardata.client-id",
    "cardata.account, cardata.accounts",
    "cardata.vin, cardata.vins",
    "cardata.strem.host, cardata.stream.host",
    "cardata.sink.mqtt.qso, cardata.sink.mqtt.qos"
  })
  void whoLeavesAPartOfAKeyOutIsToldTheWholeKey(String unknown, String meant) {
    assertThat(SettingCatalogue.nearest(unknown)).isEqualTo(meant);
  }

  @Test
  void aVariableThatIsCutShortIsCompleted() {
    assertThat(SettingCatalogue.nearestVariable("CARDATA_SINK_MQTT_BASE"))
        .isEqualTo("CARDATA_SINK_MQTT_BASE_TOPIC");
  }

  @Test
  void anEmptyNameIsTheBeginningOfAll() {
    assertThat(Spelling.nearest("", Stream.of("long", "no"))).contains("no");
    assertThat(Spelling.nearest("x", Stream.empty())).isEmpty();
  }
}
