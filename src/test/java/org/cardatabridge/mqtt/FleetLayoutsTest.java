// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.derived.DecodedDay;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.AFleet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cars of several brands in each layout. */
class FleetLayoutsTest {

  private static Map<String, String> published(String layout) throws Exception {
    Topics topics =
        new Topics(
            Settings.defaults()
                .with(
                    Map.of(
                        "cardata.sink.mqtt.layout", layout,
                        "cardata.sink.mqtt.base-topic", "tree",
                        "cardata.sink.mqtt.append-vin", "true")),
            Clock.systemUTC());
    Map<String, String> all = new LinkedHashMap<>();
    for (CarMessage message : DecodedDay.messages(AFleet.lines())) {
      for (CarEvent event : message.points()) {
        for (Publication publication : topics.map(event)) {
          all.put(publication.topic(), new String(publication.payload(), StandardCharsets.UTF_8));
        }
      }
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "bausi2k", "dj0abr"})
  void everyDataPointHasATopicThatABrokerTakes(String layout) throws Exception {
    assertThat(published(layout).keySet())
        .hasSizeGreaterThan(50)
        .allMatch(topic -> topic.startsWith("tree/") && topic.matches("[^+#\\x00-\\x1f]+"));
  }

  @Test
  void aListIsOneValueInEachLayout() throws Exception {
    String path = "tree/" + AFleet.PEUGEOT + "/dashboard_lights/bulb_failures";
    String list = "[\"turn_signal_right\",\"high_beam\"]";
    assertThat(published("default"))
        .containsEntry(path + "/value", list)
        .hasEntrySatisfying(path, json -> assertThat(json).contains("\"value\":" + list));
    assertThat(published("bausi2k"))
        .containsKey(path)
        .doesNotContainKey(path + "/value")
        .containsEntry("tree/" + AFleet.FIAT + "/charging/battery_level/unit", "%");
    assertThat(published("dj0abr"))
        .hasEntrySatisfying(
            "tree/vehicles/" + AFleet.PEUGEOT + "/dashboard_lights.bulb_failures",
            json -> assertThat(json).contains("\"value\":" + list));
  }
}
