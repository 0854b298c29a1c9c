// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class WarmUpTest {

  @Test
  void whatIsUsedAheadCanBeUsed() {
    assertThatCode(WarmUp::useEach).doesNotThrowAnyException();
  }
}
