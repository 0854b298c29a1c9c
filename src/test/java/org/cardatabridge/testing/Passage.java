// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A way to a server that a test can bar: so that a listener is back at a broker that was away
 * before the bridge is, and hears everything; or so that a server is gone as if it had been killed,
 * when it could not be killed without losing what it had.
 */
public final class Passage implements AutoCloseable {

  private static final long DOORKEEPER_MILLIS = 10_000;

  private final HeldPort port = HeldPort.take();
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private ServerSocket door;
  private Thread doorkeeper;

  /** Leads to a port of this machine. */
  public Passage(int target) throws IOException {
    this.target = target;
    unbar();
  }

  /** Its own port. */
  public int port() {
    return port.number();
  }

  /** From now on every connection is refused; those that stand go on. */
  public synchronized void bar() {
    try {
      door.close();
      // Linux keeps the port for as long as somebody waits at the door.
      doorkeeper.join(DOORKEEPER_MILLIS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The same, and those that stand end in the middle of whatever they carry. */
  public synchronized void cut() {
    bar();
    open.forEach(this::end);
  }

  /** Lets connections in, again after {@link #bar()} or {@link #cut()}. */
  public synchronized void unbar() {
    if (door != null && !door.isClosed()) {
      return;
    }
    try {
      ServerSocket opened = new ServerSocket();
      opened.setReuseAddress(true);
      opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
      door = opened;
      doorkeeper = run("passage", () -> accept(opened));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(ServerSocket door) {
    while (!door.isClosed()) {
      try {
        Socket outer = door.accept();
        open.add(outer);
        if (door.isClosed()) {
          end(outer);
          return;
        }
        lead(outer);
      } catch (IOException e) {
        if (!door.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void lead(Socket outer) {
    Socket inner = new Socket();
    open.add(inner);
    try {
      inner.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
      inner.setTcpNoDelay(true);
      outer.setTcpNoDelay(true);
      run("passage-in", () -> pump(outer, inner));
      run("passage-out", () -> pump(inner, outer));
    } catch (IOException e) {
      end(outer);
      end(inner);
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

  private static Thread run(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Override
  public void close() throws IOException {
    cut();
    port.close();
  }
}
