// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.settings.SettingsLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** compose.yaml as data: its files are there, its settings are ours, what belongs together fits. */
class ComposeFileTest {

  private static final Pattern FILLED_IN = Pattern.compile("\\$\\{[A-Z_]+:-([^}]*)}");
  private static final Pattern VARIABLE = Pattern.compile("\\$([A-Z_]+)");

  @TempDir Path directory;
  private final Map<String, Map<?, ?>> services = services();

  private static Map<String, Map<?, ?>> services() {
    try {
      Map<?, ?> file =
          (Map<?, ?>)
              new Load(LoadSettings.builder().build())
                  .loadFromString(Files.readString(Path.of("compose.yaml")));
      Map<String, Map<?, ?>> services = new TreeMap<>();
      ((Map<?, ?>) file.get("services"))
          .forEach((name, service) -> services.put((String) name, (Map<?, ?>) service));
      return services;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<String> list(Map<?, ?> service, String key) {
    Object list = service.get(key);
    return list == null ? List.of() : ((List<?>) list).stream().map(Object::toString).toList();
  }

  private static Map<String, String> environment(Map<?, ?> service) {
    Map<String, String> variables = new TreeMap<>();
    if (service.get("environment") instanceof Map<?, ?> environment) {
      environment.forEach(
          (name, value) ->
              variables.put(name.toString(), FILLED_IN.matcher(value.toString()).replaceAll("$1")));
    }
    return variables;
  }

  @Test
  void profilesBringDatabaseGrafanaAndForADemoTheBridge() {
    Map<String, List<String>> profiles = new TreeMap<>();
    services.forEach(
        (name, service) -> {
          List<String> own = list(service, "profiles");
          String profile = own.isEmpty() ? "always" : own.get(0);
          profiles.computeIfAbsent(profile, each -> new ArrayList<>()).add(name);
          list(service, "depends_on")
              .forEach(
                  other ->
                      assertThat(list(services.get(other), "profiles"))
                          .as(name + " needs " + other)
                          .isEqualTo(own));
        });
    assertThat(profiles)
        .containsEntry("always", List.of("cardata-bridge", "mosquitto"))
        .containsEntry("influxdb", List.of("grafana-influxdb", "influxdb"))
        .containsEntry("postgresql", List.of("grafana-postgresql", "postgresql"))
        .containsEntry(
            "demo-influxdb",
            List.of("demo-influxdb", "demo-influxdb-database", "demo-influxdb-grafana"))
        .containsEntry(
            "demo-postgresql",
            List.of("demo-postgresql", "demo-postgresql-database", "demo-postgresql-grafana"))
        .hasSize(5);
  }

  @Test
  void imagesArePinnedAndPortsAreOnLoopback() {
    List<String> ports = new ArrayList<>();
    services.forEach(
        (name, service) -> {
          if (!service.containsKey("build")) {
            assertThat(service.get("image").toString()).matches(".+:\\d+\\.\\d+(\\.\\d+)?");
          }
          ports.addAll(list(service, "ports"));
        });
    assertThat(ports).allMatch(port -> port.startsWith("127.0.0.1:")).doesNotHaveDuplicates();
  }

  @Test
  void everyFileThatIsMountedIsThere() {
    services.forEach(
        (name, service) -> {
          for (String volume : list(service, "volumes")) {
            if (volume.startsWith(".")) {
              assertThat(Path.of(volume.split(":")[0])).as(name + ": " + volume).exists();
              assertThat(volume).endsWith(":ro");
            }
          }
        });
  }

  @Test
  void everyVariableOfABridgeIsASettingThatItTakes() {
    for (String name : List.of("cardata-bridge", "demo-influxdb", "demo-postgresql")) {
      LoadedSettings loaded = loaded(name, Map.of());
      assertThat(loaded.problems()).as(name).isEmpty();
      assertThat(loaded.warnings()).as(name).isEmpty();
    }
    LoadedSettings plain = loaded("cardata-bridge", Map.of());
    assertThat(plain.settings().flag("cardata.sink.influxdb.enabled")).isFalse();
    assertThat(plain.settings().flag("cardata.sink.sql.enabled")).isFalse();
    assertThat(plain.settings().flag("cardata.derived.enabled")).isFalse();
    LoadedSettings wrong = loaded("cardata-bridge", Map.of("CARDATA_SINK_SQL_ULR", "x"));
    assertThat(wrong.warnings()).as("the test's own test").isNotEmpty();
  }

  private LoadedSettings loaded(String service, Map<String, String> more) {
    Map<String, String> variables = environment(services.get(service));
    assertThat(variables).isNotEmpty();
    variables.putAll(more);
    return SettingsLoader.load(directory, variables, Map.of());
  }

  @Test
  void bridgeDatabaseAndGrafanaMeanTheSame() {
    for (String demo : List.of("", "demo-")) {
      boolean isDemo = !demo.isEmpty();
      var bridge = environment(services.get(isDemo ? "demo-influxdb" : "cardata-bridge"));
      String host = isDemo ? "demo-influxdb-database" : "influxdb";
      var database = environment(services.get(host));
      var grafana =
          environment(services.get(isDemo ? "demo-influxdb-grafana" : "grafana-influxdb"));
      assertThat(bridge)
          .containsEntry("CARDATA_SINK_INFLUXDB_URL", "http://" + host + ":8086")
          .containsEntry("CARDATA_SINK_INFLUXDB_ORG", database.get("DOCKER_INFLUXDB_INIT_ORG"))
          .containsEntry("CARDATA_SINK_INFLUXDB_BUCKET", grafana.get("INFLUXDB_DATABASE"))
          .containsEntry("CARDATA_SINK_INFLUXDB_TOKEN", grafana.get("INFLUXDB_TOKEN"));
      assertThat(database)
          .containsEntry("DOCKER_INFLUXDB_INIT_BUCKET", grafana.get("INFLUXDB_DATABASE"))
          .containsEntry("DOCKER_INFLUXDB_INIT_ADMIN_TOKEN", grafana.get("INFLUXDB_TOKEN"));

      bridge = environment(services.get(isDemo ? "demo-postgresql" : "cardata-bridge"));
      host = isDemo ? "demo-postgresql-database" : "postgresql";
      database = environment(services.get(host));
      grafana =
          environment(services.get(isDemo ? "demo-postgresql-grafana" : "grafana-postgresql"));
      assertThat(bridge)
          .containsEntry(
              "CARDATA_SINK_SQL_URL",
              "jdbc:postgresql://" + host + "/" + database.get("POSTGRES_DB"))
          .containsEntry("CARDATA_SINK_SQL_USERNAME", database.get("POSTGRES_USER"))
          .containsEntry("CARDATA_SINK_SQL_PASSWORD", database.get("POSTGRES_PASSWORD"))
          .containsEntry("CARDATA_SINK_SQL_CREATE", "true");
      assertThat(grafana)
          .containsEntry("POSTGRES_ADDRESS", host + ":5432")
          .containsEntry("POSTGRES_DATABASE", database.get("POSTGRES_DB"))
          .containsEntry("POSTGRES_USER", database.get("POSTGRES_USER"))
          .containsEntry("POSTGRES_PASSWORD", database.get("POSTGRES_PASSWORD"));
    }
  }

  @Test
  void demosFeedTheSinkOfTheirDatabase() {
    assertThat(services.get("demo-influxdb").get("command")).isEqualTo("demo --sinks influxdb");
    assertThat(services.get("demo-postgresql").get("command")).isEqualTo("demo --sinks sql");
  }

  @Test
  void grafanaGetsWhatItsProvisioningAsksForAndAHomeDashboard() throws IOException {
    for (Map.Entry<String, Map<?, ?>> service : services.entrySet()) {
      if (!service.getKey().contains("grafana")) {
        continue;
      }
      Map<String, String> variables = environment(service.getValue());
      Map<String, String> mounted = new TreeMap<>();
      for (String volume : list(service.getValue(), "volumes")) {
        String[] parts = volume.split(":");
        mounted.put(parts[1], parts[0]);
        if (parts[0].endsWith(".yaml")) {
          String text = Files.readString(Path.of(parts[0]));
          for (Matcher asked = VARIABLE.matcher(text); asked.find(); ) {
            assertThat(variables).as(service.getKey()).containsKey(asked.group(1));
          }
        }
      }
      assertThat(mounted).hasSize(3);
      Path home = Path.of(variables.get("GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"));
      assertThat(Path.of(mounted.get(home.getParent().toString())).resolve(home.getFileName()))
          .isRegularFile();
    }
  }
}
