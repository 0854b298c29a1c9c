// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.SettingsLoader;
import org.cardatabridge.web.Health;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is checked and connected before the first route runs. */
@Timeout(120)
class BridgePartsTest {

  @TempDir Path directory;

  private RunningBridge started(Map<String, String> more) throws Exception {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("cardata.client-id", "00000000-0000-0000-0000-000000000000");
    settings.put("cardata.auth.url", "http://127.0.0.1:9");
    settings.put("cardata.api.plan", "false");
    settings.put("cardata.data-dir", directory.resolve("data").toString());
    settings.put("cardata.routes.dir", Path.of("routes").toAbsolutePath().toString());
    return RunningBridge.startForLogin(
        SettingsLoader.load(directory, Map.of(), settings), text -> {}, secret -> {});
  }

  @Test
  void aFileThatIsNoCertificateEndsTheStart() throws Exception {
    Path file = Files.writeString(directory.resolve("ca.pem"), "nonsense");
    for (String sink : new String[] {"mqtt", "mqtt-raw"}) {
      assertThatThrownBy(
              () ->
                  started(
                          Map.of(
                              "cardata.sink." + sink + ".url",
                              "ssl://mqtt_broker:8883",
                              "cardata.sink." + sink + ".ca-file",
                              file.toString()))
                      .close())
          .isInstanceOf(BadSettingException.class)
          .hasMessageContaining("preparing TLS to ssl://mqtt_broker:8883");
    }
  }

  @Test
  void aPushThatIsSwitchedOnWithoutWhatItNeedsEndsTheStartAndOneThatIsOffDoesNot()
      throws Exception {
    Path nonsense = Files.writeString(directory.resolve("ca.pem"), "nonsense");
    Map<String, String> wrong =
        Map.of(
            "cardata.sink.http.ca-file",
            nonsense.toString(),
            "cardata.sink.influxdb.ca-file",
            nonsense.toString());
    started(wrong).close();
    for (String sink : new String[] {"http", "influxdb"}) {
      String prefix = "cardata.sink." + sink + ".";
      assertThatThrownBy(() -> started(Map.of(prefix + "enabled", "true")).close())
          .isInstanceOf(BadSettingException.class)
          .hasMessageStartingWith(prefix + "url: got nothing");
      Map<String, String> on = new java.util.HashMap<>(wrong);
      on.put(prefix + "enabled", "true");
      on.put(prefix + "url", "https://localhost:1");
      on.put("cardata.sink.influxdb.org", "o");
      on.put("cardata.sink.influxdb.bucket", "b");
      assertThatThrownBy(() -> started(on).close())
          .isInstanceOf(BadSettingException.class)
          .hasMessageContaining(prefix + "ca-file")
          .hasMessageContaining("takes a PEM file with certificates");
    }
  }

  @Test
  void aTopicThatCannotBePublishedOnEndsTheStart() {
    assertThatThrownBy(
            () -> started(Map.of("cardata.sink.mqtt.base-topic", "$SYS/cardata")).close())
        .isInstanceOf(BadSettingException.class)
        .hasMessageStartingWith("cardata.sink.mqtt.base-topic");
  }

  @Test
  void withoutItsJournalTheBridgeIsNotAlive() throws Exception {
    try (RunningBridge bridge = started(Map.of("cardata.sink.mqtt.url", "tcp://mqtt_broker"))) {
      Health health = bridge.part("health", Health.class);
      assertThat(health.live().code()).isEqualTo(200);
      bridge.part("journal", Journal.class).close();
      assertThat(health.live().code()).isEqualTo(503);
    }
  }
}
