// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port of this machine that was free and stays a test's own while its server starts, is away and
 * starts again; a port that is merely let go is soon somebody's outgoing connection. On Linux a
 * socket that is bound and does not listen keeps others away, but not a server with {@code
 * SO_REUSEADDR}, which all of ours set. Elsewhere the port is only a free one.
 */
public final class HeldPort implements AutoCloseable {

  private final Socket holder = new Socket();
  private final int number;

  private HeldPort() throws IOException {
    holder.setReuseAddress(true);
    holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    number = holder.getLocalPort();
    if (!System.getProperty("os.name").equals("Linux")) {
      holder.close();
    }
  }

  /** Takes a free one. */
  public static HeldPort take() throws IOException {
    return new HeldPort();
  }

  /** Its number. */
  public int number() {
    return number;
  }

  /** Whether something listens there. */
  public boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), number)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      holder.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
