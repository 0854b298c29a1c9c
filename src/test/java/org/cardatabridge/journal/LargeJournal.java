// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;

/**
 * A journal as it is after a long time: four cars, 400 days, forty descriptors of each car, a half
 * of them in each message. Written by the journal itself, with {@code sync=normal}.
 */
public final class LargeJournal {

  /** How long the cars were on the road, up to now. */
  public static final Duration SPAN = Duration.ofDays(400);

  /** The first car. */
  public static final String VIN = vin(0);

  private static final int CARS = 4;
  private static final int KEYS = 40;
  private static final int IN_MESSAGE = 20;
  private static final String[] UNITS = {"km", "%", "kPa", "°C", null};
  private static final String[] AREAS = {"vehicle", "drivetrain", "cabin", "chassis", "body"};

  /** A descriptor of which each car has a fortieth of its data points. */
  public static final String KEY = key(7);

  private LargeJournal() {}

  /** Writes one into {@code journal.db} of a directory, with at least so many data points. */
  public static void write(Path dataDir, long points, Instant end) throws InterruptedException {
    JournalSettings settings =
        new JournalSettings(
            dataDir.resolve("journal.db"),
            false,
            SPAN.multipliedBy(10),
            Long.MAX_VALUE >> 1,
            List.of());
    long messages = (points + IN_MESSAGE - 1) / IN_MESSAGE;
    Instant begin = end.minus(SPAN);
    try (Journal journal = new Journal(settings, Clock.systemUTC())) {
      Semaphore open = new Semaphore(0);
      for (long n = 0; n < messages; n++) {
        Instant received = begin.plusMillis(SPAN.toMillis() / messages * n);
        journal.publish(message(n, received), false, failure -> open.release());
      }
      open.acquire((int) messages);
      awaitHistory(journal);
    }
  }

  /** Waits until everything published is in the history. */
  public static void awaitHistory(Journal journal) {
    long end = journal.log().next().message();
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofMinutes(30))
        .until(
            () -> {
              journal.writeHistory();
              return journal.derived() >= end;
            });
  }

  private static String vin(long car) {
    return "WBY00000000000" + (100 + car);
  }

  /** The n-th message, 20 data points, about 2.5 KB as BMW would have sent it. */
  public static CarMessage message(long n, Instant received) {
    return message(n, IN_MESSAGE, received);
  }

  /** The n-th message with so many data points, at most 40. */
  public static CarMessage message(long n, int size, Instant received) {
    String vin = vin(n % CARS);
    Instant at = received.truncatedTo(ChronoUnit.MICROS);
    List<CarEvent> points = new ArrayList<>(size);
    StringBuilder text = new StringBuilder(120 * size + 200);
    text.append("{\"vin\":\"").append(vin).append("\",\"entityId\":\"gcid-bench\",\"topic\":\"");
    text.append(vin).append("\",\"timestamp\":\"").append(at).append("\",\"data\":{");
    for (int i = 0; i < size; i++) {
      int key = (int) ((n / CARS * size + i) % KEYS);
      String name = key(key);
      Object value = value(key, n);
      String unit = value instanceof Number ? UNITS[key % UNITS.length] : null;
      Instant measured = at.minusMillis(40 + key * 53L % 2_900).truncatedTo(ChronoUnit.MILLIS);
      points.add(new CarEvent("main", vin, vin, name, value, unit, measured, at, "stream"));
      text.append(i == 0 ? "\"" : ",\"").append(name).append("\":{\"timestamp\":\"");
      text.append(measured).append("\",\"value\":");
      text.append(value instanceof String ? "\"" + value + "\"" : value);
      if (unit != null) {
        text.append(",\"unit\":\"").append(unit).append('"');
      }
      text.append('}');
    }
    byte[] payload = text.append("}}").toString().getBytes(StandardCharsets.UTF_8);
    return new CarMessage("main", "stream", "gcid-bench/" + vin, at, payload, points);
  }

  private static String key(int key) {
    return "vehicle.%s.part%02d.measured.value".formatted(AREAS[key % AREAS.length], key);
  }

  /** Counters, percentages, measurements, switches and states, as cars send them. */
  private static Object value(int key, long n) {
    return switch (key % 8) {
      case 0 -> 80_000 + n / 10;
      case 1, 2 -> n % 101;
      case 3 -> (n % 1_000) / 10.0;
      case 4 -> n % 16 < 8;
      case 5 ->
          Map.of(0, "CHARGINGACTIVE", 1, "NOCHARGING", 2, "CLOSED")
              .getOrDefault((int) (n % 4), "OPEN");
      case 6 -> 48.0 + n % 100_000 / 1e5;
      default -> 220 + n % 40;
    };
  }

  /** Writes one: directory, number of data points. */
  public static void main(String[] args) throws InterruptedException {
    write(Path.of(args[0]), Long.parseLong(args[1]), Instant.now());
  }
}
