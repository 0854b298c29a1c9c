// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.cardatabridge.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaSettingsTest {

  private static Properties properties(String... keysAndValues) {
    return properties(Path.of(""), keysAndValues);
  }

  private static Properties properties(Path workDir, String... keysAndValues) {
    Map<String, String> values = new HashMap<>();
    values.put("cardata.sink.kafka.brokers", "a:9092, [::1]:9093");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put("cardata.sink.kafka." + keysAndValues[i], keysAndValues[i + 1]);
    }
    return new KafkaSettings(Settings.defaults().with(values), workDir).properties();
  }

  @Test
  void withoutALoginNothingIsSaidToKafka() {
    assertThat(properties()).isEmpty();
  }

  @Test
  void aLoginIsWrittenAsKafkaWantsIt() {
    Properties properties =
        properties(
            "security-protocol",
            "SASL_SSL",
            "sasl-mechanism",
            "SCRAM-SHA-512",
            "username",
            "me",
            "password",
            "a\"b\\c",
            "ca-file",
            "/ca.pem");
    assertThat(properties.getProperty("sasl.jaas.config"))
        .isEqualTo(
            "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"me\""
                + " password=\"a\\\"b\\\\c\";");
    assertThat(properties)
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
        .containsEntry("ssl.truststore.type", "PEM")
        .containsEntry("ssl.truststore.location", "/ca.pem");
  }

  @Test
  void aFileOfKafkasOwnToolsIsTakenAndOurSettingsAreStronger(@TempDir Path dir) throws Exception {
    Path file =
        Files.writeString(
            dir.resolve("client.properties"), "security.protocol=SSL\nlinger.ms=20\n");
    assertThat(properties("config-file", file.toString(), "security-protocol", "PLAINTEXT"))
        .containsEntry("linger.ms", "20")
        .containsEntry("security.protocol", "PLAINTEXT");
    assertThatThrownBy(() -> properties("config-file", dir.resolve("gone").toString()))
        .hasMessage("cardata.sink.kafka.config-file: cannot be read (NoSuchFileException)");
  }

  @Test
  void aRelativePathStartsFromTheWorkingDirectory(@TempDir Path dir) throws Exception {
    Files.writeString(dir.resolve("client.properties"), "linger.ms=20\n");
    assertThat(properties(dir, "config-file", "client.properties", "ca-file", "ca.pem"))
        .containsEntry("linger.ms", "20")
        .containsEntry("ssl.truststore.location", dir.resolve("ca.pem").toString());
  }

  @Test
  void aSettingThatCannotBeUsedIsNamed() {
    assertThatThrownBy(() -> new KafkaSettings(Settings.defaults(), Path.of("")))
        .hasMessageStartingWith("cardata.sink.kafka.brokers: got nothing, takes host:port");
    assertThatThrownBy(() -> properties("brokers", "kafka"))
        .hasMessage("cardata.sink.kafka.brokers: got 'kafka', takes host:port");
    assertThatThrownBy(() -> properties("topic", "a b"))
        .hasMessageStartingWith("cardata.sink.kafka.topic: got 'a b'");
    assertThatThrownBy(() -> properties("username", "me", "password", "x"))
        .hasMessageContaining("security-protocol: got 'PLAINTEXT', takes SASL_SSL or")
        .hasMessageNotContaining("me'");
    assertThatThrownBy(() -> properties("username", "me", "security-protocol", "SASL_SSL"))
        .hasMessageStartingWith("cardata.sink.kafka.password: got nothing");
  }
}
