// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

/** How a broker answers a CONNECT of MQTT 5. */
class Mqtt5InputTest {

  private static InputStream reading(int... bytes) {
    byte[] all = new byte[bytes.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) bytes[i];
    }
    return new Mqtt5Input(Mqtt311Judge.inSmallParts(all, 5));
  }

  @Test
  void anAnswerInMqtt5PassesAsItIs() throws IOException {
    InputStream in = reading(0x20, 3, 0, 0, 0, 0xD0, 0);
    assertThat(in.read()).isEqualTo(0x20);
    assertThat(in.readNBytes(10)).containsExactly(3, 0, 0, 0, 0xD0, 0);
    assertThat(in.read()).isEqualTo(-1);
  }

  @Test
  void anAnswerInMqtt311IsSaidToBeOne() {
    assertThatThrownBy(() -> reading(0x20, 2, 0, 1).read())
        .isInstanceOf(Mqtt5Input.OlderBrokerException.class);
    assertThatThrownBy(() -> reading(0x20, 2, 0, 0).readNBytes(4))
        .isInstanceOf(Mqtt5Input.OlderBrokerException.class);
  }

  @Test
  void theSameBytesLaterAreNothingSpecial() throws IOException {
    assertThat(reading(0x20, 3, 0, 0, 0, 0x20, 2, 0, 1).readNBytes(20)).hasSize(9);
  }

  @Test
  void anEndInPlaceOfAnAnswerIsAnEnd() throws IOException {
    assertThat(reading().read()).isEqualTo(-1);
  }

  @Test
  void halfAnAnswerIsLeftToPaho() throws IOException {
    InputStream in = reading(0x20);
    assertThat(in.read()).isEqualTo(0x20);
    assertThat(in.read()).isEqualTo(-1);
  }
}
