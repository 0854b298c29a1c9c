// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3SettingsTest {

  private static S3Settings of(String... keysAndValues) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put("cardata.sink.s3." + keysAndValues[i], keysAndValues[i + 1]);
    }
    return S3Settings.of(Settings.defaults().with(values), Path.of(""));
  }

  @Test
  void aMissingSettingIsNamed() {
    assertThatThrownBy(() -> of()).hasMessageStartingWith("cardata.sink.s3.bucket: got nothing");
    assertThatThrownBy(() -> of("bucket", "b"))
        .hasMessageStartingWith("cardata.sink.s3.region: got nothing, takes one such as");
    assertThatThrownBy(() -> of("bucket", "b", "region", "eu-central-1", "access-key", "AKIA"))
        .hasMessage("cardata.sink.s3.secret-key: got nothing, goes with the other key");
  }

  @Test
  void aFileThatIsNoCertificateIsNamed(@TempDir Path dir) throws IOException {
    Files.writeString(dir.resolve("ca.pem"), "nonsense");
    Settings settings =
        Settings.defaults()
            .with(
                Map.of(
                    "cardata.sink.s3.bucket", "b",
                    "cardata.sink.s3.endpoint", "https://nas:9000",
                    "cardata.sink.s3.ca-file", "ca.pem"));
    assertThatThrownBy(() -> S3Settings.check(settings, dir))
        .isInstanceOf(BadSettingException.class)
        .hasMessageContaining("cardata.sink.s3.ca-file")
        .hasMessageContaining("takes a PEM file with certificates");
  }

  @Test
  void theKeysStandInNoText() {
    assertThat(
            of("bucket", "b", "endpoint", "http://s", "access-key", "AKIA", "secret-key", "geheim"))
        .hasToString("S3Settings");
  }
}
