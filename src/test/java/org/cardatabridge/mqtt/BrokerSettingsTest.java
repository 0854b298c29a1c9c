// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerSettingsTest {

  private static final String PREFIX = "cardata.sink.mqtt.";

  @TempDir Path dir;

  private static BrokerSettings from(String url, Map<String, String> settings) {
    return BrokerSettings.from(Settings.of(settings), PREFIX, url, "id");
  }

  @ParameterizedTest
  @CsvSource({
    "tcp://localhost:1883, tcp://localhost:1883",
    "tcp://broker, tcp://broker:1883",
    "SSL://broker, ssl://broker:8883",
    "ws://broker:9001, ws://broker:9001/mqtt",
    "wss://broker/ws, wss://broker:443/ws",
    "tcp://[::1]:1884, tcp://[::1]:1884",
    "tcp://mqtt_broker:1883, tcp://mqtt_broker:1883",
    "wss://mqtt_broker, wss://mqtt_broker:443/mqtt",
    "ws://mqtt_broker:9001/ws?x=1, ws://mqtt_broker:9001/ws"
  })
  void anAddressIsReadWithItsUsualPort(String url, String read) {
    assertThat(from(url, Map.of()).url()).isEqualTo(read);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "http://broker",
        "tcp://",
        "tcp://a b",
        "tcp://h:99999",
        "tcp://:1883",
        "tcp://[::1",
        "tcp://[]",
        ""
      })
  void anAddressThatIsNoneIsNamed(String url) {
    assertThatThrownBy(() -> from(url, Map.of()))
        .isInstanceOf(BadSettingException.class)
        .hasMessageStartingWith("cardata.sink.mqtt.url: got '" + url + "'")
        .hasMessageContaining("tcp://");
  }

  @Test
  void aWebSocketToAHostWithAnUnderscoreNamesIt() {
    EmbeddedChannel channel = new EmbeddedChannel();
    new Wire(from("ws://mqtt_broker:9001/ws", Map.of())).layers(channel);
    channel.pipeline().fireChannelActive();
    ByteBuf sent = channel.readOutbound();
    assertThat(sent.toString(StandardCharsets.US_ASCII))
        .startsWith("GET /ws HTTP/1.1\r\n")
        .containsIgnoringCase("\r\nhost: mqtt_broker:9001\r\n");
    sent.release();
    channel.finishAndReleaseAll();
  }

  @Test
  void noSecretIsInAnyText() {
    BrokerSettings broker =
        from("tcp://broker", Map.of(PREFIX + "username", "me", PREFIX + "password", "hunter2"));
    assertThat(broker.toString()).doesNotContain("hunter2", "me");
    assertThatThrownBy(() -> from("mqtt://me:hunter2@broker", Map.of()))
        .hasMessageNotContaining("hunter2");
    assertThatThrownBy(() -> from("tcp://me:hun@ter/2@broker", Map.of()))
        .hasMessageNotContaining("ter/2")
        .hasMessageContaining("user name and password have settings of their own");
  }

  @Test
  void aMissingFileAndHalfAClientCertificateAreNamed() throws Exception {
    assertThatThrownBy(() -> from("ssl://b", Map.of(PREFIX + "ca-file", "/nowhere.pem")))
        .hasMessageStartingWith("cardata.sink.mqtt.ca-file");
    Path cert = Files.writeString(dir.resolve("c.pem"), "x");
    assertThatThrownBy(() -> from("ssl://b", Map.of(PREFIX + "client-cert-file", cert.toString())))
        .hasMessageContaining("client-key-file");
    BrokerSettings nonsense = from("ssl://b", Map.of(PREFIX + "ca-file", cert.toString()));
    assertThatThrownBy(() -> new Wire(nonsense))
        .isInstanceOf(BadSettingException.class)
        .hasMessageContaining("preparing TLS to ssl://b:8883");
  }

  @Test
  void theClientIdIsMadeOnceAndKept() throws Exception {
    Path file = dir.resolve("data").resolve("mqtt-client-id");
    String made = ClientId.keptIn(file);
    assertThat(made).matches("cardata-bridge-[0-9a-f]{8}").hasSizeLessThanOrEqualTo(23);
    assertThat(ClientId.keptIn(file)).isEqualTo(made);
    Files.writeString(file, "#/+");
    assertThat(ClientId.keptIn(file)).isNotEqualTo(made).matches("cardata-bridge-[0-9a-f]{8}");
  }

  @ParameterizedTest
  @CsvSource({"0,1", "29,1", "30,5", "119,5", "120,15", "86400,15"})
  void thePauseBetweenAttemptsGrowsWithTheOutage(int outage, int pause) {
    assertThat(Publisher.pause(Duration.ofSeconds(outage))).isEqualTo(Duration.ofSeconds(pause));
  }
}
