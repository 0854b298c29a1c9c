// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cardatabridge.CarEvent;

/**
 * Data points in the compact form of the journal's columns {@code points} and {@code point}: about
 * twenty bytes each. What a message says once (account, source, time of receipt) is not repeated,
 * and names stand for numbers of the table {@code names}.
 *
 * <p>Encoding belongs to one thread, decoding is safe for many. Every {@link CarEvent} can be
 * encoded: a value of a type that JSON does not have is kept as its text.
 */
final class PointCodec {

  private static final int FORMAT = 1;

  private static final int DUPLICATE = 1;
  private static final int ALIAS = 2;
  private static final int ACCOUNT = 4;
  private static final int SOURCE = 8;
  private static final int RECEIVED = 16;
  private static final int UNIT = 32;

  private static final int NULL = 0;
  private static final int FALSE = 1;
  private static final int TRUE = 2;
  private static final int LONG = 3;
  private static final int DOUBLE = 4;
  private static final int DECIMAL = 5;
  private static final int TEXT = 6;
  private static final int LIST = 7;
  private static final int MAP = 8;
  private static final int DEEPEST = 64;

  private final Names names;
  private byte[] buffer = new byte[4_096];
  private int size;

  /** What all points of a message have in common. */
  record Frame(String account, String source, Instant received) {}

  /**
   * Data points as they were written.
   *
   * @param all in their order, duplicates too
   * @param fresh the same without the duplicates
   */
  record Points(List<CarEvent> all, List<CarEvent> fresh) {}

  PointCodec(Names names) {
    this.names = names;
  }

  /** All points; those that are not among the fresh ones (a sublist, by identity) are marked. */
  byte[] encode(Frame frame, List<CarEvent> all, List<CarEvent> fresh) {
    begin(all.size());
    int next = 0;
    for (CarEvent event : all) {
      boolean isFresh = next < fresh.size() && fresh.get(next) == event;
      point(frame, event, !isFresh);
      if (isFresh) {
        next++;
      }
    }
    return Arrays.copyOf(buffer, size);
  }

  private void begin(int count) {
    size = 0;
    put(FORMAT);
    number(count);
  }

  private void point(Frame frame, CarEvent event, boolean duplicate) {
    boolean alias = !event.vehicle().equals(event.vin());
    boolean account = !event.account().equals(frame.account());
    boolean source = !event.source().equals(frame.source());
    boolean received = !event.received().equals(frame.received());
    boolean unit = event.unit() != null;
    put(
        (duplicate ? DUPLICATE : 0)
            | (alias ? ALIAS : 0)
            | (account ? ACCOUNT : 0)
            | (source ? SOURCE : 0)
            | (received ? RECEIVED : 0)
            | (unit ? UNIT : 0));
    name(event.vin());
    name(event.key());
    time(frame.received(), event.timestamp());
    value(event.value(), 0);
    if (alias) {
      name(event.vehicle());
    }
    if (account) {
      name(event.account());
    }
    if (source) {
      name(event.source());
    }
    if (received) {
      time(frame.received(), event.received());
    }
    if (unit) {
      name(event.unit());
    }
  }

  private void name(String name) {
    int id = names.number(name);
    number(id);
    if (id == Names.NONE) {
      text(name);
    }
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    room(bytes.length);
    System.arraycopy(bytes, 0, buffer, size, bytes.length);
    size += bytes.length;
  }

  /** Seconds from the base, then the fraction, whose last two bits say its unit. */
  private void time(Instant base, Instant time) {
    long seconds = time.getEpochSecond() - base.getEpochSecond();
    number((seconds << 1) ^ (seconds >> 63));
    long nanos = time.getNano();
    if (nanos % 1_000_000 == 0) {
      number(nanos / 1_000_000 << 2);
    } else if (nanos % 1_000 == 0) {
      number(nanos / 1_000 << 2 | 1);
    } else {
      number(nanos << 2 | 2);
    }
  }

  private void value(Object value, int depth) {
    if (value == null) {
      put(NULL);
    } else if (value instanceof Boolean truth) {
      put(truth ? TRUE : FALSE);
    } else if (value instanceof Long || value instanceof Integer || value instanceof Short) {
      long number = ((Number) value).longValue();
      put(LONG);
      number((number << 1) ^ (number >> 63));
    } else if (value instanceof Double || value instanceof Float) {
      put(DOUBLE);
      long bits = Double.doubleToRawLongBits(((Number) value).doubleValue());
      room(8);
      for (int shift = 56; shift >= 0; shift -= 8) {
        buffer[size++] = (byte) (bits >>> shift);
      }
    } else if (value instanceof BigDecimal || value instanceof BigInteger) {
      put(DECIMAL);
      text(value.toString());
    } else if (value instanceof Map<?, ?> map && depth < DEEPEST) {
      List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
      put(MAP);
      number(entries.size());
      for (Map.Entry<?, ?> entry : entries) {
        text(String.valueOf(entry.getKey()));
        value(entry.getValue(), depth + 1);
      }
    } else if (value instanceof Collection<?> list && depth < DEEPEST) {
      List<?> items = new ArrayList<>(list);
      put(LIST);
      number(items.size());
      items.forEach(item -> value(item, depth + 1));
    } else {
      put(TEXT);
      text(value.toString());
    }
  }

  private void put(int single) {
    room(1);
    buffer[size++] = (byte) single;
  }

  /** Seven bits a byte, the lowest first. */
  private void number(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      buffer[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[size++] = (byte) rest;
  }

  private void room(int more) {
    if (buffer.length - size < more) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
    }
  }

  /** Gives a buffer back that one large message made grow. */
  void rest() {
    if (buffer.length > 65_536) {
      buffer = new byte[4_096];
    }
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IllegalStateException where these bytes were not written by it
   */
  Points decode(Frame frame, byte[] points) {
    return new Reader(frame, points).points();
  }

  private final class Reader {

    private final Frame frame;
    private final byte[] bytes;
    private int at;

    Reader(Frame frame, byte[] bytes) {
      this.frame = frame;
      this.bytes = bytes;
    }

    Points points() {
      try {
        if (bytes[at++] != FORMAT) {
          throw new IllegalStateException("data points in a form that is not known");
        }
        int count = count();
        List<CarEvent> all = new ArrayList<>(count);
        List<CarEvent> fresh = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          boolean duplicate = (bytes[at] & DUPLICATE) != 0;
          CarEvent event = point();
          all.add(event);
          if (!duplicate) {
            fresh.add(event);
          }
        }
        return new Points(all, fresh);
      } catch (IndexOutOfBoundsException e) {
        throw new IllegalStateException("data points that end too early", e);
      } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
        throw new IllegalStateException("data points with a time or a number that cannot be", e);
      }
    }

    /** How many things follow, each of at least a byte. */
    private int count() {
      long count = number();
      if (count < 0 || count > bytes.length - at) {
        throw new IllegalStateException("data points that end too early");
      }
      return (int) count;
    }

    private CarEvent point() {
      int flags = bytes[at++];
      String vin = name();
      String key = name();
      Instant timestamp = time();
      Object value = value(0);
      String vehicle = (flags & ALIAS) == 0 ? vin : name();
      String account = (flags & ACCOUNT) == 0 ? frame.account() : name();
      String source = (flags & SOURCE) == 0 ? frame.source() : name();
      Instant received = (flags & RECEIVED) == 0 ? frame.received() : time();
      String unit = (flags & UNIT) == 0 ? null : name();
      return new CarEvent(account, vin, vehicle, key, value, unit, timestamp, received, source);
    }

    private String name() {
      long id = number();
      if (id == Names.NONE) {
        return text();
      }
      String name = id < 0 || id > Names.MOST ? null : names.name((int) id);
      if (name == null) {
        throw new IllegalStateException("data points with a name that is not in the table names");
      }
      return name;
    }

    private String text() {
      int length = count();
      String text = new String(bytes, at, length, StandardCharsets.UTF_8);
      at += length;
      return text;
    }

    private Instant time() {
      long zigzag = number();
      long seconds = frame.received().getEpochSecond() + ((zigzag >>> 1) ^ -(zigzag & 1));
      long fraction = number();
      long unit =
          switch ((int) (fraction & 3)) {
            case 0 -> 1_000_000;
            case 1 -> 1_000;
            default -> 1;
          };
      return Instant.ofEpochSecond(seconds, Math.multiplyExact(fraction >>> 2, unit));
    }

    private Object value(int depth) {
      if (depth > DEEPEST) {
        throw new IllegalStateException("data points with a value that is nested too deep");
      }
      int kind = bytes[at++];
      switch (kind) {
        case NULL:
          return null;
        case FALSE:
          return Boolean.FALSE;
        case TRUE:
          return Boolean.TRUE;
        case LONG:
          long zigzag = number();
          return (zigzag >>> 1) ^ -(zigzag & 1);
        case DOUBLE:
          long bits = 0;
          for (int i = 0; i < 8; i++) {
            bits = bits << 8 | bytes[at++] & 0xFF;
          }
          return Double.longBitsToDouble(bits);
        case DECIMAL:
          return new BigDecimal(text());
        case TEXT:
          return text();
        case LIST:
          int items = count();
          List<Object> list = new ArrayList<>(Math.min(items, 1_000));
          for (int i = 0; i < items; i++) {
            list.add(value(depth + 1));
          }
          return java.util.Collections.unmodifiableList(list);
        case MAP:
          int entries = count();
          Map<String, Object> map = new LinkedHashMap<>();
          for (int i = 0; i < entries; i++) {
            String key = text();
            map.put(key, value(depth + 1));
          }
          return java.util.Collections.unmodifiableMap(map);
        default:
          throw new IllegalStateException("data points with a value of unknown kind");
      }
    }

    private long number() {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        byte next = bytes[at++];
        value |= (long) (next & 0x7F) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw new IllegalStateException("data points with a number that does not end");
    }
  }
}
