// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/**
 * A socket that takes from the system whatever is there: TLS by itself asks twice for each record,
 * once for its five bytes of header. As safe for use by many threads as any socket.
 *
 * <p>It hears the other side out. A server that refuses our certificate says why and hangs up, and
 * what we still say meets a broken pipe while its reason lies there unread. So a failure to write
 * is not thrown there, but by the read that has taken all that came before; nothing more is written
 * then.
 */
public final class PromptSocket extends Socket {

  private static final int AT_ONCE = 16_384;

  private InputStream input;
  private OutputStream output;
  private volatile IOException unsaid;

  @Override
  public synchronized InputStream getInputStream() throws IOException {
    InputStream own = super.getInputStream(); // also tells that the socket is closed
    if (input == null) {
      input = new BufferedInputStream(new HearingOut(own), AT_ONCE);
    }
    return input;
  }

  @Override
  public synchronized OutputStream getOutputStream() throws IOException {
    OutputStream own = super.getOutputStream(); // also tells that the socket is closed
    if (output == null) {
      output = new Saying(own);
    }
    return output;
  }

  private final class HearingOut extends FilterInputStream {

    HearingOut(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = super.read(buffer, offset, length);
      if (count < 0 && unsaid != null) {
        throw unsaid;
      }
      return count;
    }
  }

  private final class Saying extends FilterOutputStream {

    Saying(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      if (unsaid != null) {
        return;
      }
      try {
        out.write(bytes, offset, count);
      } catch (IOException e) {
        if (isClosed()) {
          throw e;
        }
        unsaid = e;
      }
    }
  }
}
