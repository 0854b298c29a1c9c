// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bucket;

import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.http.Abortable;

/** The bytes of an object on their way, which knows whether all of them came. For one thread. */
final class Source extends InputStream {

  private static final Logger LOG = LoggerFactory.getLogger(Source.class);

  private final InputStream in;
  private final long size;
  private long got;
  private boolean ended;
  private boolean broken;

  /**
   * Around a stream.
   *
   * @param size how many bytes are to come; negative where that is not known
   */
  Source(InputStream in, long size) {
    this.in = in;
    this.size = size;
  }

  /** Whether bytes are missing: trouble is not the content's. */
  boolean isBroken() {
    return broken;
  }

  /** Fails where bytes are missing. */
  void checkSize() throws IOException {
    if (size >= 0 && got < size && ended) {
      broken = true;
      throw new IOException("ended too early");
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int wanted) throws IOException {
    int count;
    try {
      count = in.read(to, offset, wanted);
    } catch (IOException | RuntimeException e) {
      broken = true;
      throw e;
    }
    if (count < 0) {
      ended = true;
      checkSize();
    } else {
      got += count;
    }
    return count;
  }

  /** Closes it; what was not read yet is not read for that. */
  void end() {
    try {
      if (!ended && in instanceof Abortable amazons) {
        amazons.abort();
      } else {
        in.close();
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("Ending a download", e);
    }
  }
}
