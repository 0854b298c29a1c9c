// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import io.nayuki.qrcodegen.DataTooLongException;
import io.nayuki.qrcodegen.QrCode;
import java.util.Optional;

/** A QR code as an SVG picture. Pure. */
final class QrPicture {

  /** Modules of light around the code, without which readers do not find it. */
  private static final int QUIET = 4;

  private QrPicture() {}

  /**
   * Black on white, whatever the page around it looks like; readers want dark on light.
   *
   * @return empty for a text that no QR code can hold (about 3,000 characters)
   */
  static Optional<String> of(String text) {
    try {
      return Optional.of(drawn(QrCode.encodeText(text, QrCode.Ecc.LOW)));
    } catch (DataTooLongException e) {
      return Optional.empty();
    }
  }

  private static String drawn(QrCode code) {
    int side = code.size + 2 * QUIET;
    StringBuilder path = new StringBuilder();
    for (int y = 0; y < code.size; y++) {
      for (int x = 0; x < code.size; x++) {
        int from = x;
        while (x < code.size && code.getModule(x, y)) {
          x++;
        }
        if (x > from) {
          path.append('M').append(from + QUIET).append(' ').append(y + QUIET);
          path.append('h').append(x - from).append("v1h-").append(x - from).append('z');
        }
      }
    }
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\"><rect width=\"%d\" height=\"%d\" fill=\"#fff\"/><path fill=\"#000\" d=\"%s\"/></svg>"
        .formatted(side, side, side, side, path);
  }
}
