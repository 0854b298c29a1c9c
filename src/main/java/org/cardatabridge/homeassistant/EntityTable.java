// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cardatabridge.CarEvent;
import org.cardatabridge.decode.Catalogue;
import org.cardatabridge.decode.Descriptor;
import org.cardatabridge.meaning.ValuePart;

/**
 * Which entities a descriptor becomes, and what they are called. Immutable and safe for use by many
 * threads.
 */
final class EntityTable {

  private static final String RESOURCE = "entities.yaml";
  private static final int MOST_KNOWN = 10_000;
  private static final Pattern LEVEL = Pattern.compile("<([a-zA-Z]+)>");

  /** What an entry of a list may be called, to become part of a key. */
  private static final Pattern ENTRY = Pattern.compile("[A-Za-z0-9_-]{1,40}");

  /** A row and how its key is recognised. */
  private record Pick(EntityRow row, Pattern pattern, List<String> levels) {

    static Pick of(EntityRow row) {
      List<String> levels = new ArrayList<>();
      StringBuilder regex = new StringBuilder();
      Matcher level = LEVEL.matcher(row.key());
      int from = 0;
      for (; level.find(); from = level.end()) {
        regex
            .append(Pattern.quote(row.key().substring(from, level.start())))
            .append("([^.\\[\\]=]+)");
        levels.add(level.group(1));
      }
      regex.append(Pattern.quote(row.key().substring(from)));
      return new Pick(row, Pattern.compile(regex.toString()), levels);
    }

    /** The row for this descriptor, its levels put into the names; null where it is not for it. */
    EntityRow of(String key, Words words) {
      Matcher matcher = pattern.matcher(key);
      if (!matcher.matches()) {
        return null;
      }
      Map<String, String> names = new TreeMap<>(row.names());
      for (int i = 0; i < levels.size(); i++) {
        String level = "<" + levels.get(i) + ">";
        String found = matcher.group(i + 1);
        names.replaceAll((language, name) -> name.replace(level, words.level(found, language)));
      }
      return row.as(key, names);
    }
  }

  private final Words words;
  private final Map<Platform, List<Pick>> own;
  private final Map<Platform, List<Pick>> shipped;
  private final Map<String, List<EntityRow>> known = new ConcurrentHashMap<>();
  private final Map<String, Set<ValuePart>> parts = new HashMap<>();

  private EntityTable(TableFile.Content shipped, TableFile.Content own) {
    Map<String, Map<String, String>> texts = new TreeMap<>(shipped.words());
    own.words().forEach(texts::put);
    this.words = new Words(texts);
    this.shipped = picks(shipped);
    this.own = picks(own);
    Stream.of(shipped, own)
        .flatMap(content -> content.rows().values().stream())
        .flatMap(List::stream)
        .map(row -> ValuePart.of(row.key()))
        .filter(part -> !part.isWhole())
        .forEach(part -> parts.computeIfAbsent(part.key(), key -> new LinkedHashSet<>()).add(part));
    own.places().forEach(this::checkMerged);
  }

  /** A row that is in order by itself can still not fit to what it takes from ours. */
  private void checkMerged(EntityRow row, String place) {
    Pick pick = Pick.of(row);
    Stream<String> keys =
        pick.levels().isEmpty()
            ? Stream.of(row.key())
            : new Catalogue()
                .all().stream()
                    .map(Descriptor::key)
                    .filter(key -> pick.pattern().matcher(key).matches());
    keys.forEach(
        key -> {
          EntityRow ours = first(shipped.get(row.platform()), key);
          if (ours != null) {
            RowRules.fault(row.over(ours))
                .ifPresent(
                    fault -> {
                      throw new BadTableException(
                          place
                              + "with what the bridge's own table says of "
                              + key
                              + ", "
                              + fault.sentence()
                              + " — write class, state and unit that go together into the row");
                    });
          }
        });
  }

  private static Map<Platform, List<Pick>> picks(TableFile.Content content) {
    Map<Platform, List<Pick>> picks = new TreeMap<>();
    content
        .rows()
        .forEach((platform, rows) -> picks.put(platform, rows.stream().map(Pick::of).toList()));
    return picks;
  }

  /** The table that is part of the program. */
  static EntityTable shipped() {
    return new EntityTable(shippedContent(), new TableFile.Content(Map.of(), Map.of(), Map.of()));
  }

  /**
   * The same after a user's own, whose rows go first.
   *
   * @throws BadTableException where it cannot be read or used; the message has the line
   */
  static EntityTable with(Path file) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new BadTableException(
          file + ": cannot be read (" + e.getClass().getSimpleName() + ") — check path and rights");
    }
    return new EntityTable(shippedContent(), TableFile.read(file.toString(), text));
  }

  private static TableFile.Content shippedContent() {
    try (InputStream in = EntityTable.class.getResourceAsStream(RESOURCE)) {
      return TableFile.read(RESOURCE, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The rows of a descriptor, at most one for each platform; hidden ones are left out.
   *
   * @param kind decides where no table knows the descriptor
   */
  List<EntityRow> of(String key, Sighting.Kind kind) {
    if (known.size() >= MOST_KNOWN) {
      known.clear();
    }
    return known.computeIfAbsent(kind + " " + key, k -> find(key, kind));
  }

  private List<EntityRow> find(String key, Sighting.Kind kind) {
    Map<Platform, EntityRow> found = new LinkedHashMap<>();
    for (Platform platform : Platform.values()) {
      EntityRow ours = first(shipped.get(platform), key);
      EntityRow theirs = first(own.get(platform), key);
      EntityRow row = theirs == null ? ours : ours == null ? theirs : theirs.over(ours);
      if (row != null) {
        found.put(platform, row);
      }
    }
    if (found.isEmpty() && ValuePart.of(key).isWhole()) {
      Platform platform = kind == Sighting.Kind.BOOLEAN ? Platform.BINARY_SENSOR : Platform.SENSOR;
      found.put(platform, EntityRow.plain(platform, key));
    }
    return found.values().stream().filter(row -> !row.isHidden()).toList();
  }

  /**
   * A data point, and one more for each part of its value that has entities of its own: its key is
   * the row's, with the word of the entry.
   */
  List<CarEvent> withParts(CarEvent event) {
    Set<ValuePart> wanted = parts.getOrDefault(event.key(), Set.of());
    if (wanted.isEmpty()) {
      return List.of(event);
    }
    Map<String, CarEvent> all = new LinkedHashMap<>();
    all.put(event.key(), event);
    for (ValuePart part : wanted) {
      for (Map<?, ?> entry : ValuePart.entries(event.value())) {
        if (entry.get(part.field()) instanceof String word && ENTRY.matcher(word).matches()) {
          ValuePart one = new ValuePart(part.key(), part.field(), word, part.part());
          all.putIfAbsent(one.toString(), of(event, one));
        }
      }
    }
    return List.copyOf(all.values());
  }

  private static CarEvent of(CarEvent event, ValuePart part) {
    ValuePart.Found found = part.in(event.value(), event.unit());
    return new CarEvent(
        event.account(),
        event.vin(),
        event.vehicle(),
        part.toString(),
        found.value(),
        found.unit(),
        event.timestamp(),
        event.received(),
        event.source());
  }

  private EntityRow first(List<Pick> picks, String key) {
    if (picks != null) {
      for (Pick pick : picks) {
        EntityRow row = pick.of(key, words);
        if (row != null) {
          return row;
        }
      }
    }
    return null;
  }

  /** The keys of all rows. */
  Stream<String> keys() {
    return Stream.of(shipped, own)
        .flatMap(picks -> picks.values().stream())
        .flatMap(List::stream)
        .map(pick -> pick.row().key());
  }

  /** The name of a row's entity. */
  String name(EntityRow row, String language) {
    String name = row.names().get(language);
    if (name == null) {
      name = row.names().get("en");
    }
    return name != null ? name : words.generated(row.key(), language);
  }
}
