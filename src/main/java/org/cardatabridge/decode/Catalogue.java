// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cardatabridge.CarEvent;

/**
 * The known descriptors, and the typing of values by them. Immutable and safe for use by many
 * threads.
 *
 * <p>A descriptor that is not known passes as it came, but for the words that mean "not available
 * now".
 */
public final class Catalogue {

  private static final String FACTS = "catalogue.tsv";
  private static final String CORRECTIONS = "corrections.tsv";

  private final Map<String, Descriptor> descriptors;
  private final Map<String, Polarity> polarities;

  /** Reads the catalogue that is part of the program. */
  public Catalogue() {
    Map<String, String[]> rows = new LinkedHashMap<>();
    for (String[] row : rows(FACTS, 7)) {
      rows.put(row[0], row);
    }
    for (String[] correction : rows(CORRECTIONS, 4)) {
      String[] row = rows.get(correction[0]);
      if (row == null) {
        throw new IllegalStateException(
            "reading " + CORRECTIONS + ": no descriptor " + correction[0] + " — correct the name");
      }
      row[correction[1].equals("type") ? 1 : 3] = correction[2];
    }
    Map<String, Descriptor> known = new LinkedHashMap<>();
    Map<String, Polarity> booleans = new HashMap<>();
    for (String[] row : rows.values()) {
      Descriptor descriptor = descriptor(row);
      known.put(descriptor.key(), descriptor);
      if (descriptor.type() == Descriptor.Type.BOOLEAN) {
        Polarity polarity = Polarity.of(descriptor.key(), descriptor.tokens());
        if (polarity != null) {
          booleans.put(descriptor.key(), polarity);
        }
      }
    }
    descriptors = Collections.unmodifiableMap(known);
    polarities = Map.copyOf(booleans);
  }

  /** What is known about a descriptor; empty where it is not in the catalogue. */
  public Optional<Descriptor> find(String key) {
    return Optional.ofNullable(descriptors.get(key));
  }

  /** As {@link #find}, but null where it is not in the catalogue. */
  Descriptor get(String key) {
    return descriptors.get(key);
  }

  /** Every known descriptor, in the order of their names. */
  public Collection<Descriptor> all() {
    return descriptors.values();
  }

  /**
   * Gives each value its type: numbers and booleans that arrive as words, and null for what means
   * "not available now". An empty text where a number or a boolean is due says nothing and is left
   * out.
   *
   * @param points data points as decoded; null counts as none
   * @return the same points in the same order, typed
   */
  public List<CarEvent> type(List<CarEvent> points) {
    return EachPoint.map(points, this::typed);
  }

  private CarEvent typed(CarEvent point) {
    Object value = point.value();
    Descriptor descriptor = descriptors.get(point.key());
    if (value instanceof String text) {
      return typed(point, text, descriptor);
    }
    return value instanceof Number number && saysNothing(number, point.unit(), descriptor)
        ? EachPoint.with(point, null, point.unit())
        : point;
  }

  private CarEvent typed(CarEvent point, String text, Descriptor descriptor) {
    if (Sentinels.is(text, descriptor)) {
      return EachPoint.with(point, null, point.unit());
    }
    if (descriptor == null) {
      return point;
    }
    boolean number = descriptor.isNumber();
    Polarity polarity = number ? null : polarities.get(descriptor.key());
    if (!number && polarity == null) {
      return point;
    }
    if (text.isBlank()) {
      return null;
    }
    Object typed = number ? NumberText.parse(text) : polarity.meaning(text);
    if (typed == null) {
      return point;
    }
    boolean nothing = typed instanceof Number n && saysNothing(n, point.unit(), descriptor);
    return EachPoint.with(point, nothing ? null : typed, point.unit());
  }

  private static boolean saysNothing(Number number, String unit, Descriptor descriptor) {
    String outward = UnitTable.outward(unit);
    if (Sentinels.is(number, outward)) {
      return true;
    }
    return descriptor != null
        && descriptor.range() != null
        && descriptor
            .range()
            .excludes(number.doubleValue(), outward != null ? outward : descriptor.unit());
  }

  private static Descriptor descriptor(String[] row) {
    return new Descriptor(
        row[0],
        row[1].isEmpty()
            ? Descriptor.Type.PLAIN
            : Descriptor.Type.valueOf(row[1].toUpperCase(Locale.ROOT)),
        row[2].isEmpty() ? null : row[2],
        range(row[3]),
        words(row[4]),
        Set.copyOf(words(row[5])),
        row[6].isEmpty() ? null : Boolean.valueOf(row[6].equals("yes")));
  }

  private static Descriptor.Range range(String text) {
    if (text.isEmpty()) {
      return null;
    }
    String[] parts = text.split(" ", 2);
    String[] ends = parts[0].split("\\.\\.");
    return new Descriptor.Range(
        Double.parseDouble(ends[0]),
        Double.parseDouble(ends[1]),
        parts.length > 1 ? parts[1] : null);
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }

  private static List<String[]> rows(String resource, int columns) {
    try (InputStream in = Catalogue.class.getResourceAsStream(resource);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      List<String[]> rows = new ArrayList<>();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.startsWith("#")) {
          String[] row = line.split("\t", -1);
          if (row.length != columns) {
            throw new IllegalStateException(
                "reading "
                    + resource
                    + ": not "
                    + columns
                    + " columns in '"
                    + line
                    + "' — correct the line");
          }
          rows.add(row);
        }
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
