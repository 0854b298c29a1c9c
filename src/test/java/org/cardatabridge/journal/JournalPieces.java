// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.cardatabridge.CarMessage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The journal's pieces, microseconds a message of 20 data points; the queries, microseconds each.
 * {@code docs/performance.md} has the command.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx128m", "-XX:+UseSerialGC"})
@State(Scope.Thread)
public class JournalPieces {

  private static final int GROUP = 128;
  private static final int HELD = 10_000;

  /** Whether each commit of messages waits for the disk. */
  @Param("false")
  public boolean syncFull;

  private Path directory;
  private Names names;
  private PointCodec codec;
  private Readers readers;
  private StoredLog stored;
  private PendingHistory pending;
  private StoredHistory history;
  private Storage storage;
  private Instant end;
  private long next;
  private List<LogEntry> group;
  private CarMessage message;
  private byte[] points;
  private int vehicle;
  private int key;

  /** Makes a journal of 10,000 messages over 400 days. */
  @Setup
  public void prepare() throws IOException, SQLException, InterruptedException {
    directory = Files.createTempDirectory("cardata-pieces");
    end = Instant.now();
    LargeJournal.write(directory, HELD * 20L, end);
    Database database = new Database(directory.resolve("journal.db"), syncFull, List.of());
    names = new Names();
    readers = new Readers(database);
    stored = new StoredLog(readers, names);
    pending = new PendingHistory(names);
    pending.begin(HELD);
    history = new StoredHistory(readers, pending, names);
    storage = new Storage(database, names);
    stored.names().forEach(names::known);
    codec = new PointCodec(names);
    message = LargeJournal.message(0, end);
    points = codec.encode(Storage.frame(message), message.points(), message.points());
    vehicle = names.find(LargeJournal.VIN);
    key = names.find(LargeJournal.KEY);
    next = HELD;
  }

  /** Messages that are not in the file yet. */
  @Setup(Level.Invocation)
  public void nextGroup() {
    group = new ArrayList<>();
    for (int i = 0; i < GROUP; i++) {
      CarMessage fresh = LargeJournal.message(next, end.plusSeconds(next));
      group.add(new LogEntry(next, next * 20, next * 20, fresh, fresh.points(), Set.of()));
      next++;
    }
  }

  /** Checkpoints, so that the write-ahead log stays as small as it is in the bridge. */
  @TearDown(Level.Invocation)
  public void checkpoint() throws SQLException {
    if (next % (GROUP * 64) == 0) {
      storage.checkpoint(false);
    }
  }

  /** Deletes it. */
  @TearDown
  public void delete() throws SQLException {
    storage.close();
    readers.close();
    TemporaryDirectory.delete(directory);
  }

  /** Puts a message's data points into the compact form. */
  @Benchmark
  @OperationsPerInvocation(GROUP)
  public int encode() {
    int size = 0;
    for (LogEntry entry : group) {
      size += codec.encode(Storage.frame(entry.message()), entry.points(), entry.points()).length;
    }
    return size;
  }

  /** Reads them back. */
  @Benchmark
  @OperationsPerInvocation(GROUP)
  public int decode() {
    int size = 0;
    for (int i = 0; i < GROUP; i++) {
      size += codec.decode(Storage.frame(message), points).fresh().size();
    }
    return size;
  }

  /** Appends messages, 128 in a commit. */
  @Benchmark
  @OperationsPerInvocation(GROUP)
  public void append() throws SQLException {
    storage.append(group, Unsaved.Portion.NONE);
  }

  /** Works messages into history and newest values, as many in a commit as the bridge takes. */
  @Benchmark
  @OperationsPerInvocation(GROUP)
  public void history() throws SQLException {
    for (LogEntry entry : group) {
      pending.add(entry, (car, descriptor, event) -> false);
    }
    if (pending.dueIn(System.nanoTime()) <= 0) {
      PendingHistory.Portion portion = pending.portion();
      storage.write(portion);
      pending.written(portion);
    }
  }

  /** Reads messages as a sink does that is behind, 128 at once. */
  @Benchmark
  @OperationsPerInvocation(GROUP)
  public int read() {
    return stored.read(next % (HELD - GROUP), GROUP, false).size();
  }

  /** Reads them as an export does, with their bytes. */
  @Benchmark
  @OperationsPerInvocation(GROUP)
  public int readWithPayload() {
    return stored.read(next % (HELD - GROUP), GROUP, true).size();
  }

  /** The last thousand values of a descriptor of a car. */
  @Benchmark
  public int historyOfThousand() {
    return history.read(vehicle, key, Instant.MIN, Instant.MAX, 1_000, true).values().size();
  }
}
