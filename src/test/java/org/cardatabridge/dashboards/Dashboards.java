// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The files of {@code dashboards/}, as Grafana reads them. */
final class Dashboards {

  static final Path FOLDER = Path.of("dashboards");

  private Dashboards() {}

  /**
   * A query of a panel or a variable.
   *
   * @param where the dashboard and the panel, for people
   * @param panel the panel; the variable where it is one's
   * @param text with Grafana's macros
   */
  record Query(String where, JsonNode panel, String text) {}

  /** A dashboard and its file. */
  record Dashboard(Path file, JsonNode json) {

    String database() {
      return file.getParent().getFileName().toString();
    }

    List<JsonNode> panels() {
      return list(json.path("panels"));
    }

    List<JsonNode> variables() {
      return list(json.at("/templating/list"));
    }

    /** Those of panels first, then those of variables. */
    List<Query> queries() {
      List<Query> queries = new ArrayList<>();
      for (JsonNode panel : panels()) {
        for (JsonNode target : list(panel.path("targets"))) {
          String text = target.path("query").asText(target.path("rawSql").asText());
          queries.add(new Query(where(panel) + target.path("refId").asText(), panel, text));
        }
      }
      for (JsonNode variable : variables()) {
        if (variable.path("type").asText().equals("query")) {
          queries.add(
              new Query(
                  file + ", variable " + variable.path("name").asText(),
                  variable,
                  variable.path("query").asText()));
        }
      }
      return queries;
    }

    String where(JsonNode panel) {
      return file + ", " + panel.path("title").asText() + " ";
    }
  }

  /** All of a database. */
  static List<Dashboard> of(String database) {
    try (Stream<Path> files = Files.list(FOLDER.resolve(database))) {
      return files.sorted().map(Dashboards::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Dashboard> all() {
    return Stream.of("influxdb", "postgresql").flatMap(each -> of(each).stream()).toList();
  }

  private static Dashboard read(Path file) {
    try {
      return new Dashboard(file, new ObjectMapper().readTree(Files.readString(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }
}
