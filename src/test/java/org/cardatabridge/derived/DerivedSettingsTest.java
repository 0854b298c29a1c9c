// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneOffset;
import java.util.Map;
import org.cardatabridge.meaning.CarState;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;
import org.junit.jupiter.api.Test;

class DerivedSettingsTest {

  private static DerivedSettings of(String key, String value) {
    return DerivedSettings.of(
        Settings.defaults().with(Map.of("cardata.derived." + key, value)), ZoneOffset.UTC);
  }

  @Test
  void theBatteryIsThatOfTheCarUnlessItIsSetByVinByAliasOrForEveryCar() {
    CarState car =
        CarState.empty().with(ACar.event(ACar.START, ACar.START, ACar.CAPACITY, 81.5, "kWh"));
    assertThat(of("loss", "8").capacity("V", "ix", car)).isEqualTo(81.5);
    assertThat(of("loss", "8").capacity("V", "ix", CarState.empty())).isNull();
    DerivedSettings set = of("battery", "60, ix=105.2, W=10.4");
    assertThat(set.capacity("V", "ix", car)).isEqualTo(105.2);
    assertThat(set.capacity("W", "W", car)).isEqualTo(10.4);
    assertThat(set.capacity("X", "i4", car)).isEqualTo(60);
  }

  @Test
  void whatCannotBeUsedIsNamed() {
    Map.of("loss", "60", "tariff", "cheap", "battery", "ix=much", "silence", "soon")
        .forEach(
            (key, value) ->
                assertThatThrownBy(() -> of(key, value))
                    .isInstanceOf(BadSettingException.class)
                    .hasMessageStartingWith("cardata.derived." + key + ": "));
  }
}
