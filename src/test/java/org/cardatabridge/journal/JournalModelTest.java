// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;

/**
 * Random life of a journal against a model of what must hold: publish, duplicates, corrections,
 * deliver, fail, refuse, kill, restart, retention, in any order. The long form has more lives, each
 * of them longer: {@code ./mvnw verify -Plong}.
 */
class JournalModelTest {

  private static final boolean LONG = Boolean.getBoolean("cardata.test.long");
  private static final int STEPS = LONG ? 250 : 80;
  private static final List<String> SINKS = List.of("a", "b", "c");

  private record Kept(CarMessage message, List<CarEvent> fresh, Set<String> sinks) {
    boolean isFor(String sink) {
      return sinks.isEmpty() || sinks.contains(sink);
    }
  }

  /** A point's place: message number and index among its fresh points. */
  private record Place(int message, int point) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      return message != other.message ? message - other.message : point - other.point;
    }
  }

  /** One life of a journal and what is known of it. */
  private static final class Life {
    private final Random random;
    private final Path root;
    private JournalFile file;
    private int copies;
    private final Map<String, CollectingSink> sinks = new TreeMap<>();
    private final Map<String, Boolean> failing = new TreeMap<>();

    private final List<Kept> log = new ArrayList<>();
    private final Map<String, List<CarEvent>> windows = new TreeMap<>();
    private final Map<String, CarEvent> newest = new TreeMap<>();
    private final Map<String, List<CarEvent>> refused = new TreeMap<>();
    private final Map<String, List<CarEvent>> delivered = new TreeMap<>();
    private final Map<String, Place> done = new TreeMap<>();
    private long duplicates;
    private long unparsed;

    private Life(Path root, long seed) {
      this.root = root;
      random = new Random(seed);
      file = new JournalFile(root.resolve("0"));
      file.keep = Duration.ofHours(1);
      file.open();
      SINKS.forEach(
          name -> {
            delivered.put(name, new ArrayList<>());
            refused.put(name, new ArrayList<>());
            done.put(name, new Place(0, 0));
          });
      begin();
    }

    private void begin() {
      for (String name : SINKS) {
        failing.put(name, false);
        CollectingSink sink =
            new CollectingSink(file.journal, name, "beginning", 1 + random.nextInt(5), 3);
        sink.target = event -> outcome(name, event);
        sinks.put(name, sink);
      }
    }

    private Delivery.Outcome outcome(String name, CarEvent event) {
      if (failing.get(name)) {
        return new Delivery.Outcome.Failed(new IllegalStateException("down"));
      }
      if (event.value() instanceof Long value && value % 13 == 0) {
        refused.get(name).add(event);
        return new Delivery.Outcome.Refused(new IllegalStateException("400"));
      }
      return new Delivery.Outcome.Delivered();
    }

    private void step() {
      int kind = random.nextInt(100);
      if (kind < 45) {
        publish(1 + random.nextInt(6));
      } else if (kind < 80) {
        String name = any(SINKS);
        for (int steps = random.nextInt(12); steps > 0; steps--) {
          deliver(name);
        }
      } else if (kind < 86) {
        failing.computeIfPresent(any(SINKS), (name, is) -> !is);
      } else if (kind < 90) {
        file.clock.move(Duration.ofSeconds(random.nextInt(120)));
      } else if (kind < 93) {
        file.derived();
      } else if (kind < 95) {
        reopen();
      } else if (kind < 98) {
        kill();
      } else {
        check();
      }
    }

    private void deliver(String name) {
      CollectingSink sink = sinks.get(name);
      int before = sink.taken.size();
      sink.step();
      List<CarEvent> taken = sink.taken.subList(before, sink.taken.size());
      delivered.get(name).addAll(taken);
    }

    private <T> T any(List<T> from) {
      return from.get(random.nextInt(from.size()));
    }

    private CarEvent event() {
      String key = "vehicle.key" + random.nextInt(4);
      List<CarEvent> known = windows.getOrDefault(key, List.of());
      int kind = random.nextInt(10);
      if (kind < 3 && !known.isEmpty()) {
        CarEvent old = known.get(known.size() - 1 - random.nextInt(Math.min(8, known.size())));
        if (kind < 2) {
          return at(key, old.value(), old.timestamp());
        }
        return at(key, random.nextInt(50) + 1_000L, old.timestamp());
      }
      file.clock.move(Duration.ofMillis(1 + random.nextInt(900)));
      Object value =
          switch (random.nextInt(6)) {
            case 0 -> null;
            case 1 -> "text" + random.nextInt(3);
            case 2 -> random.nextDouble();
            default -> (long) random.nextInt(100);
          };
      return at(key, value, file.clock.instant());
    }

    private CarEvent at(String key, Object value, java.time.Instant timestamp) {
      return new CarEvent(
          "main",
          Samples.VIN,
          Samples.VIN,
          key,
          value,
          "km",
          timestamp,
          file.clock.instant(),
          "stream");
    }

    private void publish(int messages) {
      CompletableFuture<?> last = null;
      for (int i = 0; i < messages; i++) {
        List<CarEvent> points = new ArrayList<>();
        for (int n = random.nextInt(6); n > 0; n--) {
          points.add(event());
        }
        CarMessage message =
            new CarMessage(
                "main",
                "stream",
                "t",
                file.clock.instant(),
                Samples.bytes("m" + log.size()),
                points);
        Set<String> only = random.nextInt(8) == 0 ? Set.of(any(SINKS)) : Set.of();
        last = publish(message, only);
        expect(message, only);
      }
      assertThat(last).succeedsWithin(Duration.ofSeconds(40));
    }

    private CompletableFuture<?> publish(CarMessage message, Set<String> only) {
      CompletableFuture<Object> done = new CompletableFuture<>();
      try {
        file.journal.publish(
            message,
            only,
            message.points().isEmpty(),
            failure -> {
              if (failure == null) {
                done.complete(message);
              } else {
                done.completeExceptionally(failure);
              }
            });
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return done;
    }

    private void expect(CarMessage message, Set<String> only) {
      List<CarEvent> fresh = new ArrayList<>();
      for (CarEvent event : message.points()) {
        List<CarEvent> window = windows.computeIfAbsent(event.key(), key -> new ArrayList<>());
        if (window.stream().anyMatch(old -> isSame(old, event))) {
          duplicates++;
          continue;
        }
        window.add(event);
        if (window.size() > 32) {
          window.remove(0);
        }
        fresh.add(event);
        CarEvent before = newest.get(event.key());
        if (before == null || !event.timestamp().isBefore(before.timestamp())) {
          newest.put(event.key(), event);
        }
      }
      if (message.points().isEmpty()) {
        unparsed++;
      }
      log.add(new Kept(message, fresh, only));
    }

    private static boolean isSame(CarEvent one, CarEvent other) {
      return one.timestamp().equals(other.timestamp())
          && java.util.Objects.equals(one.value(), other.value());
    }

    private void reopen() {
      file.reopen();
      afterRestart(true);
    }

    private void kill() {
      JournalFile copy = file.killedCopy(root.resolve(String.valueOf(++copies)));
      file.close();
      file = copy.open();
      assertThat(file.journal.notice()).isEmpty();
      afterRestart(false);
    }

    /** What was delivered and not saved comes again; never a point before a saved position. */
    private void afterRestart(boolean orderly) {
      duplicates = 0;
      unparsed = 0;
      Map<String, Position> before = new TreeMap<>();
      sinks.forEach((name, sink) -> before.put(name, sink.sink.cursor()));
      begin();
      for (String name : SINKS) {
        Position saved = sinks.get(name).sink.cursor();
        assertThat(saved.message()).isLessThanOrEqualTo(before.get(name).message());
        Place place = new Place((int) saved.message(), saved.point());
        List<CarEvent> already = expected(name, new Place(0, 0), place);
        List<CarEvent> all = delivered.get(name);
        // All before the saved place was done; what comes behind it is not counted twice.
        assertThat(all.size()).isGreaterThanOrEqualTo(already.size());
        if (orderly) {
          assertThat(all).hasSameSizeAs(already);
        }
        delivered.put(name, new ArrayList<>(all.subList(0, already.size())));
      }
      check();
    }

    /** What a sink's target takes between two places, in order. */
    private List<CarEvent> expected(String name, Place from, Place to) {
      List<CarEvent> found = new ArrayList<>();
      for (int number = from.message(); number < log.size() && number <= to.message(); number++) {
        Kept kept = log.get(number);
        for (int point = 0; kept.isFor(name) && point < kept.fresh().size(); point++) {
          Place place = new Place(number, point);
          CarEvent event = kept.fresh().get(point);
          boolean refusedOne = event.value() instanceof Long value && value % 13 == 0;
          if (place.compareTo(from) >= 0 && place.compareTo(to) < 0 && !refusedOne) {
            found.add(event);
          }
        }
      }
      return found;
    }

    private void check() {
      List<LogEntry> entries = file.entries(0);
      assertThat(entries).hasSameSizeAs(log);
      long points = 0;
      for (int i = 0; i < entries.size(); i++) {
        LogEntry entry = entries.get(i);
        Kept kept = log.get(i);
        assertThat(entry.sequence()).isEqualTo(i);
        assertThat(entry.pointsBefore()).isEqualTo(points);
        assertThat(entry.message().payload()).isEqualTo(kept.message().payload());
        assertThat(entry.message().points()).isEqualTo(kept.message().points());
        assertThat(entry.points()).isEqualTo(kept.fresh());
        assertThat(entry.sinks()).isEqualTo(kept.sinks());
        points += kept.fresh().size();
      }
      newest.forEach(
          (key, event) ->
              assertThat(file.journal.newest().newest(Samples.VIN, key)).contains(event));
      assertThat(file.journal.snapshot().duplicates()).isEqualTo(duplicates);
      assertThat(file.journal.snapshot().unparsed()).isEqualTo(unparsed);
      for (String name : SINKS) {
        List<CarEvent> all = expected(name, new Place(0, 0), new Place(log.size(), 0));
        assertThat(delivered.get(name)).isEqualTo(all.subList(0, delivered.get(name).size()));
      }
      assertThat(file.journal.trouble()).isEmpty();
    }

    /** In the end every sink gets everything, nothing set aside is lost, and the old ones go. */
    private void end() throws Exception {
      SINKS.forEach(name -> failing.put(name, false));
      for (String name : SINKS) {
        CollectingSink sink = sinks.get(name);
        int before = sink.taken.size();
        sink.drain();
        delivered.get(name).addAll(sink.taken.subList(before, sink.taken.size()));
        assertThat(delivered.get(name))
            .isEqualTo(expected(name, new Place(0, 0), new Place(log.size(), 0)));
      }
      check();
      file.derived().reopen();
      duplicates = 0;
      unparsed = 0;
      check();
      for (String name : SINKS) {
        List<CarEvent> kept =
            file.journal.setAside().stream()
                .filter(one -> one.sink().equals(name))
                .map(SetAside::event)
                .toList();
        assertThat(kept).containsAll(refused.get(name));
      }
      long fresh = log.stream().mapToLong(kept -> kept.fresh().size()).sum();
      assertThat(file.sql("SELECT count(*) FROM history")).containsExactly(String.valueOf(fresh));
      assertThat(file.sql("SELECT count(*) FROM newest_values"))
          .containsExactly(String.valueOf(newest.size()));
      assertThat(file.sql("PRAGMA integrity_check")).containsExactly("ok");
      retention();
    }

    private void retention() throws Exception {
      publish(1);
      begin();
      file.derived();
      int last = log.size() - 1;
      file.clock.move(Duration.ofHours(2));
      file.reopen();
      org.awaitility.Awaitility.await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> file.journal.log().first().message() == last);
      assertThat(file.entries(0)).hasSize(1);
      assertThat(file.sql("SELECT count(*) FROM series WHERE last < " + last)).containsExactly("0");
      newest.forEach(
          (key, event) ->
              assertThat(file.journal.newest().newest(Samples.VIN, key)).contains(event));
    }
  }

  @Property(tries = 5, shrinking = ShrinkingMode.OFF)
  void anyLifeOfAJournalHolds(@ForAll long seed) throws Exception {
    for (int i = 0; i < (LONG ? 10 : 1); i++) {
      live(seed + i);
    }
  }

  private static void live(long seed) throws Exception {
    Path root = Files.createTempDirectory("journal-model");
    Life life = new Life(root, seed);
    try {
      for (int step = 0; step < STEPS; step++) {
        life.step();
      }
      life.end();
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError("the life of seed " + seed, e);
    } finally {
      life.file.close();
      TemporaryDirectory.delete(root);
    }
  }
}
