// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bench;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * A subscriber at QoS 0 that only counts, notes when the first and the last one came, and how long
 * ago the value of a mileage says that it was sent.
 */
final class Counter implements AutoCloseable {

  private final Socket socket;
  private final DataInputStream in;
  private volatile long count;
  private volatile long first;
  private volatile long last;
  private final int[] ages = new int[200_000];
  private volatile int aged;

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
          age(body, length);
          count = count + 1;
        }
      }
    } catch (IOException e) {
      if (!socket.isClosed()) {
        System.out.println("the counter lost its broker: " + e.getMessage());
      }
    }
  }

  /** Microseconds on a clock that only this process has and that begins anew each second. */
  static long micros() {
    return System.nanoTime() / 1_000 % 1_000_000;
  }

  private void age(byte[] body, int length) {
    int topicEnd = 2 + ((body[0] & 0xff) << 8 | body[1] & 0xff);
    if (body[topicEnd - 1] != 'e' || body[topicEnd - 2] != 'c' || aged == ages.length) {
      return; // not .../travelledDistance
    }
    String text = new String(body, topicEnd, length - topicEnd, StandardCharsets.UTF_8);
    int from = text.indexOf("\"value\":") + 8;
    int end = Math.max(text.indexOf(',', from), from);
    String value = text.substring(from, end > from ? end : text.indexOf('}', from));
    if (value.equals("null")) {
      return; // a mileage that the catalogue takes for "not known"
    }
    double sent = Double.parseDouble(value);
    ages[aged] = Math.floorMod(Math.round(micros() - sent), 1_000_000);
    aged = aged + 1;
  }

  void reset() {
    count = 0;
    aged = 0;
  }

  /**
   * Microseconds from a car's publish to the delivery here, sorted; of each, less than a second.
   */
  int[] ages() {
    int[] sorted = Arrays.copyOf(ages, aged);
    Arrays.sort(sorted);
    return sorted;
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
