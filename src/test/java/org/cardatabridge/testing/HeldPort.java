// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port of this machine that was free and stays a test's own while its server starts, is away and
 * starts again. It lies below the ports that Linux gives to outgoing connections: one of these is
 * soon somebody's, even that of a client which asks for it and so meets itself. On Linux a socket
 * that is bound and does not listen keeps others away, but not a server with {@code SO_REUSEADDR},
 * which all of ours set. Elsewhere the port is only a free one.
 */
public final class HeldPort implements AutoCloseable {

  private static final int FROM = 20_000;
  private static final int TO = 32_000;
  private static final int ATTEMPTS = 100;

  private final Socket holder = new Socket();
  private final int number;

  private HeldPort(int number) throws IOException {
    this.number = number;
    try {
      holder.setReuseAddress(false);
      holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), number));
      // Only now: two that do not listen could share a port with it.
      holder.setReuseAddress(true);
    } catch (IOException e) {
      holder.close();
      throw e;
    }
    if (!System.getProperty("os.name").equals("Linux")) {
      holder.close();
    }
  }

  /** Takes a free one. */
  public static HeldPort take() throws IOException {
    for (int attempt = 1; true; attempt++) {
      try {
        return new HeldPort(ThreadLocalRandom.current().nextInt(FROM, TO));
      } catch (BindException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** The number of one that nobody uses at this moment, and that nobody holds. */
  public static int free() throws IOException {
    try (HeldPort port = take()) {
      return port.number();
    }
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
