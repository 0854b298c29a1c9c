// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.journal.Samples.NOON;
import static org.cardatabridge.journal.Samples.VIN;
import static org.cardatabridge.journal.Samples.event;
import static org.cardatabridge.journal.Samples.message;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SinkFilterTest {

  @ParameterizedTest(name = "include \"{0}\", exclude \"{1}\": {2} passes: {3}")
  @CsvSource({
    "'', '', vehicle.a.b, true",
    "'vehicle.*', '', vehicle.a.b, true",
    "'vehicle.*', '', location, false",
    "'vehicle.?.b', '', vehicle.a.b, true",
    "'vehicle.?.b', '', vehicle.aa.b, false",
    "'vehicle.a', '', vehicle.a.b, false",
    "'vehicleXa', '', vehicle.a, false",
    "'location, vehicle.*', '', location, true",
    "'', '*.b', vehicle.a.b, false",
    "'vehicle.*', '*.b', vehicle.a.b, false",
    "'vehicle.*', '*.b', vehicle.a.c, true",
    "'a.(b', '', a.(b, true",
  })
  void globsRunOverDescriptors(String include, String exclude, String key, boolean passes) {
    assertThat(SinkFilter.of(include, exclude, "").pass(event(key, 1L, NOON)) != null)
        .isEqualTo(passes);
  }

  @Test
  void onlyTheseVehiclesPass() {
    assertThat(SinkFilter.of("", "", "OTHER, " + VIN).pass(event(1))).isEqualTo(event(1));
    assertThat(SinkFilter.of("", "", "OTHER").pass(event(1))).isNull();
  }

  @Test
  void aWholeMessagePassesByItsDataPointsOrItsTopicAndNeverByItsDescriptors() {
    assertThat(SinkFilter.of("", "", VIN).takes(message())).isTrue();
    assertThat(SinkFilter.of("", "", "OTHER").takes(message(event(1)))).isFalse();
    assertThat(SinkFilter.of("nothing", "*", "").takes(message(event(1)))).isTrue();
  }
}
