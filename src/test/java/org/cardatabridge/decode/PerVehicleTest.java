// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PerVehicleTest {

  private final PerVehicle<Object> states = new PerVehicle<>(2, Object::new);

  @Test
  void theSameCarOfAnotherAccountHasItsOwnState() {
    assertThat(states.of("main", "A")).isSameAs(states.of("main", "A"));
    assertThat(states.of("main", "A")).isNotSameAs(states.of("second", "A"));
  }

  @Test
  void theCarThatWasQuietLongestIsForgotten() {
    Object a = states.of("main", "A");
    Object b = states.of("main", "B");
    states.of("main", "A");
    states.of("main", "C");

    assertThat(states.size()).isEqualTo(2);
    assertThat(states.of("main", "A")).isSameAs(a);
    assertThat(states.of("main", "B")).isNotSameAs(b);
  }
}
