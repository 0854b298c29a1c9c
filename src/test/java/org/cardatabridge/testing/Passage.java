// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A way to the local broker that a test can bar: so that a listener is back at a broker that was
 * away before the bridge is, and hears everything.
 */
public final class Passage implements AutoCloseable {

  private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean barred;

  /** Leads to a port of this machine. */
  public Passage(int target) throws IOException {
    this.target = target;
    run("passage", this::accept);
  }

  /** Its own port. */
  public int port() {
    return door.getLocalPort();
  }

  /** From now on every connection ends at once; those that stand go on. */
  public void bar() {
    barred = true;
  }

  /** The same, and those that stand end in the middle of whatever they carry. */
  public void cut() {
    barred = true;
    open.forEach(this::end);
  }

  /** Lets connections in again. */
  public void unbar() {
    barred = false;
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket outer = door.accept();
        open.add(outer);
        if (barred) {
          end(outer);
          continue;
        }
        try {
          Socket inner = new Socket(InetAddress.getLoopbackAddress(), target);
          open.add(inner);
          inner.setTcpNoDelay(true);
          outer.setTcpNoDelay(true);
          run("passage-in", () -> pump(outer, inner));
          run("passage-out", () -> pump(inner, outer));
        } catch (IOException e) {
          end(outer);
        }
      } catch (IOException e) {
        if (!door.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void pump(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] some = new byte[16_384];
      int count = in.read(some);
      while (count >= 0) {
        out.write(some, 0, count);
        count = in.read(some);
      }
    } catch (IOException e) {
      // The other side learns of it by the end below.
    } finally {
      end(from);
      end(to);
    }
  }

  private void end(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    door.close();
    open.forEach(this::end);
  }
}
