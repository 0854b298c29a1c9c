// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The text of a file in {@code routes/}, as shipped or edited as a user would: a step taken out or
 * put in. The file itself stays as it is. A step is named by a text that stands on one of its lines
 * and on no other line of the file. Immutable; {@link #yaml} notes for {@link EditsRoute} what its
 * thread edited.
 */
public final class ShippedRoute {

  private static final Path FOLDER = Path.of("routes");
  private static final String SUFFIX = ".camel.yaml";
  private static final Pattern ID = Pattern.compile("(?m)^ {4}id: (\\S+)$");
  private static final ThreadLocal<Set<String>> EDITED = ThreadLocal.withInitial(TreeSet::new);

  private final String file;
  private final List<String> lines;

  private ShippedRoute(String file, List<String> lines) {
    this.file = file;
    this.lines = List.copyOf(lines);
  }

  /** A file by its name before {@code .camel.yaml}. */
  public static ShippedRoute of(String file) {
    try {
      return new ShippedRoute(file, Files.readAllLines(FOLDER.resolve(file + SUFFIX)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names of all files, without those of {@code routes/examples}. */
  public static List<String> files() {
    try (Stream<Path> all = Files.list(FOLDER)) {
      return all.map(path -> path.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file's name before {@code .camel.yaml}. */
  public String file() {
    return file;
  }

  /** The ids of its routes and templates; for what has no id, the file's name. */
  public Set<String> routes() {
    return items().keySet();
  }

  /** Takes the step out. */
  public ShippedRoute without(String step) {
    int from = start(step);
    List<String> edited = new ArrayList<>(lines);
    edited.subList(from, end(from)).clear();
    return new ShippedRoute(file, edited);
  }

  /** Puts steps in before the step; they are written as if at the left margin. */
  public ShippedRoute before(String step, String more) {
    int from = start(step);
    return with(from, indent(from), more);
  }

  /** Puts steps in after the step; they are written as if at the left margin. */
  public ShippedRoute after(String step, String more) {
    int from = start(step);
    return with(end(from), indent(from), more);
  }

  /** Writes another text for one that stands on one line and on no other. */
  public ShippedRoute writing(String text, String instead) {
    List<String> edited = new ArrayList<>(lines);
    edited.set(line(text), lines.get(line(text)).replace(text, instead));
    return new ShippedRoute(file, edited);
  }

  /** The text for Camel. */
  public String yaml() {
    Map<String, String> shipped = of(file).items();
    items().forEach((id, text) -> note(id, text, shipped.get(id)));
    return String.join("\n", lines) + "\n";
  }

  private static void note(String id, String text, String shipped) {
    if (!text.equals(shipped)) {
      EDITED.get().add(id);
    }
  }

  /** What this thread edited since it was last asked. */
  static Set<String> takeEdited() {
    Set<String> edited = Set.copyOf(EDITED.get());
    EDITED.remove();
    return edited;
  }

  private ShippedRoute with(int at, int indent, String more) {
    List<String> edited = new ArrayList<>(lines);
    edited.addAll(at, more.stripTrailing().indent(indent).lines().toList());
    return new ShippedRoute(file, edited);
  }

  /** The line of the step's dash. */
  private int start(String step) {
    int at = line(step);
    int from = at;
    while (!isItem(from) || from != at && indent(from) >= indent(at)) {
      from--;
    }
    return from;
  }

  /** The line after the step's last one. */
  private int end(int start) {
    int end = start + 1;
    while (end < lines.size() && (lines.get(end).isBlank() || indent(end) > indent(start))) {
      end++;
    }
    return end;
  }

  private int line(String text) {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).stripLeading().startsWith("#") && lines.get(i).contains(text)) {
        found.add(i);
      }
    }
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          "'" + text + "' stands on " + found.size() + " lines of routes/" + file + SUFFIX);
    }
    return found.get(0);
  }

  private boolean isItem(int line) {
    return lines.get(line).stripLeading().startsWith("- ");
  }

  private int indent(int line) {
    return lines.get(line).length() - lines.get(line).stripLeading().length();
  }

  /** The top items of the file: routes, templates, configurations. */
  private Map<String, String> items() {
    Map<String, String> items = new LinkedHashMap<>();
    for (String item : (String.join("\n", lines) + "\n").split("(?m)^(?=- )")) {
      Matcher id = ID.matcher(item);
      if (item.startsWith("- ")) {
        items.put(id.find() ? id.group(1) : file, item.stripTrailing());
      }
    }
    return items;
  }
}
