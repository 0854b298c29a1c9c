// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTopicTest {

  @ParameterizedTest
  @CsvSource({
    "live/level13/APP/VIN/doors/get/locks, APP, VIN",
    "sandbox/l13/APP/VIN/doors/set/locks, APP, VIN",
    "live/level13/5b1e0c7a-2f4d-4e81-9a36-c07d18e4f2b9, 5b1e0c7a-2f4d-4e81-9a36-c07d18e4f2b9,",
    "APP/level13/2026/03/14/09-00-00-ab.json, APP,",
    "bucket/APP/level13/2026/03/14/09-00-00-ab.json, APP,",
    "live/level13/APP/VIN, APP,",
  })
  void knowsTheTopicsOfHighMobility(String topic, String application, String vin) {
    assertThat(MessageTopic.isOfHighMobility(topic)).isTrue();
    assertThat(MessageTopic.application(topic)).isEqualTo(application);
    assertThat(MessageTopic.vin(topic)).isEqualTo(vin);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "gcid/VIN",
        "gcid/level13",
        "gcid/l1",
        "/customers/vehicles/VIN/level",
        "a/level/b",
        "a/lock13/b",
        "a/l1234/b"
      })
  void takesNoOtherForOne(String topic) {
    assertThat(MessageTopic.isOfHighMobility(topic)).isFalse();
    assertThat(MessageTopic.application(topic)).isNull();
  }

  @Test
  void findsTheVinInThoseOfBmw() {
    assertThat(MessageTopic.vin("gcid/VIN")).isEqualTo("VIN");
    assertThat(MessageTopic.vin("gcid/l13")).isEqualTo("l13");
    assertThat(MessageTopic.vin("/customers/vehicles/VIN/image")).isEqualTo("VIN");
    assertThat(MessageTopic.vin("nothing")).isNull();
  }
}
