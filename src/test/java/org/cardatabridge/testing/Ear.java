// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Another program at the local broker: hears everything at QoS 1, byte for byte. It speaks MQTT
 * 3.1.1 by hand, as Paho throws away what it has read and not handed over when a broker vanishes.
 */
public final class Ear implements AutoCloseable {

  /** One message as it was heard, at a moment of {@link System#nanoTime}. */
  public record Heard(String topic, byte[] payload, boolean retained, long nanos) {
    /** The payload as UTF-8. */
    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }
  }

  private final int port;
  private final List<Heard> heard = new ArrayList<>();
  private Socket socket;
  private Thread reader;

  private Ear(int port) {
    this.port = port;
  }

  /** Listens to the broker on a port of this machine. */
  public static Ear on(int port) throws Exception {
    Ear ear = new Ear(port);
    ear.listen();
    return ear;
  }

  /** Connects and subscribes, again after the broker was away. */
  public void listen() throws Exception {
    // What the broker had sent before it went is read to its end first.
    if (reader != null) {
      reader.join(TimeUnit.SECONDS.toMillis(5));
    }
    hangUp();
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    CountDownLatch subscribed = new CountDownLatch(1);
    // CONNECT without a name, clean session, no keep-alive; SUBSCRIBE to # at QoS 1.
    out.write(new byte[] {0x10, 12, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 0});
    out.write(new byte[] {(byte) 0x82, 6, 0, 1, 0, 1, '#', 1});
    reader =
        new Thread(
            () -> {
              try {
                readAll(in, out, subscribed);
              } catch (IOException e) {
                // The broker is gone, or this ear is closed.
                subscribed.countDown();
              }
            },
            "ear");
    reader.setDaemon(true);
    reader.start();
    assertThat(subscribed.await(40, TimeUnit.SECONDS)).isTrue();
  }

  private void readAll(DataInputStream in, DataOutputStream out, CountDownLatch subscribed)
      throws IOException {
    while (true) {
      int first = in.readUnsignedByte();
      int length = 0;
      int digit;
      int shift = 0;
      do {
        digit = in.readUnsignedByte();
        length |= (digit & 0x7F) << shift;
        shift += 7;
      } while ((digit & 0x80) != 0);
      byte[] body = new byte[length];
      in.readFully(body);
      if (first >> 4 == 9) {
        subscribed.countDown();
      } else if (first >> 4 == 3) {
        take(first, body, out);
      }
    }
  }

  private void take(int first, byte[] body, DataOutputStream out) throws IOException {
    int topicLength = (body[0] & 0xFF) << 8 | body[1] & 0xFF;
    String topic = new String(body, 2, topicLength, StandardCharsets.UTF_8);
    boolean confirmed = (first & 0x06) != 0;
    int at = 2 + topicLength;
    byte[] payload = Arrays.copyOfRange(body, confirmed ? at + 2 : at, body.length);
    synchronized (heard) {
      heard.add(new Heard(topic, payload, (first & 1) != 0, System.nanoTime()));
    }
    if (confirmed) {
      confirm(out, body[at], body[at + 1]);
    }
  }

  /** A broker that is gone hears nothing, but what it sent is still to be read. */
  private static void confirm(DataOutputStream out, byte high, byte low) {
    try {
      out.write(new byte[] {0x40, 2, high, low});
    } catch (IOException e) {
      // Reading tells when the end has come.
    }
  }

  /** Everything heard so far, in order. */
  public List<Heard> heard() {
    synchronized (heard) {
      return List.copyOf(heard);
    }
  }

  /** How many messages were heard. */
  public int size() {
    synchronized (heard) {
      return heard.size();
    }
  }

  /** What came on one topic, in order. */
  public List<String> on(String topic) {
    return heard().stream().filter(h -> h.topic().equals(topic)).map(Heard::text).toList();
  }

  /** The numbers that came on one topic while it listened, in order. */
  public List<Integer> numbers(String topic) {
    return heard().stream()
        .filter(h -> h.topic().equals(topic) && !h.retained())
        .map(h -> Integer.valueOf(h.text()))
        .toList();
  }

  /** The last payload of each topic. */
  public Map<String, String> latest() {
    Map<String, String> latest = new TreeMap<>();
    heard().forEach(h -> latest.put(h.topic(), h.text()));
    return latest;
  }

  /** Waits until this is the last payload of a topic. */
  public void awaitOn(String topic, String payload) {
    await(topic + " = " + payload)
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> assertThat(latest().get(topic)).isEqualTo(payload));
  }

  /** What a newcomer finds retained on the broker: topics with payloads. */
  public static Map<String, String> retained(int port) throws Exception {
    try (Ear newcomer = Ear.on(port)) {
      int[] before = {-1};
      await("retained topics")
          .atMost(Duration.ofSeconds(40))
          .pollInterval(Duration.ofMillis(200))
          .until(
              () -> {
                int now = newcomer.size();
                boolean still = now == before[0];
                before[0] = now;
                return still;
              });
      Map<String, String> all = new TreeMap<>();
      newcomer.heard().stream().filter(Heard::retained).forEach(h -> all.put(h.topic(), h.text()));
      return all;
    }
  }

  private void hangUp() throws IOException {
    if (socket != null) {
      socket.close();
    }
  }

  @Override
  public void close() throws IOException {
    hangUp();
  }
}
