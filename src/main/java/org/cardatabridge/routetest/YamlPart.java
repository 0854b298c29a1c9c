// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routetest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A part of a YAML file that knows its line. Immutable.
 *
 * @param file the file's name as the user wrote it
 * @param line the line it begins on, from 1
 * @param name what it is, in words, for messages
 * @param value a text, number, truth value or null; a list or a map of parts
 */
record YamlPart(String file, int line, String name, Object value) {

  /**
   * Reads a file.
   *
   * @throws BadTestFileException where it cannot be read or is no YAML
   */
  static YamlPart read(Path file) {
    String shown = file.toString();
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      return new Compose(LoadSettings.builder().setLabel(shown).build())
          .composeString(text)
          .map(node -> of(shown, "the file", node))
          .orElseThrow(() -> new BadTestFileException(shown + ": is empty — give it tests:"));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
      throw new BadTestFileException(shown + ":" + line + ": is no YAML: " + e.getProblem());
    } catch (YamlEngineException | IOException e) {
      throw new BadTestFileException(shown + ": cannot be read: " + e.getMessage());
    }
  }

  private static YamlPart of(String file, String name, Node node) {
    int line = node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    if (node instanceof SequenceNode list) {
      List<YamlPart> items = new ArrayList<>();
      for (Node item : list.getValue()) {
        items.add(of(file, name + " " + (items.size() + 1), item));
      }
      return new YamlPart(file, line, name, items);
    }
    if (node instanceof MappingNode map) {
      Map<String, YamlPart> entries = new LinkedHashMap<>();
      for (NodeTuple entry : map.getValue()) {
        int at = entry.getKeyNode().getStartMark().map(Mark::getLine).orElse(0) + 1;
        if (!(entry.getKeyNode() instanceof ScalarNode key)) {
          throw new BadTestFileException(file + ":" + at + ": a name must be a plain text");
        }
        if (entries.containsKey(key.getValue())) {
          throw new BadTestFileException(
              file + ":" + at + ": '" + key.getValue() + "' stands here twice — keep one");
        }
        entries.put(
            key.getValue(),
            new YamlPart(
                file, at, key.getValue(), of(file, key.getValue(), entry.getValueNode()).value()));
      }
      return new YamlPart(file, line, name, entries);
    }
    return new YamlPart(file, line, name, scalar((ScalarNode) node));
  }

  private static Object scalar(ScalarNode node) {
    String text = node.getValue();
    Tag tag = node.getTag();
    if (tag.equals(Tag.NULL)) {
      return null;
    } else if (tag.equals(Tag.BOOL)) {
      return Boolean.valueOf(text);
    } else if (tag.equals(Tag.INT) && text.length() < 19) {
      return Long.valueOf(text);
    } else if (tag.equals(Tag.FLOAT)) {
      return Double.valueOf(text.replace(".inf", "Infinity").replace(".nan", "NaN"));
    }
    return text;
  }

  /** An exception that begins with the file and the line of this part. */
  BadTestFileException wrong(String sentence) {
    return new BadTestFileException(file + ":" + line + ": " + sentence);
  }

  boolean isList() {
    return value instanceof List;
  }

  boolean isMap() {
    return value instanceof Map;
  }

  /** Its items. */
  @SuppressWarnings("unchecked") // made here only
  List<YamlPart> items() {
    if (!isList()) {
      throw wrong("'" + name + "' takes a list");
    }
    return (List<YamlPart>) value;
  }

  /** Its entries by their names. */
  @SuppressWarnings("unchecked") // made here only
  Map<String, YamlPart> entries() {
    if (!isMap()) {
      throw wrong("'" + name + "' takes names with values");
    }
    return (Map<String, YamlPart>) value;
  }

  /** Its entries, which may have these names only. */
  Map<String, YamlPart> entries(Set<String> known) {
    Map<String, YamlPart> entries = entries();
    entries.forEach(
        (key, part) -> {
          if (!known.contains(key)) {
            throw part.wrong(
                "there is no '"
                    + key
                    + "' here — did you mean '"
                    + Spelling.nearest(key, known.stream()).orElseThrow()
                    + "'?");
          }
        });
    return entries;
  }

  /** A single value as text. */
  String text() {
    if (value == null || isList() || isMap()) {
      throw wrong("'" + name + "' takes a text");
    }
    return value.toString();
  }

  /** A whole number from 0 on. */
  int number() {
    if (value instanceof Long number && number >= 0 && number < Integer.MAX_VALUE) {
      return number.intValue();
    }
    throw wrong("'" + name + "' takes a whole number from 0 on");
  }

  /** The plain value: parts below replaced by their values. */
  Object plain() {
    if (isList()) {
      List<Object> all = new ArrayList<>();
      items().forEach(item -> all.add(item.plain()));
      return all;
    }
    if (isMap()) {
      Map<String, Object> all = new LinkedHashMap<>();
      entries().forEach((key, part) -> all.put(key, part.plain()));
      return all;
    }
    return value;
  }

  /** An entry of a map; empty where there is none. */
  Optional<YamlPart> find(String key) {
    return Optional.ofNullable(entries().get(key));
  }
}
