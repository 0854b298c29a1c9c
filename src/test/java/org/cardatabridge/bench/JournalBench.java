// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bench;

import static org.cardatabridge.bench.Rig.say;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.cardatabridge.CarMessage;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.JournalSettings;
import org.cardatabridge.journal.LargeJournal;

/**
 * The journal alone, until the last message is acknowledged, and its history written behind; beside
 * it sqlite-jdbc with one table that takes the same bytes in commits of up to as many messages.
 */
final class JournalBench {

  private static final int MOST_IN_A_COMMIT = 256;
  private static final int PASSES = 3;
  private static final byte[] END = {};

  private JournalBench() {}

  /** How long a run took. */
  private record Run(double seconds, double cpu, double historySeconds, double historyCpu) {}

  static void run(Path dir) throws Exception {
    for (boolean full : new boolean[] {true, false}) {
      for (int size : new int[] {20, 1}) {
        for (int publishers : new int[] {1, 8}) {
          int messages = size == 20 ? 12_000 : 60_000;
          List<Run> journal = new ArrayList<>();
          List<Run> bare = new ArrayList<>();
          for (int pass = 0; pass <= PASSES; pass++) {
            Path home = dir.resolve(full + "-" + size + "-" + publishers + "-" + pass);
            Run one = journal(Files.createDirectories(home), full, size, publishers, messages);
            Run other = bare(home.resolve("bare.db"), full, size, publishers, messages);
            if (pass > 0) {
              journal.add(one);
              bare.add(other);
            }
          }
          print(full, size, publishers, messages, journal, bare);
        }
      }
    }
  }

  private static void print(
      boolean full, int size, int publishers, int messages, List<Run> journal, List<Run> bare) {
    double points = (double) messages * size;
    double ours = points / median(journal, Run::seconds);
    double theirs = points / median(bare, Run::seconds);
    say(
        "sync=%-6s %2d points, %d publishers: journal %,.0f points/s, bare %,.0f, ratio %.2f;"
            + " with history %,.0f; CPU s for 100,000 %.2f (with history %.2f), bare %.2f",
        full ? "full" : "normal",
        size,
        publishers,
        ours,
        theirs,
        ours / theirs,
        points / median(journal, Run::historySeconds),
        median(journal, Run::cpu) * 1e5 / points,
        median(journal, Run::historyCpu) * 1e5 / points,
        median(bare, Run::cpu) * 1e5 / points);
  }

  private static double median(List<Run> runs, java.util.function.ToDoubleFunction<Run> of) {
    return BridgeBenchmark.median(runs.stream().mapToDouble(of).toArray());
  }

  private static double cpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }

  private static List<CarMessage> messages(int from, int step, int size, int count) {
    List<CarMessage> made = new ArrayList<>();
    Instant now = Instant.now();
    for (int n = from; n < count; n += step) {
      made.add(LargeJournal.message(n, size, now.plusMillis(n)));
    }
    return made;
  }

  @FunctionalInterface
  private interface Taker {
    void take(CarMessage message) throws Exception;
  }

  /** Publishes with so many threads; returns when all of them have handed over everything. */
  private static void publish(int publishers, int size, int count, Taker taker) throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int p = 0; p < publishers; p++) {
      int from = p;
      Thread thread =
          new Thread(
              () -> {
                try {
                  for (CarMessage message : messages(from, publishers, size, count)) {
                    taker.take(message);
                  }
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static Run journal(Path home, boolean full, int size, int publishers, int count)
      throws Exception {
    JournalSettings settings =
        new JournalSettings(
            home.resolve("journal.db"), full, Duration.ofDays(4_000), 1L << 40, List.of());
    try (Journal journal = new Journal(settings, Clock.systemUTC())) {
      Semaphore kept = new Semaphore(0);
      double cpu = cpu();
      long begin = System.nanoTime();
      publish(
          publishers,
          size,
          count,
          message -> journal.publish(message, false, failure -> kept.release()));
      kept.acquire(count);
      double seconds = (System.nanoTime() - begin) / 1e9;
      double used = cpu() - cpu;
      LargeJournal.awaitHistory(journal);
      return new Run(seconds, used, (System.nanoTime() - begin) / 1e9, cpu() - cpu);
    }
  }

  private static Run bare(Path file, boolean full, int size, int publishers, int count)
      throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA page_size = 8192");
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = " + (full ? "FULL" : "NORMAL"));
      statement.execute(
          "CREATE TABLE messages (number INTEGER PRIMARY KEY, received INTEGER, source TEXT,"
              + " account TEXT, topic TEXT, points BLOB, payload BLOB)");
      connection.setAutoCommit(false);
      BlockingQueue<CarMessage> queue = new ArrayBlockingQueue<>(MOST_IN_A_COMMIT);
      AtomicLong written = new AtomicLong();
      // About what the compact form of the points takes.
      byte[] points = new byte[12 * size];
      double cpu = cpu();
      long begin = System.nanoTime();
      Thread writer = new Thread(() -> write(connection, queue, points, written));
      writer.start();
      publish(publishers, size, count, queue::put);
      queue.put(new CarMessage("", "", "", Instant.EPOCH, END, List.of()));
      writer.join();
      double seconds = (System.nanoTime() - begin) / 1e9;
      if (written.get() != count) {
        throw new IllegalStateException("written: " + written.get());
      }
      return new Run(seconds, cpu() - cpu, seconds, cpu() - cpu);
    }
  }

  private static void write(
      Connection connection, BlockingQueue<CarMessage> queue, byte[] points, AtomicLong written) {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?)")) {
      List<CarMessage> group = new ArrayList<>();
      boolean ended = false;
      while (!ended) {
        group.add(queue.take());
        queue.drainTo(group, MOST_IN_A_COMMIT - 1);
        for (CarMessage message : group) {
          if (message.payload() == END) {
            ended = true;
            continue;
          }
          insert.setLong(1, written.incrementAndGet());
          insert.setLong(2, message.received().toEpochMilli());
          insert.setString(3, message.source());
          insert.setString(4, message.account());
          insert.setString(5, message.topic());
          insert.setBytes(6, points);
          insert.setBytes(7, message.payload());
          insert.addBatch();
        }
        insert.executeBatch();
        connection.commit();
        group.clear();
      }
    } catch (SQLException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
