// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bucket;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Keeps what was read from a stream since a place, so that a part can be had as it came. Ends with
 * an exception beyond a size. For one thread.
 */
final class Tape extends InputStream {

  private static final int LARGEST_BUFFER = 1 << 16;

  private final InputStream in;
  private final long most;
  private final int mostKept;
  private byte[] kept = new byte[LARGEST_BUFFER];
  private long from;
  private int length;

  /**
   * Before a stream.
   *
   * @param most how many bytes it may have
   * @param mostKept how many bytes a part may have
   */
  Tape(InputStream in, long most, int mostKept) {
    this.in = in;
    this.most = most;
    this.mostKept = mostKept;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int wanted) throws IOException {
    int got = in.read(to, offset, wanted);
    if (got <= 0) {
      return got;
    }
    if (from + length + got > most) {
      throw new PoisonObjectException(
          "it holds more than " + most / ObjectMessages.MEGABYTE + " MB, unpacked");
    }
    if (length + got > mostKept + LARGEST_BUFFER) {
      throw new PoisonObjectException(
          "it holds a message of more than " + mostKept / ObjectMessages.MEGABYTE + " MB");
    }
    if (length + got > kept.length) {
      kept = Arrays.copyOf(kept, Math.max(kept.length * 2, length + got));
    }
    System.arraycopy(to, offset, kept, length, got);
    length += got;
    return got;
  }

  /** The bytes from one place to another, counted from the stream's begin. */
  byte[] part(long begin, long end) {
    return Arrays.copyOfRange(kept, (int) (begin - from), (int) (end - from));
  }

  /** Forgets what stands before a place. */
  void forget(long before) {
    int gone = (int) Math.min(length, Math.max(0, before - from));
    length -= gone;
    from += gone;
    byte[] next =
        kept.length > LARGEST_BUFFER && length < LARGEST_BUFFER ? new byte[LARGEST_BUFFER] : kept;
    System.arraycopy(kept, gone, next, 0, length);
    kept = next;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
