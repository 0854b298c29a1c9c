// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

  @ParameterizedTest
  @CsvSource({"250ms, PT0.25S", "30s, PT30S", "15m, PT15M", "2h, PT2H", "400d, PT9600H"})
  void durationsHaveAUnit(String text, Duration duration) {
    assertThat(Settings.of(Map.of("cardata.x", text)).duration("cardata.x")).isEqualTo(duration);
  }

  @ParameterizedTest
  @CsvSource({"0B, 0", "1KB, 1024", "500MB, 524288000", "2GB, 2147483648", "1tb, 1099511627776"})
  void sizesArePowersOf1024(String text, long bytes) {
    assertThat(Settings.of(Map.of("cardata.x", text)).size("cardata.x")).isEqualTo(bytes);
  }

  @Test
  void aTextOfTheWrongFormIsASentence() {
    Settings settings = Settings.of(Map.of("cardata.x", "soon"));
    assertThatThrownBy(() -> settings.duration("cardata.x"))
        .isInstanceOf(BadSettingException.class)
        .hasMessage("cardata.x: got 'soon', takes a duration such as 30s, 15m or 2h");
    assertThatThrownBy(() -> settings.size("cardata.x")).hasMessageContaining("2GB");
    assertThatThrownBy(() -> settings.get("cardata.y")).hasMessageContaining("got nothing");
  }

  @Test
  void defaultsHoldEveryBuiltInDefaultInAFormTheSettingTakes() {
    Settings defaults = Settings.defaults();
    assertThat(SettingCatalogue.all())
        .filteredOn(definition -> definition.defaultText() != null && !definition.isPattern())
        .hasSizeGreaterThan(50)
        .allSatisfy(
            definition ->
                assertThat(definition.type().reader().apply(defaults.get(definition.key())))
                    .contains(definition.defaultText()));
  }

  @Test
  void otherTextsDoNotChangeTheSettingsTheyCameFrom() {
    Settings defaults = Settings.defaults();
    Settings other =
        defaults.forAccount("wife").with(Map.of("cardata.account.wife.stream.qos", "0"));
    assertThat(other.integer("cardata.stream.qos")).isZero();
    assertThat(defaults.forAccount("wife").integer("cardata.stream.qos")).isEqualTo(1);
  }

  @Test
  void eachSinkHasTheDefaultThatHoldsForAll() {
    assertThat(Settings.defaults().integer("cardata.sink.anything.attempts")).isEqualTo(10);
  }
}
