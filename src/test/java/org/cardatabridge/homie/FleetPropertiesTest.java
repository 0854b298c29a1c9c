// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homie;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.derived.DecodedDay;
import org.cardatabridge.testing.AFleet;
import org.junit.jupiter.api.Test;

/** Cars of several brands as Homie has them. */
class FleetPropertiesTest {

  @Test
  void everyDataPointIsAPropertyWithAnIdOfItsOwn() throws Exception {
    Map<String, String> ids = new HashMap<>();
    for (CarMessage message : DecodedDay.messages(AFleet.lines())) {
      for (CarEvent event : message.points()) {
        for (HomieProperty.Said said : HomieProperty.of(event)) {
          String path = said.property().path();
          assertThat(path).matches("[a-z0-9-]+/[a-z0-9-]+");
          if (!event.key().equals(CarEvent.LOCATION)) {
            assertThat(ids.put(path, event.key())).isIn(null, event.key());
            assertThat(said.property().node()).isEqualTo("any--other");
          }
        }
      }
    }
    assertThat(ids)
        .containsEntry("any--other/charging--battery-0005flevel", "charging.battery_level")
        .containsEntry("any--other/doors--positions", "doors.positions")
        .hasSizeGreaterThan(40);
  }
}
