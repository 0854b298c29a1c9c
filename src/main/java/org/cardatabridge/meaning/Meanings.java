// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.meaning;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The table of meanings: which descriptors carry each, in order of trust. Immutable and safe for
 * use by many threads.
 */
public final class Meanings {

  private static final String TABLE = "meanings.csv";
  private static final int COLUMNS = 5;

  private static final class Standard {
    private static final Meanings TABLE = read();
  }

  private final Map<String, List<Carrier>> byKey = new HashMap<>();
  private final Map<Meaning, Map<String, List<Carrier>>> byMeaning = new EnumMap<>(Meaning.class);

  private Meanings(List<String> lines) {
    for (String line : lines) {
      if (!line.isBlank() && !line.startsWith("#") && !line.startsWith("meaning,")) {
        add(line);
      }
    }
    byKey.replaceAll((key, carriers) -> List.copyOf(carriers));
    byMeaning.values().forEach(e -> e.replaceAll((element, carriers) -> List.copyOf(carriers)));
  }

  /** The table that is part of the program, {@code meanings.csv}. */
  public static Meanings standard() {
    return Standard.TABLE;
  }

  /**
   * A table of other lines.
   *
   * @param lines as those of {@code meanings.csv}
   * @throws IllegalArgumentException for a line that cannot be read, which it names
   */
  public static Meanings of(List<String> lines) {
    return new Meanings(lines);
  }

  private static Meanings read() {
    try (InputStream in = Meanings.class.getResourceAsStream(TABLE);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return new Meanings(reader.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(String line) {
    String[] row = line.split(",", -1);
    if (row.length != COLUMNS || !(row[4].isEmpty() || row[4].equals("last"))) {
      throw bad(line, "not meaning,element,descriptor,reads,use", null);
    }
    Meaning meaning =
        Meaning.named(row[0]).orElseThrow(() -> bad(line, "no meaning " + row[0], null));
    List<Carrier> before =
        byMeaning
            .computeIfAbsent(meaning, m -> new LinkedHashMap<>())
            .computeIfAbsent(row[1], element -> new ArrayList<>());
    Reads reads;
    ValuePart part;
    try {
      part = ValuePart.of(row[2]);
      reads = Reads.of(meaning, row[3]);
    } catch (IllegalArgumentException e) {
      throw bad(line, e.getMessage(), e);
    }
    Carrier carrier =
        new Carrier(meaning, row[1], part, before.size(), row[4].equals("last"), reads);
    before.add(carrier);
    byKey.computeIfAbsent(part.key(), key -> new ArrayList<>()).add(carrier);
  }

  private static IllegalArgumentException bad(String line, String why, Exception cause) {
    return new IllegalArgumentException(
        "reading " + TABLE + ": " + why + " in '" + line + "' — correct the line", cause);
  }

  /** What a descriptor carries; empty for one without a meaning, several for one with several. */
  public List<Carrier> of(String key) {
    return byKey.getOrDefault(key, List.of());
  }

  /** Whether a descriptor carries any meaning. */
  public boolean knows(String key) {
    return byKey.containsKey(key);
  }

  /** The descriptors that carry a meaning of the whole car, the most trusted one first. */
  public List<Carrier> carriers(Meaning meaning) {
    return carriers(meaning, "");
  }

  /** The descriptors that carry a meaning of one door, window or wheel, most trusted one first. */
  public List<Carrier> carriers(Meaning meaning, String element) {
    return byMeaning.getOrDefault(meaning, Map.of()).getOrDefault(element, List.of());
  }

  /** The doors, windows or wheels of a meaning, in the order of the table. */
  public Set<String> elements(Meaning meaning) {
    return Collections.unmodifiableSet(byMeaning.getOrDefault(meaning, Map.of()).keySet());
  }
}
