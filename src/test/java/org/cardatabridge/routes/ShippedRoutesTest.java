// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** How a shipped route file must look: canonical YAML that explains itself. */
class ShippedRoutesTest {

  private static final int LINES_A_FILE = 60;
  private static final Set<String> EXPRESSION_HOLDERS =
      Set.of("setBody", "setProperty", "setHeader", "setVariable", "filter", "split", "transform");

  /** Large, so read once for all files. */
  private static final JsonSchema CAMEL = camelsSchema();

  private static JsonSchema camelsSchema() {
    try (InputStream schema =
        ShippedRoutesTest.class.getClassLoader().getResourceAsStream("schema/camelYamlDsl.json")) {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(schema);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(Path.of("routes"))) {
      return all.filter(f -> f.toString().endsWith(".camel.yaml")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void fileFitsCamelsOwnSchema(Path file) throws IOException {
    // Camel resolves a placeholder there, which its schema forgets.
    assertThat(CAMEL.validate(tree(file)))
        .filteredOn(fault -> !fault.getInstanceLocation().toString().endsWith(".autoStartup"))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("files")
  void fileIsCanonical(Path file) throws IOException {
    List<String> faults = new ArrayList<>();
    walk(tree(file), "", faults);
    assertThat(faults).as("compact forms in %s", file).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("files")
  void fileReadsInAMinute(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSizeLessThanOrEqualTo(LINES_A_FILE);
    assertThat(lines).allMatch(l -> l.length() <= 140 && !l.contains("\t"));
  }

  @ParameterizedTest
  @MethodSource("files")
  void fileOpensWithWhatItDoesNeedsIsSwitchedOnByAndGives(Path file) throws IOException {
    List<String> opening =
        Files.readAllLines(file).stream().takeWhile(l -> l.startsWith("# ")).toList();
    assertThat(opening).hasSizeBetween(3, 6);
    assertThat(opening.get(0)).doesNotContain("Needs:", "Out");
    assertThat(String.join("\n", opening))
        .contains("Needs: ", "On: ")
        .containsPattern("Out(, .*)?: ");
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyRouteHasAnIdNamedAfterItsFileAndASentence(Path file) throws IOException {
    String name = file.getFileName().toString().replace(".camel.yaml", "");
    for (JsonNode item : tree(file)) {
      for (String kind : List.of("route", "routeTemplate")) {
        JsonNode route = item.path(kind);
        if (route.isObject()) {
          assertThat(route.path("id").asText()).startsWith(name);
          JsonNode description =
              route.has("description") ? route.path("description") : route.at("/route/description");
          assertThat(description.asText())
              .as("description of %s", route.path("id"))
              .hasSizeGreaterThan(10);
        }
      }
    }
  }

  private static final Pattern OWN_PLACEHOLDER = Pattern.compile("\\{\\{cardata\\.[^}:]+}}");

  @ParameterizedTest
  @MethodSource("files")
  void everyPlaceholderHasADefault(Path file) throws IOException {
    assertThat(OWN_PLACEHOLDER.matcher(Files.readString(file)).results().map(r -> r.group()))
        .as("placeholders without a default in %s", file)
        .isEmpty();
  }

  private static void walk(JsonNode node, String path, List<String> faults) {
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        walk(node.get(i), path + "[" + i + "]", faults);
      }
    } else if (node.isObject()) {
      node.properties()
          .forEach(
              e -> {
                String here = path + "/" + e.getKey();
                JsonNode value = e.getValue();
                if (Set.of("to", "toD", "from", "log").contains(e.getKey())
                    && value.isTextual()
                    && !path.endsWith("/parameters")) {
                  faults.add(here + ": write it out, as uri or message");
                }
                if ("uri".equals(e.getKey()) && value.asText().contains("?")) {
                  faults.add(here + ": options belong under parameters");
                }
                if (EXPRESSION_HOLDERS.contains(e.getKey())
                    && value.isObject()
                    && !value.has("expression")) {
                  faults.add(here + ": write expression: {simple: {expression: …}}");
                }
                walk(value, here, faults);
              });
    }
  }

  private static JsonNode tree(Path file) throws IOException {
    Object loaded = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    return loaded == null
        ? JsonNodeFactory.instance.arrayNode()
        : new ObjectMapper().valueToTree(loaded);
  }
}
