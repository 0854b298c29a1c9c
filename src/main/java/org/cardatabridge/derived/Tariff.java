// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a kilowatt-hour costs, which may depend on the time of day. Immutable and safe for use by
 * many threads. It knows no currency.
 */
public final class Tariff {

  /** What {@link #parse} takes, in words. */
  public static final String TAKES =
      "a price such as 0.32, or one with times of day: 0.32, 22:00-06:00=0.24";

  private static final Pattern PRICE = Pattern.compile("\\d{1,6}(\\.\\d{1,6})?");
  private static final Pattern WINDOW =
      Pattern.compile(
          "((?:[01]\\d|2[0-3]):[0-5]\\d)-((?:[01]\\d|2[0-3]):[0-5]\\d)=(\\d{1,6}(?:\\.\\d{1,6})?)");

  /** A time of day, over midnight where it begins later than it ends, and its price. */
  private record Window(LocalTime from, LocalTime to, double price) {

    boolean holds(LocalTime time) {
      boolean begun = !time.isBefore(from);
      boolean over = !time.isBefore(to);
      return from.isBefore(to) ? begun && !over : begun || !over;
    }
  }

  private final double usual;
  private final List<Window> windows;
  private final ZoneId zone;

  private Tariff(double usual, List<Window> windows, ZoneId zone) {
    this.usual = usual;
    this.windows = List.copyOf(windows);
    this.zone = zone;
  }

  /**
   * Reads {@code 0.32} or {@code 0.32, 22:00-06:00=0.24}; empty where the text is neither.
   *
   * @param zone where the times of day are meant
   */
  public static Optional<Tariff> parse(String text, ZoneId zone) {
    String[] parts = text.split(",");
    if (!PRICE.matcher(parts[0].trim()).matches()) {
      return Optional.empty();
    }
    List<Window> windows = new ArrayList<>();
    for (int i = 1; i < parts.length; i++) {
      Matcher window = WINDOW.matcher(parts[i].trim());
      if (!window.matches()) {
        return Optional.empty();
      }
      windows.add(
          new Window(
              LocalTime.parse(window.group(1)),
              LocalTime.parse(window.group(2)),
              Double.parseDouble(window.group(3))));
    }
    return Optional.of(new Tariff(Double.parseDouble(parts[0].trim()), windows, zone));
  }

  /** The price outside all windows, for a kilowatt-hour. */
  double usual() {
    return usual;
  }

  /**
   * What energy costs that was drawn evenly between two times.
   *
   * @param energy in kWh
   */
  double cost(Instant from, Instant to, double energy) {
    long minutes = Math.max(1, Duration.between(from, to).toMinutes());
    if (windows.isEmpty() || minutes == 1) {
      return energy * price(from);
    }
    double sum = 0;
    for (long minute = 0; minute < minutes; minute++) {
      sum += price(from.plus(minute, ChronoUnit.MINUTES));
    }
    return energy * sum / minutes;
  }

  private double price(Instant time) {
    LocalTime local = time.atZone(zone).toLocalTime();
    for (Window window : windows) {
      if (window.holds(local)) {
        return window.price();
      }
    }
    return usual;
  }
}
