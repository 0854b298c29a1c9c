// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.cardatabridge.testing.Mosquitto;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;

/**
 * Our publisher beside Paho's asynchronous client with the same window, against a real mosquitto
 * and against a server that only swallows and acknowledges. {@code
 * docs/decisions/003-local-publisher.md} has the command and the figures.
 */
public final class PublisherBenchmark {

  private static final int BATCH = 500;
  private static final int COUNT = 100_000;
  private static final int ROUNDS = 3;

  private PublisherBenchmark() {}

  /**
   * Prints one line for each broker, client and quality of service; {@code ours-1} hands over a
   * batch when the one before is confirmed, as the sink does, {@code ours-2} keeps the window full.
   */
  public static void main(String[] args) throws Exception {
    Path dir = Files.createTempDirectory("bench");
    try (Mosquitto mosquitto =
            Mosquitto.start(dir, List.of("allow_anonymous true", "max_inflight_messages 0"));
        Swallower swallower = new Swallower()) {
      System.out.println("broker     client  qos   publishes/s   CPU s per 100,000 publishes");
      for (int qos = 0; qos < 2; qos++) {
        run("swallower", swallower.port(), qos);
        run("mosquitto", mosquitto.port(), qos);
      }
    }
  }

  private static void run(String broker, int port, int qos) throws Exception {
    List<Publication> batch = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      batch.add(
          Publication.of(
              "cardata/WBY00TEST00000001/vehicle/drivetrain/electricEngine/charging/level"
                  + i % 250,
              "{\"value\":" + i + ",\"unit\":\"%\",\"timestamp\":\"2026-01-31T12:00:00Z\"}",
              qos,
              true));
    }
    try (Publisher publisher =
        new Publisher(BrokerSettings.tcp("127.0.0.1", port, "ours"), Presence.on("bench/state"))) {
      publisher.start();
      measure(broker, "ours-1", qos, () -> ours(publisher, batch, 1));
      measure(broker, "ours-2", qos, () -> ours(publisher, batch, 2));
      System.out.printf(
          "%-10s ours    %d  two publications are confirmed after %d us (median)%n",
          broker, qos, confirmMicros(publisher, batch.subList(0, 2)));
    }
    MqttAsyncClient paho =
        new MqttAsyncClient("tcp://127.0.0.1:" + port, "paho", new MemoryPersistence());
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setCleanStart(true);
    paho.connect(options).waitForCompletion();
    measure(broker, "paho", qos, () -> paho(paho, batch));
    paho.disconnect().waitForCompletion();
    paho.close();
  }

  private interface Load {
    void run() throws Exception;
  }

  private static void measure(String broker, String client, int qos, Load load) throws Exception {
    load.run(); // warms up
    double best = 0;
    double cpu = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long cpuBefore = cpuNanos();
      long before = System.nanoTime();
      load.run();
      best = Math.max(best, COUNT * 1e9 / (System.nanoTime() - before));
      cpu = Math.min(cpu, (cpuNanos() - cpuBefore) / 1e9 * (100_000.0 / COUNT));
    }
    System.out.printf(Locale.ROOT, "%-10s %-7s %d %14.0f %13.2f%n", broker, client, qos, best, cpu);
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static void ours(Publisher publisher, List<Publication> batch, int batchesAhead)
      throws Exception {
    int batches = COUNT / BATCH;
    CountDownLatch all = new CountDownLatch(batches);
    Semaphore ahead = new Semaphore(batchesAhead);
    for (int i = 0; i < batches; i++) {
      ahead.acquire();
      publisher.publish(
          batch,
          failure -> {
            if (failure != null) {
              throw new IllegalStateException(failure);
            }
            ahead.release();
            all.countDown();
          });
    }
    all.await();
  }

  private static long confirmMicros(Publisher publisher, List<Publication> pair) throws Exception {
    long[] micros = new long[301];
    for (int i = 0; i < micros.length; i++) {
      CountDownLatch confirmed = new CountDownLatch(1);
      long before = System.nanoTime();
      publisher.publish(pair, failure -> confirmed.countDown());
      confirmed.await();
      micros[i] = (System.nanoTime() - before) / 1_000;
    }
    Arrays.sort(micros);
    return micros[micros.length / 2];
  }

  private static void paho(MqttAsyncClient client, List<Publication> batch) throws Exception {
    CountDownLatch all = new CountDownLatch(COUNT);
    Semaphore window = new Semaphore(Publisher.WINDOW);
    MqttActionListener confirmed =
        new MqttActionListener() {
          @Override
          public void onSuccess(IMqttToken token) {
            window.release();
            all.countDown();
          }

          @Override
          public void onFailure(IMqttToken token, Throwable failure) {
            throw new IllegalStateException(failure);
          }
        };
    for (int i = 0; i < COUNT; i++) {
      Publication publication = batch.get(i % BATCH);
      window.acquire();
      publish(client, publication, confirmed, window);
    }
    all.await();
  }

  private static void publish(
      MqttAsyncClient client,
      Publication publication,
      MqttActionListener confirmed,
      Semaphore window)
      throws Exception {
    for (; ; ) {
      try {
        client.publish(
            publication.topic(),
            publication.payload(),
            publication.qos(),
            publication.retain(),
            null,
            confirmed);
        return;
      } catch (MqttException e) {
        // Beyond the broker's Receive Maximum Paho throws 32202 instead of waiting.
        if (e.getReasonCode() != 32202) {
          throw e;
        }
        LockSupport.parkNanos(20_000);
      }
    }
  }

  /** A broker for one publisher at a time that takes everything and tells nobody. */
  private static final class Swallower implements AutoCloseable {

    private final ServerSocket server;

    Swallower() throws IOException {
      server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
      Thread thread = new Thread(this::serve, "swallower");
      thread.setDaemon(true);
      thread.start();
    }

    int port() {
      return server.getLocalPort();
    }

    private void serve() {
      while (!server.isClosed()) {
        try (Socket socket = server.accept()) {
          swallow(
              new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16)),
              socket.getOutputStream());
        } catch (IOException e) {
          if (!server.isClosed()) {
            throw new UncheckedIOException(e);
          }
        }
      }
    }

    private static void swallow(DataInputStream in, OutputStream out) throws IOException {
      byte[] acks = new byte[1 << 16];
      int filled = 0;
      byte[] packet = new byte[1 << 16];
      for (int first = in.read(); first >= 0; first = in.read()) {
        int length = 0;
        int shift = 0;
        int b;
        do {
          b = in.readUnsignedByte();
          length |= (b & 0x7f) << shift;
          shift += 7;
        } while (b > 0x7f);
        in.readFully(packet, 0, length);
        if (first >> 4 == 1) {
          boolean five = packet[6] == 5;
          out.write(five ? new byte[] {0x20, 3, 0, 0, 0} : new byte[] {0x20, 2, 0, 0});
        } else if (first >> 4 == 3 && (first & 2) != 0) {
          int id = 2 + ((packet[0] & 0xff) << 8 | packet[1] & 0xff);
          acks[filled++] = 0x40;
          acks[filled++] = 2;
          acks[filled++] = packet[id];
          acks[filled++] = packet[id + 1];
        } else if (first >> 4 == 14) {
          return;
        }
        if (filled > 0 && (in.available() == 0 || filled > acks.length - 8)) {
          out.write(acks, 0, filled);
          filled = 0;
        }
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
