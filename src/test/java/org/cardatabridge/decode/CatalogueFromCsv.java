// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Made {@code catalogue.tsv} from a table of BMW's catalogue with the columns descriptor, datatype,
 * unit, values, streamable, vehicletypes. Run it again by hand when BMW's catalogue changes:
 * arguments are the CSV file and the file to write. No build and no test runs it.
 */
public final class CatalogueFromCsv {

  private static final String HEADER =
      """
      # Facts about BMW's known descriptors. Made by CatalogueFromCsv (src/test/java) from BMW's catalogue; do not edit,
      # judgements stand in corrections.tsv. Tab-separated: descriptor, type, unit in its outward spelling, range with
      # its unit (metric where BMW gives two), tokens, kinds of car, streamable (yes, no or empty). Empty means unknown.
      """;

  private static final String NUMBER = "([-+]? ?\\d[\\d.,]*)";
  private static final String UNIT = "(kWh/100 km|km/h|[^\\s,\\d\\[-]+)?";
  private static final Pattern RANGE =
      Pattern.compile("^" + NUMBER + " ?" + UNIT + " ?(?:to|-) ?" + NUMBER + " ?" + UNIT + ".*");

  private CatalogueFromCsv() {}

  /** Reads the first file, writes the second. */
  public static void main(String[] args) throws IOException {
    StringBuilder out = new StringBuilder(HEADER);
    List<String> lines = Files.readAllLines(Path.of(args[0]));
    for (String line : lines.subList(1, lines.size())) {
      List<String> cells = cells(line);
      String values = cells.get(3);
      String type = type(cells.get(1), values);
      boolean number = type.equals("integer") || type.equals("decimal");
      String range = number ? range(values) : "";
      String unit = UnitTable.outward(cells.get(2));
      out.append(cells.get(0).replace("\u200b", ""))
          .append('\t')
          .append(type)
          .append('\t')
          .append(unit == null ? "" : unit)
          .append('\t')
          .append(range)
          .append('\t')
          .append(number || type.equals("time") ? "" : tokens(values))
          .append('\t')
          .append(cells.get(5).replace('|', ' '))
          .append('\t')
          .append(cells.get(4).replace("true", "yes").replace("false", "no"))
          .append('\n');
    }
    Files.writeString(Path.of(args[1]), out);
  }

  private static String type(String datatype, String values) {
    if (values.matches(".*(dd[./-]|hh:mm|\\d\\d:\\d\\d).*")) {
      return "time";
    }
    if (values.startsWith("object:")) {
      return "object";
    }
    return switch (datatype) {
      case "" -> "";
      case "boolean" -> "boolean";
      case "string" -> "text";
      case "float", "double" -> "decimal";
      default -> "integer";
    };
  }

  private static String range(String values) {
    Matcher m = RANGE.matcher(values.replace(", 0000", "").replace("+ ", ""));
    if (!m.matches()) {
      return "";
    }
    String unit = m.group(4) == null ? m.group(2) : m.group(4);
    String outward = UnitTable.outward(unit);
    boolean bare = outward == null || outward.equals("Messages");
    return number(m.group(1)) + ".." + number(m.group(3)) + (bare ? "" : " " + outward);
  }

  private static String number(String text) {
    String plain = text.replaceAll("[ +]", "").replaceAll(",(?=\\d{3}$)", "").replace(',', '.');
    double value = Double.parseDouble(plain);
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }

  /** Only words that could be values: prose in the column gives none. */
  private static String tokens(String values) {
    List<String> tokens = new ArrayList<>();
    for (String part : values.equals("True False") ? values.split(" ") : values.split("[,;]")) {
      String token = part.trim();
      if (!token.matches("[A-Za-z0-9_-]+")
          || token.matches("\\d+")
          || token.equals("comma-separated")) {
        continue;
      }
      if (tokens.stream()
          .noneMatch(t -> t.toLowerCase(Locale.ROOT).equals(token.toLowerCase(Locale.ROOT)))) {
        tokens.add(token);
      }
    }
    return String.join(" ", tokens);
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (char c : line.toCharArray()) {
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }
}
