// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.highmobility;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of level 13's properties: their types, units and members. A hint, never a gate:
 * what is not in it passes. Reads its file when it is made. Immutable and safe for use by many
 * threads.
 */
public final class Facts {

  private static final String FILE = "facts.tsv";
  private static final int COLUMNS = 6;

  /** How the values of a property or of a member are typed. */
  public enum Type {
    /** Whole numbers. */
    INTEGER,
    /** Numbers, mostly with a unit. */
    DECIMAL,
    /** A fraction: 1 is the whole. */
    PERCENT,
    /** Words and texts. */
    TEXT,
    /** Dates and times, sent as ISO 8601. */
    TIME,
    /** A value with members. */
    OBJECT;

    /** Whether its values are numbers. */
    public boolean isNumber() {
      return this == INTEGER || this == DECIMAL || this == PERCENT;
    }
  }

  /**
   * What is known of one property. Immutable.
   *
   * @param capability its capability, in the wire's spelling
   * @param name its own name
   * @param type how its values are typed; of a list, how its items are
   * @param unit its usual unit in the outward spelling; null where it has none
   * @param isList whether it has several values at a time
   * @param members the types of an object's members, by their names with dots; empty for any other
   */
  public record Property(
      String capability,
      String name,
      Type type,
      String unit,
      boolean isList,
      Map<String, Member> members) {

    /** Keeps its own unmodifiable copy. */
    public Property {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /** The key of its data points. */
    public String key() {
      return capability + "." + name;
    }
  }

  /**
   * What is known of one member of an object. Immutable.
   *
   * @param type how it is typed
   * @param unit its usual unit in the outward spelling; null where it has none
   */
  public record Member(Type type, String unit) {}

  private final Map<String, Map<String, Property>> byCapability = new LinkedHashMap<>();
  private final Map<String, String> capabilityOf = new HashMap<>();

  /** Reads the table that is part of the program. */
  public Facts() {
    try (InputStream in = Facts.class.getResourceAsStream(FILE);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.startsWith("#")) {
          add(property(line));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(Property property) {
    byCapability
        .computeIfAbsent(property.capability(), name -> new LinkedHashMap<>())
        .put(property.name(), property);
    // Empty says that several have one of this name.
    capabilityOf.merge(property.name(), property.capability(), (one, other) -> "");
  }

  /** What is known of a property; empty where it is not in the table. */
  public Optional<Property> find(String capability, String property) {
    return Optional.ofNullable(get(capability, property));
  }

  /** As {@link #find}, but null where it is not in the table; null finds nothing. */
  public Property get(String capability, String property) {
    Map<String, Property> properties = byCapability.get(capability);
    return properties == null ? null : properties.get(property);
  }

  /** Whether a capability of this name is in the table. */
  public boolean hasCapability(String name) {
    return byCapability.containsKey(name);
  }

  /** The only capability that has a property of this name; empty for none, and for several. */
  public Optional<String> onlyCapabilityOf(String property) {
    return Optional.ofNullable(capabilityOf.get(property)).filter(name -> !name.isEmpty());
  }

  /** The names of all capabilities, in the order of the alphabet. */
  public Set<String> capabilities() {
    return Collections.unmodifiableSet(byCapability.keySet());
  }

  /** Every known property, in the order of their names. */
  public List<Property> all() {
    return byCapability.values().stream().flatMap(map -> map.values().stream()).toList();
  }

  private static Property property(String line) {
    String[] row = line.split("\t", -1);
    if (row.length != COLUMNS) {
      throw new IllegalStateException(
          "reading " + FILE + ": not " + COLUMNS + " columns in '" + line + "' — correct the line");
    }
    Map<String, Member> members = new LinkedHashMap<>();
    for (String member : row[5].isEmpty() ? new String[0] : row[5].split(" ")) {
      String[] parts = member.split(":", 3);
      members.put(parts[0], new Member(type(parts[1]), parts.length > 2 ? parts[2] : null));
    }
    return new Property(
        row[0],
        row[1],
        type(row[2]),
        row[3].isEmpty() ? null : row[3],
        row[4].equals("list"),
        members);
  }

  private static Type type(String name) {
    return Type.valueOf(name.toUpperCase(Locale.ROOT));
  }
}
