// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** A small picture of a car as a PNG file, drawn by hand. */
final class CarPicture {

  private static final int WIDTH = 320;
  private static final int HEIGHT = 160;
  private static final int SKY = 0xF2F5F8;
  private static final int GROUND = 0xC9CED4;
  private static final int GLASS = 0x2B3640;
  private static final int RUBBER = 0x1A1A1A;
  private static final int RIM = 0xB8BEC4;
  private static final int[] PAINTS = {0x1F4E8C, 0xB02A30, 0x3C6E47};
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  private CarPicture() {}

  /** A PNG file; cars of different numbers have different colours. */
  static Buffer of(Vehicle vehicle) {
    int paint = PAINTS[vehicle.number() % PAINTS.length];
    Buffer rows = Buffer.buffer(HEIGHT * (WIDTH * 3 + 1));
    for (int y = 0; y < HEIGHT; y++) {
      rows.appendByte((byte) 0);
      for (int x = 0; x < WIDTH; x++) {
        rows.appendMedium(colour(x, y, paint));
      }
    }
    Buffer header =
        Buffer.buffer().appendInt(WIDTH).appendInt(HEIGHT).appendBytes(new byte[] {8, 2, 0, 0, 0});
    Buffer png = Buffer.buffer(SIGNATURE);
    chunk(png, "IHDR", header);
    chunk(png, "IDAT", deflated(rows.getBytes()));
    chunk(png, "IEND", Buffer.buffer());
    return png;
  }

  private static int colour(int x, int y, int paint) {
    if (inCircle(x, y, 90) || inCircle(x, y, 235)) {
      return inRim(x, y, 90) || inRim(x, y, 235) ? RIM : RUBBER;
    }
    boolean body = y >= 80 && y < 118 && x >= 30 + (118 - y) / 6 && x < 292 - (118 - y) / 5;
    if (body) {
      return paint;
    }
    boolean cabin = y >= 45 && y < 80 && x >= 85 + (80 - y) && x < 245 - (80 - y);
    if (cabin) {
      boolean frame = y < 50 || Math.abs(x - 160) < 3 || x < 91 + (80 - y) || x >= 239 - (80 - y);
      return frame ? paint : GLASS;
    }
    return y < 125 ? SKY : GROUND;
  }

  private static boolean inCircle(int x, int y, int centre) {
    return Math.hypot(x - centre, y - 118) < 22;
  }

  private static boolean inRim(int x, int y, int centre) {
    return Math.hypot(x - centre, y - 118) < 12;
  }

  private static Buffer deflated(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      Buffer out = Buffer.buffer();
      byte[] part = new byte[8192];
      while (!deflater.finished()) {
        out.appendBytes(part, 0, deflater.deflate(part));
      }
      return out;
    } finally {
      deflater.end();
    }
  }

  private static void chunk(Buffer png, String type, Buffer data) {
    CRC32 crc = new CRC32();
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    crc.update(name);
    crc.update(data.getBytes());
    png.appendInt(data.length()).appendBytes(name).appendBuffer(data);
    png.appendUnsignedInt(crc.getValue());
  }
}
