// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bench;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A subscriber at QoS 0 that only counts, and notes when the first and the last one came. */
final class Counter implements AutoCloseable {

  private final Socket socket;
  private final DataInputStream in;
  private volatile long count;
  private volatile long first;
  private volatile long last;

  /** Subscribes and begins to count; what the broker retains is not counted. */
  Counter(int port, String filter) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 18));
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.write(new byte[] {0x10, 12, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 0});
    byte[] name = filter.getBytes(StandardCharsets.UTF_8);
    out.write(new byte[] {(byte) 0x82, (byte) (5 + name.length), 0, 1, 0, (byte) name.length});
    out.write(name);
    out.write(0);
    Thread thread = new Thread(this::read, "counter");
    thread.setDaemon(true);
    thread.start();
  }

  private void read() {
    byte[] body = new byte[1 << 16];
    try {
      for (int head = in.read(); head >= 0; head = in.read()) {
        int length = 0;
        int digit;
        int shift = 0;
        do {
          digit = in.readUnsignedByte();
          length |= (digit & 0x7f) << shift;
          shift += 7;
        } while (digit > 0x7f);
        in.readFully(body, 0, length);
        boolean retained = (head & 1) != 0;
        if (head >> 4 == 3 && !retained) {
          long now = System.nanoTime();
          if (count == 0) {
            first = now;
          }
          last = now;
          count = count + 1;
        }
      }
    } catch (IOException e) {
      if (!socket.isClosed()) {
        System.out.println("the counter lost its broker: " + e.getMessage());
      }
    }
  }

  void reset() {
    count = 0;
  }

  long count() {
    return count;
  }

  /** When the first one after {@link #reset} came. */
  long firstAt() {
    return first;
  }

  double seconds() {
    return (last - first) / 1e9;
  }

  /** Waits until so many came, or none for so long. */
  boolean await(long wanted, Duration quiet) {
    long seen = count;
    long since = System.nanoTime();
    while (count < wanted) {
      if (count != seen) {
        seen = count;
        since = System.nanoTime();
      } else if (System.nanoTime() - since > quiet.toNanos()) {
        return false;
      }
      LockSupport.parkNanos(1_000_000);
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
