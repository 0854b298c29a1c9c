// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QrPictureTest {

  @Test
  void anAddressIsDrawnBlackOnWhite() {
    assertThat(QrPicture.of("https://bmw.example/link?user_code=ABCD-1234").orElseThrow())
        .startsWith("<svg ")
        .contains("fill=\"#fff\"", "fill=\"#000\"");
  }

  @Test
  void whatNoCodeCanHoldIsNotDrawn() {
    assertThat(QrPicture.of("https://bmw.example/?c=" + "x".repeat(3_000))).isEmpty();
  }
}
