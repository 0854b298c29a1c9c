// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.cardatabridge.settings.Settings;
import org.junit.jupiter.api.Test;

class S3SettingsTest {

  private static S3Settings of(String... keysAndValues) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put("cardata.sink.s3." + keysAndValues[i], keysAndValues[i + 1]);
    }
    return S3Settings.of(Settings.defaults().with(values));
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
  void theKeysStandInNoText() {
    assertThat(
            of("bucket", "b", "endpoint", "http://s", "access-key", "AKIA", "secret-key", "geheim"))
        .hasToString("S3Settings");
  }
}
