// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import io.nayuki.qrcodegen.QrCode;
import java.time.Duration;

/** What the terminal shows of a login under way. Pure. */
public final class LoginNotice {

  private static final int MARGIN = 2;

  private LoginNotice() {}

  /** Address, code, QR code and remaining time, in lines. */
  static String of(String account, Answer.Code code, Duration left) {
    return of(
        account, code.verificationUri(), code.verificationUriComplete(), code.userCode(), left);
  }

  /**
   * The same from its parts.
   *
   * @param complete the address with the code in it; null where there is none
   */
  public static String of(
      String account, String address, String complete, String userCode, Duration left) {
    String scan = complete == null ? address : complete;
    return String.format(
        "%nLog in account %s at BMW:%n%n  1. Open  %s%n  2. Type  %s  (capitals and small letters"
            + " matter), then confirm%n%n%s%nThe code is valid for %s.%n",
        account, address, userCode, qr(scan), inWords(left));
  }

  /** The reminder while the code waits. */
  static String reminder(String account, Duration left) {
    return String.format(
        "Log in account %s: the code above is valid for %s more.%n", account, inWords(left));
  }

  /** In minutes and seconds; a part of a second counts as a whole one. */
  static String inWords(Duration left) {
    Duration rounded = left.plusNanos(999_999_999);
    long minutes = rounded.toMinutes();
    int seconds = rounded.toSecondsPart();
    return minutes == 0
        ? seconds + " s"
        : seconds == 0 ? minutes + " min" : minutes + " min " + seconds + " s";
  }

  /** Two rows of modules a line. Light is drawn, dark left out: terminals are mostly dark. */
  static String qr(String text) {
    QrCode code = QrCode.encodeText(text, QrCode.Ecc.LOW);
    StringBuilder out = new StringBuilder();
    for (int y = -MARGIN; y < code.size + MARGIN; y += 2) {
      out.append("  ");
      for (int x = -MARGIN; x < code.size + MARGIN; x++) {
        boolean upper = !code.getModule(x, y);
        boolean lower = !code.getModule(x, y + 1);
        out.append(upper ? lower ? '█' : '▀' : lower ? '▄' : ' ');
      }
      out.append(System.lineSeparator());
    }
    return out.toString();
  }
}
