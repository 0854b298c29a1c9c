// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cardatabridge.dashboards.Dashboards.Dashboard;
import org.cardatabridge.dashboards.Dashboards.Query;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The dashboards as data: what Grafana would show wrongly or refuse without a word. */
class DashboardsTest {

  /** All of these come with Grafana. */
  private static final Set<String> PANELS =
      Set.of("stat", "timeseries", "table", "state-timeline", "text");

  private static final Set<String> TRANSFORMATIONS =
      Set.of(
          "merge",
          "groupBy",
          "organize",
          "extractFields",
          "convertFieldType",
          "filterFieldsByName",
          "partitionByValues");

  private static final Pattern USED = Pattern.compile("\\$\\{(\\w+)[:}]");

  static List<Dashboard> dashboards() {
    return Dashboards.all();
  }

  @Test
  void bothDatabasesHaveTheSameFour() {
    for (String database : List.of("influxdb", "postgresql")) {
      assertThat(Dashboards.of(database))
          .extracting(each -> each.file().getFileName().toString())
          .containsExactly("battery.json", "health.json", "overview.json", "trips.json");
    }
    assertThat(dashboards()).extracting(each -> each.json().path("uid")).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void aDashboardHasWhatItIsFoundAndReadBy(Dashboard dashboard) {
    JsonNode json = dashboard.json();
    String name = dashboard.file().getFileName().toString().replace(".json", "");
    assertThat(json.path("uid").asText()).isEqualTo("cardata-" + dashboard.database() + "-" + name);
    assertThat(json.path("title").asText()).isNotBlank();
    assertThat(json.path("description").asText()).isNotBlank();
    assertThat(json.path("schemaVersion").asInt()).isEqualTo(39);
    assertThat(json.path("timezone").asText()).isEqualTo("browser");
    assertThat(json.path("refresh").asText()).matches("\\d+m");
    assertThat(json.has("id")).as("an id of somebody's Grafana").isFalse();
    JsonNode link = json.at("/links/0");
    assertThat(link.path("type").asText()).isEqualTo("dashboards");
    assertThat(link.path("url").asText()).isEmpty();
    assertThat(json.path("tags").toString()).contains(link.at("/tags/0").toString());
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void nothingLeavesTheMachine(Dashboard dashboard) throws IOException {
    assertThat(Files.readString(dashboard.file())).doesNotContain("://", "geomap");
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void everyPanelSaysWhatItIsAndComesWithGrafana(Dashboard dashboard) {
    for (JsonNode panel : dashboard.panels()) {
      String where = dashboard.where(panel);
      assertThat(panel.path("title").asText()).as(where).isNotBlank();
      assertThat(panel.path("description").asText()).as(where).matches("(?s).{20,}\\.");
      assertThat(PANELS).as(where).contains(panel.path("type").asText());
      for (JsonNode transformation : Dashboards.list(panel.path("transformations"))) {
        assertThat(TRANSFORMATIONS).as(where).contains(transformation.path("id").asText());
      }
    }
    assertThat(dashboard.panels()).extracting(p -> p.path("id").asInt()).doesNotHaveDuplicates();
    assertThat(dashboard.panels()).extracting(p -> p.path("title")).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panelsFillTheGridAndNeverOverlap(Dashboard dashboard) {
    Set<List<Integer>> taken = new HashSet<>();
    for (JsonNode panel : dashboard.panels()) {
      JsonNode grid = panel.path("gridPos");
      for (int x = 0; x < grid.path("w").asInt(); x++) {
        for (int y = 0; y < grid.path("h").asInt(); y++) {
          List<Integer> cell = List.of(grid.path("x").asInt() + x, grid.path("y").asInt() + y);
          assertThat(taken.add(cell)).as(dashboard.where(panel) + cell).isTrue();
          assertThat(cell.get(0)).as(dashboard.where(panel)).isBetween(0, 23);
        }
      }
    }
    int height = taken.stream().mapToInt(cell -> cell.get(1)).max().orElse(0) + 1;
    assertThat(taken).as("cells of a grid without holes").hasSize(24 * height);
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void everyQueryGoesToTheDataSourceThatIsProvisioned(Dashboard dashboard) throws IOException {
    Map<?, ?> source = source(dashboard.database());
    JsonNode chosen = dashboard.variables().get(0);
    assertThat(chosen.path("name").asText()).isEqualTo("datasource");
    assertThat(chosen.path("query").asText()).isEqualTo(source.get("type"));
    assertThat(chosen.at("/current/value").asText()).isEqualTo(source.get("uid"));
    assertThat(chosen.at("/current/text").asText()).isEqualTo(source.get("name"));
    List<JsonNode> places = new ArrayList<>();
    for (JsonNode panel : dashboard.panels()) {
      if (!panel.path("type").asText().equals("text")) {
        assertThat(panel.path("targets")).as(dashboard.where(panel)).isNotEmpty();
        places.add(panel);
        places.addAll(Dashboards.list(panel.path("targets")));
      }
    }
    dashboard.variables().stream()
        .filter(variable -> variable.path("type").asText().equals("query"))
        .forEach(places::add);
    for (JsonNode place : places) {
      assertThat(place.at("/datasource/uid").asText()).isEqualTo("${datasource}");
      assertThat(place.at("/datasource/type").asText()).isEqualTo(source.get("type"));
    }
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void everyVariableIsThereAndUsed(Dashboard dashboard) {
    Set<String> used = new TreeSet<>(Set.of("datasource"));
    for (Query query : dashboard.queries()) {
      for (Matcher found = USED.matcher(query.text()); found.find(); ) {
        used.add(found.group(1));
      }
    }
    used.remove("__to");
    assertThat(dashboard.variables())
        .extracting(each -> each.path("name").asText())
        .containsExactlyInAnyOrderElementsOf(used);
  }

  @ParameterizedTest
  @ValueSource(strings = {"influxdb", "postgresql"})
  void provisioningHasNoSecretsAndTheFolderOfTheDashboards(String database) throws IOException {
    Map<?, ?> source = source(database);
    Map<?, ?> secrets = (Map<?, ?>) source.get("secureJsonData");
    assertThat(secrets).isNotEmpty();
    assertThat(secrets.values()).allMatch(each -> each.toString().matches("(Token )?\\$[A-Z_]+"));
    assertThat(source.get("url").toString()).matches("\\$[A-Z_]+");
    Map<?, ?> provider =
        (Map<?, ?>)
            ((List<?>) yaml("provisioning/dashboards/" + database + ".yaml").get("providers"))
                .get(0);
    assertThat(((Map<?, ?>) provider.get("options")).get("path"))
        .isEqualTo("/var/lib/grafana/dashboards/" + database);
  }

  @Test
  void macrosAreFilledInAsGrafanaDoesIt() {
    GrafanaMacros macros =
        new GrafanaMacros(
            Instant.ofEpochSecond(60),
            Instant.ofEpochSecond(120),
            Duration.ofSeconds(30),
            Map.of("one", List.of("a.b"), "two", List.of("x", "o'y")));
    assertThat(macros.influxQl("/^${one:regex}$/ /^${two:regex}$/ $timeFilter ${__to} $__interval"))
        .isEqualTo("/^a\\.b$/ /^(x|o'y)$/ time >= 60000ms and time <= 120000ms 120000 30s");
    assertThat(macros.sql("(${two:sqlstring}) $__timeGroupAlias(t, $__interval) $__timeTo()"))
        .isEqualTo(
            "('x','o''y') floor(extract(epoch from t)/30)*30 AS \"time\" '1970-01-01T00:02:00Z'");
    assertThatThrownBy(() -> macros.sql("$__timeFrom()")).hasMessageContaining("$__timeFrom");
    assertThatThrownBy(() -> macros.sql("${three:raw}")).hasMessageContaining("three");
  }

  private static Map<?, ?> source(String database) throws IOException {
    return (Map<?, ?>)
        ((List<?>) yaml("provisioning/datasources/" + database + ".yaml").get("datasources"))
            .get(0);
  }

  private static Map<?, ?> yaml(String file) throws IOException {
    Path path = Dashboards.FOLDER.resolve(file);
    return (Map<?, ?>)
        new Load(LoadSettings.builder().build()).loadFromString(Files.readString(path));
  }
}
