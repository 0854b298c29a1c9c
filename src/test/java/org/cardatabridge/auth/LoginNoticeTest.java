// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.nayuki.qrcodegen.QrCode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoginNoticeTest {

  private static final String LINK = "https://login.example.org/link?user_code=qRtVw3Kd";

  @Test
  void theQrCodeIsDrawnTwoModulesALineWithLightModulesFilled() {
    QrCode code = QrCode.encodeText(LINK, QrCode.Ecc.LOW);
    List<String> lines = LoginNotice.qr(LINK).lines().toList();

    for (int y = 0; y < code.size; y++) {
      String line = lines.get((y + 2) / 2).substring(2);
      for (int x = 0; x < code.size; x++) {
        char c = line.charAt(x + 2);
        boolean upperHalf = y % 2 == 0;
        boolean light = c == '█' || c == (upperHalf ? '▀' : '▄');
        assertThat(light).as("module %d,%d", x, y).isEqualTo(!code.getModule(x, y));
      }
    }
    assertThat(lines.get(0)).as("quiet zone").matches(" {2}█+");
  }

  @Test
  void withoutACompleteLinkTheQrCodeLeadsToThePlainOne() {
    Answer.Code code =
        new Answer.Code("D", "qRtVw3Kd", "https://x.example/", null, Duration.ZERO, Duration.ZERO);

    String notice = LoginNotice.of("main", code, Duration.ofSeconds(299));

    assertThat(notice)
        .contains(
            "https://x.example/", "qRtVw3Kd", "4 min 59 s", LoginNotice.qr("https://x.example/"));
  }

  @Test
  void saysDurationsAsPeopleDo() {
    assertThat(LoginNotice.inWords(Duration.ofSeconds(300))).isEqualTo("5 min");
    assertThat(LoginNotice.inWords(Duration.ofMillis(299_970))).isEqualTo("5 min");
    assertThat(LoginNotice.inWords(Duration.ofSeconds(61))).isEqualTo("1 min 1 s");
    assertThat(LoginNotice.inWords(Duration.ofSeconds(9))).isEqualTo("9 s");
  }
}
