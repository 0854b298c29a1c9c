// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.cardatabridge.CarEvent;

/**
 * Data points on their way into the history: gathered by vehicle and descriptor, so that many make
 * one row. What is gathered when the bridge is killed is worked out from the messages again. One
 * thread fills and empties it; reading is safe for many.
 */
final class PendingHistory {

  /** A row of that size fits four times into a page: SQLite would put a longer one elsewhere. */
  private static final int LONGEST_BLOCK = 1_700;

  /**
   * Rows of a descriptor that together are shorter than this stay apart. In a flood what would be
   * four or five such rows becomes one, of which SQLite puts all but a thousand bytes on a page of
   * its own that is written once: docs/decisions/009-journal-on-sqlite.md.
   */
  private static final int SHORTEST_LONG_ROW = 6_000;

  private static final int LONGEST_ROW = 10_000;

  private static final int MOST_CHARACTERS = 640_000;

  /** A start works out at most 10,000 messages before it takes new ones. */
  private static final int MOST_MESSAGES = 8_000;

  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Late values open further blocks; those before are looked through for a matching one. */
  private static final int LOOKED_THROUGH = 4;

  private final Names names;
  private final Map<String, Map<String, Gathered>> series = new HashMap<>();
  private long from;
  private long to;
  private int characters;
  private long begun;

  /** What was gathered of one descriptor of one vehicle. */
  private static final class Gathered {
    private final int vehicle;
    private final int key;
    private final List<Block> blocks = new ArrayList<>(1);
    private CarEvent newest;
    private long newestNumber;

    Gathered(int vehicle, int key) {
      this.vehicle = vehicle;
      this.key = key;
    }

    Block block(long hour, String unit, String source, Names names) {
      for (int i = blocks.size() - 1; i >= Math.max(0, blocks.size() - LOOKED_THROUGH); i--) {
        Block block = blocks.get(i);
        if (block.hour == hour
            && Objects.equals(block.unit, unit)
            && block.source.equals(source)
            && block.json.length() < LONGEST_BLOCK) {
          return block;
        }
      }
      Block block = new Block(hour, unit, source, names);
      blocks.add(block);
      return block;
    }

    void newest(CarEvent event, long number) {
      if (event.timestamp().isAfter(event.received())
          && event.timestamp().isAfter(event.received().plus(NewestValues.FUTURE_LIMIT))) {
        return;
      }
      if (newest == null || event.replaces(newest)) {
        newest = event;
        newestNumber = number;
      }
    }
  }

  private static final class Block {
    private final long hour;
    private final String unit;
    private final int unitNumber;
    private final String source;
    private final int sourceNumber;
    private final StringBuilder json = new StringBuilder(32);
    private long last;

    Block(long hour, String unit, String source, Names names) {
      this.hour = hour;
      this.unit = unit;
      this.unitNumber = unit == null ? Names.NONE : names.number(unit);
      this.source = source;
      this.sourceNumber = names.number(source);
    }

    boolean isLike(Block other) {
      return hour == other.hour && Objects.equals(unit, other.unit) && source.equals(other.source);
    }
  }

  /**
   * The newest value of a descriptor among those that were gathered.
   *
   * @param number of its message
   */
  record Newest(int vehicle, int key, CarEvent event, long number) {}

  /**
   * What is to be written: all of it or nothing.
   *
   * @param blocks sorted as the table is
   * @param to number of the message that is to be gathered next
   */
  record Portion(List<HistoryBlock> blocks, List<Newest> newest, long to) {}

  PendingHistory(Names names) {
    this.names = names;
  }

  /** Begins empty with this message, as all before are in the file. */
  synchronized void begin(long number) {
    series.clear();
    characters = 0;
    from = number;
    to = number;
  }

  /** Messages before this number are in the history of the file. */
  synchronized long from() {
    return from;
  }

  /** Messages before this number are in the file or gathered here. */
  synchronized long to() {
    return to;
  }

  /** Says which values the history holds already. */
  @FunctionalInterface
  interface Known {
    boolean has(int vehicle, int key, CarEvent event);
  }

  /**
   * Takes the next message.
   *
   * @param known asked for replayed values only
   */
  synchronized void add(LogEntry entry, Known known) {
    if (from == to) {
      begun = System.nanoTime();
    }
    boolean isReplay = entry.message().source().equals("replay");
    for (CarEvent event : entry.points()) {
      Gathered gathered = gathered(event);
      if (gathered == null) {
        continue;
      }
      gathered.newest(event, entry.sequence());
      if (!isReplay || !known.has(gathered.vehicle, gathered.key, event)) {
        add(gathered, event, entry.sequence());
      }
    }
    to = entry.sequence() + 1;
  }

  /** Where a data point belongs; null where its names have no numbers. */
  private Gathered gathered(CarEvent event) {
    Map<String, Gathered> ofVehicle = series.get(event.vin());
    Gathered gathered = ofVehicle == null ? null : ofVehicle.get(event.key());
    if (gathered == null) {
      int vehicle = names.number(event.vin());
      int key = names.number(event.key());
      if (vehicle == Names.NONE || key == Names.NONE) {
        return null;
      }
      gathered = new Gathered(vehicle, key);
      series.computeIfAbsent(event.vin(), vin -> new HashMap<>()).put(event.key(), gathered);
    }
    return gathered;
  }

  private void add(Gathered gathered, CarEvent event, long number) {
    long timestamp = Micros.of(event.timestamp());
    long hour = HistoryBlock.hourOf(timestamp);
    Block block = gathered.block(hour, event.unit(), event.source(), names);
    StringBuilder json = block.json;
    int before = json.length();
    json.append(before == 0 ? '[' : ',').append('[');
    json.append(timestamp - hour * HistoryBlock.HOUR).append(',');
    json.append(Micros.of(event.received()) - timestamp).append(',');
    append(json, event.value());
    json.append(']');
    block.last = number;
    characters += json.length() - before;
  }

  private static void append(StringBuilder json, Object value) {
    // Nearly all values are one of these.
    if (value instanceof Long number) {
      json.append((long) number);
    } else if (value instanceof Boolean truth) {
      json.append((boolean) truth);
    } else if (value instanceof String text) {
      quote(json, text);
    } else {
      append(json, StoredValue.of(value));
    }
  }

  private static void append(StringBuilder json, StoredValue stored) {
    Object value = stored.value();
    switch (stored.kind()) {
      case StoredValue.NOT_AVAILABLE -> json.append("null");
      case StoredValue.BOOLEAN -> json.append(!value.equals(0L));
      case StoredValue.REAL -> append(json, (double) value);
      case StoredValue.TEXT -> quote(json, (String) value);
      case StoredValue.DECIMAL -> {
        quote(json, (String) value);
        json.append(",\"").append(HistoryBlock.DECIMAL).append('"');
      }
      default -> json.append(value); // an integer, or JSON
    }
  }

  /** JSON has no word for the infinite; a number that is too large is read as that. */
  private static void append(StringBuilder json, double number) {
    if (Double.isInfinite(number)) {
      json.append(number > 0 ? "9e999" : "-9e999");
    } else {
      json.append(number);
    }
  }

  private static void quote(StringBuilder json, String text) {
    json.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, json);
    json.append('"');
  }

  /** Nanoseconds until it is to be written; {@link Long#MAX_VALUE} where there is nothing. */
  synchronized long dueIn(long now) {
    if (from == to) {
      return Long.MAX_VALUE;
    }
    return isFull() ? 0 : begun + LONGEST_NANOS - now;
  }

  private boolean isFull() {
    return characters > MOST_CHARACTERS || to - from > MOST_MESSAGES;
  }

  /** What is gathered; it stays here until {@link #written}. */
  synchronized Portion portion() {
    List<HistoryBlock> blocks = new ArrayList<>();
    List<Newest> newest = new ArrayList<>();
    for (Map<String, Gathered> ofVehicle : series.values()) {
      for (Gathered of : ofVehicle.values()) {
        addBlocks(of, blocks);
        if (of.newest != null) {
          newest.add(new Newest(of.vehicle, of.key, of.newest, of.newestNumber));
        }
      }
    }
    // In the order of the table: each of its pages is looked for and written once.
    blocks.sort(
        Comparator.comparingInt(HistoryBlock::vehicle)
            .thenComparingInt(HistoryBlock::key)
            .thenComparingLong(HistoryBlock::hour)
            .thenComparingLong(HistoryBlock::last));
    newest.sort(Comparator.comparingInt(Newest::vehicle).thenComparingInt(Newest::key));
    return new Portion(blocks, newest, to);
  }

  private static void addBlocks(Gathered of, List<HistoryBlock> to) {
    int part = 0;
    for (int from = 0; from < of.blocks.size(); ) {
      int end = endOfRow(of.blocks, from);
      Block last = of.blocks.get(end - 1);
      to.add(
          new HistoryBlock(
              of.vehicle,
              of.key,
              last.hour,
              last.last,
              part++,
              last.unitNumber,
              last.sourceNumber,
              row(of.blocks.subList(from, end))));
      from = end;
    }
  }

  /** Behind the block with which a row ends that begins with this one. */
  private static int endOfRow(List<Block> blocks, int from) {
    Block first = blocks.get(from);
    int length = first.json.length();
    int end = from + 1;
    while (end < blocks.size()
        && blocks.get(end).isLike(first)
        && length + blocks.get(end).json.length() < LONGEST_ROW) {
      length += blocks.get(end).json.length();
      end++;
    }
    return length < SHORTEST_LONG_ROW ? from + 1 : end;
  }

  private static String row(List<Block> blocks) {
    StringBuilder json = new StringBuilder(blocks.get(0).json.length() + 1);
    for (Block block : blocks) {
      if (json.isEmpty()) {
        json.append(block.json);
      } else {
        json.append(',').append(block.json, 1, block.json.length());
      }
    }
    return json.append(']').toString();
  }

  /** What was handed out is in the file. */
  synchronized void written(Portion portion) {
    begin(portion.to());
  }

  /**
   * What is gathered of one descriptor of a vehicle.
   *
   * @param from messages before this number are not among it
   * @param to nor are those from this number on
   */
  record View(List<HistoryBlock> blocks, long from, long to) {}

  /** What is gathered of one descriptor of a vehicle, at this moment. */
  synchronized View of(int vehicle, int key) {
    List<HistoryBlock> blocks = new ArrayList<>();
    Map<String, Gathered> ofVehicle = series.get(names.name(vehicle));
    Gathered gathered = ofVehicle == null ? null : ofVehicle.get(names.name(key));
    if (gathered != null) {
      addBlocks(gathered, blocks);
    }
    return new View(blocks, from, to);
  }
}
