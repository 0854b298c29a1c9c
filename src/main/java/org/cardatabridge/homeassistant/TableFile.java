// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cardatabridge.meaning.ValuePart;
import org.cardatabridge.settings.Spelling;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads the YAML of a table of entities and says in a sentence with its line what it cannot use.
 * Used once, on one thread.
 */
final class TableFile {

  /**
   * What stands in it.
   *
   * @param words for names of levels, by language
   * @param rows of each platform, in their order
   * @param places where each row stands, as messages begin
   */
  record Content(
      Map<String, Map<String, String>> words,
      Map<Platform, List<EntityRow>> rows,
      Map<EntityRow, String> places) {}

  private static final Set<String> LANGUAGES = Set.of("de", "en");
  private static final Set<String> COLUMNS =
      Set.of(
          "key",
          "en",
          "de",
          "class",
          "state",
          "unit",
          "precision",
          "icon",
          "category",
          "options",
          "on",
          "off",
          "value",
          "attributes",
          "hide",
          "disabled");
  private static final Pattern ICON = Pattern.compile("[a-z0-9-]+:[a-z0-9-]+");
  private static final int MOST_DECIMALS = 6;

  private final String file;
  private final Map<String, Map<String, String>> words = new TreeMap<>();
  private final Map<Platform, List<EntityRow>> rows = new TreeMap<>();

  private final Map<EntityRow, String> places = new HashMap<>();

  private TableFile(String file) {
    this.file = file;
  }

  /**
   * Reads a text.
   *
   * @param file its name for messages
   * @throws BadTableException for what cannot be used
   */
  static Content read(String file, String text) {
    TableFile table = new TableFile(file);
    try {
      new Compose(LoadSettings.builder().setLabel(file).build())
          .composeString(text)
          .ifPresent(table::top);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
      throw new BadTableException(
          file + ":" + line + ": is no YAML: " + e.getProblem() + " — correct the line");
    } catch (YamlEngineException e) {
      throw new BadTableException(file + ": is no YAML: " + e.getMessage() + " — correct it");
    }
    return new Content(table.words, table.rows, table.places);
  }

  private void top(Node top) {
    fields(top, "the file")
        .forEach(
            (name, node) -> {
              if (name.equals("words")) {
                fields(node, name).forEach(this::word);
                return;
              }
              Platform platform =
                  Stream.of(Platform.values())
                      .filter(p -> p.section().equals(name))
                      .findFirst()
                      .orElseThrow(() -> unknown(node, name, sections()));
              for (Node row : items(node, name)) {
                rows.computeIfAbsent(platform, p -> new ArrayList<>()).add(row(platform, row));
              }
            });
  }

  private static Stream<String> sections() {
    return Stream.concat(Stream.of("words"), Stream.of(Platform.values()).map(Platform::section));
  }

  private void word(String level, Node node) {
    Map<String, String> texts = new TreeMap<>();
    fields(node, level)
        .forEach(
            (language, text) -> {
              if (!LANGUAGES.contains(language)) {
                throw unknown(text, language, LANGUAGES.stream());
              }
              texts.put(language, text(text, language));
            });
    words.put(level, texts);
  }

  private EntityRow row(Platform platform, Node node) {
    Map<String, Node> fields = fields(node, "a row");
    fields.forEach(
        (name, value) -> {
          if (!COLUMNS.contains(name)) {
            throw unknown(value, name, COLUMNS.stream());
          }
        });
    if (!fields.containsKey("key")) {
      throw wrong(node, "a row without a key — write key: and the descriptor");
    }
    Map<String, String> names = new TreeMap<>();
    LANGUAGES.stream()
        .filter(fields::containsKey)
        .forEach(language -> names.put(language, text(fields.get(language), language)));
    EntityRow row =
        new EntityRow(
            platform,
            text(fields.get("key"), "key"),
            names,
            of(fields, "class", this::text),
            of(fields, "state", this::text),
            of(fields, "unit", this::text),
            of(fields, "precision", this::decimals),
            of(fields, "icon", this::text),
            of(fields, "category", this::text),
            of(fields, "options", this::texts),
            of(fields, "on", this::texts),
            of(fields, "off", this::texts),
            of(fields, "value", this::text),
            of(fields, "attributes", this::flag),
            of(fields, "hide", this::flag),
            of(fields, "disabled", this::flag));
    check(row, fields);
    places.put(row, place(node));
    return row;
  }

  /** What Home Assistant would refuse, which it would say in its own log only. */
  private void check(EntityRow row, Map<String, Node> fields) {
    checkKey(row.key(), fields.get("key"));
    if (row.deviceClass() != null) {
      Set<String> known = DeviceClasses.of(row.platform());
      if (!known.contains(row.deviceClass())) {
        throw unknown(fields.get("class"), row.deviceClass(), known.stream());
      }
    }
    boolean sensor = row.platform() == Platform.SENSOR;
    for (String column : List.of("state", "unit", "options", "precision")) {
      if (!sensor && fields.containsKey(column)) {
        throw wrong(fields.get(column), "'" + column + "' is for sensors — leave it out");
      }
    }
    for (String column : List.of("on", "off")) {
      if (row.platform() != Platform.BINARY_SENSOR && fields.containsKey(column)) {
        throw wrong(fields.get(column), "'" + column + "' is for binary_sensors — leave it out");
      }
    }
    if (row.shownState() != null && !DeviceClasses.states().contains(row.stateClass())) {
      throw unknown(fields.get("state"), row.stateClass(), DeviceClasses.states().stream());
    }
    RowRules.fault(row)
        .ifPresent(
            fault -> {
              throw wrong(fields.get(fault.column()), fault.sentence());
            });
    if (row.icon() != null && !ICON.matcher(row.icon()).matches()) {
      throw wrong(fields.get("icon"), "an icon looks like mdi:car, in quotes");
    }
    if (row.category() != null && !row.category().equals("diagnostic")) {
      throw wrong(fields.get("category"), "a category is diagnostic, or is left out");
    }
    if (row.value() != null && !Templates.isBalanced(row.value())) {
      throw wrong(fields.get("value"), "a bracket of the template is not closed");
    }
  }

  private void checkKey(String key, Node node) {
    try {
      if ("".equals(ValuePart.of(key).field())) {
        throw wrong(node, "an entity shows one entry of a list — write key[field=word].field");
      }
    } catch (IllegalArgumentException e) {
      throw wrong(node, e.getMessage());
    }
  }

  private static <T> T of(Map<String, Node> fields, String name, Reader<T> reader) {
    Node node = fields.get(name);
    return node == null ? null : reader.read(node, name);
  }

  /** Reads the value of a column. */
  private interface Reader<T> {
    T read(Node node, String name);
  }

  private Map<String, Node> fields(Node node, String name) {
    if (!(node instanceof MappingNode map)) {
      throw wrong(node, "'" + name + "' takes names with values");
    }
    Map<String, Node> fields = new LinkedHashMap<>();
    for (NodeTuple field : map.getValue()) {
      String key = text(field.getKeyNode(), name);
      if (fields.put(key, field.getValueNode()) != null) {
        throw wrong(field.getKeyNode(), "'" + key + "' stands here twice — keep one");
      }
    }
    return fields;
  }

  private List<Node> items(Node node, String name) {
    if (node instanceof SequenceNode list) {
      return list.getValue();
    }
    throw wrong(node, "'" + name + "' takes a list of rows, each beginning with '- '");
  }

  private String text(Node node, String name) {
    if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
      return scalar.getValue();
    }
    throw wrong(node, "'" + name + "' takes a text");
  }

  private List<String> texts(Node node, String name) {
    List<String> texts = items(node, name).stream().map(item -> text(item, name)).toList();
    if (texts.isEmpty()) {
      throw wrong(node, "'" + name + "' takes at least one word");
    }
    return texts;
  }

  private Boolean flag(Node node, String name) {
    return switch (text(node, name)) {
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      default -> throw wrong(node, "'" + name + "' takes true or false");
    };
  }

  private Integer decimals(Node node, String name) {
    String text = text(node, name);
    if (!text.matches("\\d") || Integer.parseInt(text) > MOST_DECIMALS) {
      throw wrong(node, "'" + name + "' takes a number of decimals from 0 to " + MOST_DECIMALS);
    }
    return Integer.valueOf(text);
  }

  private BadTableException unknown(Node node, String name, Stream<String> known) {
    return wrong(
        node,
        "there is no '"
            + name
            + "' here"
            + Spelling.nearest(name, known)
                .map(near -> " — did you mean '" + near + "'?")
                .orElse(""));
  }

  private BadTableException wrong(Node node, String sentence) {
    return new BadTableException(place(node) + sentence);
  }

  private String place(Node node) {
    return file + ":" + (node.getStartMark().map(Mark::getLine).orElse(0) + 1) + ": ";
  }
}
