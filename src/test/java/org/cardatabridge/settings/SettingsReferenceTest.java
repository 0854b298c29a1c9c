// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * application.properties and docs/settings.md say what the catalogue says, all of it, both ways.
 */
class SettingsReferenceTest {

  private static final Path PROPERTIES = Path.of("application.properties");
  private static final Path DOCS = Path.of("docs/settings.md");
  private static final Pattern LINE = Pattern.compile("(#?)(cardata\\.[^=\\s]+)=(.*)");
  private static final Pattern TABLE =
      Pattern.compile("(?s)(<!-- table: begin -->\n).*(<!-- table: end -->)");

  private record Entry(String comment, boolean live, String value) {}

  @Test
  void everySettingStandsInApplicationPropertiesAndNoOther() throws IOException {
    assertThat(reference().keySet())
        .containsExactlyElementsOf(
            SettingCatalogue.all().stream().map(SettingDefinition::key).toList());
  }

  @Test
  void aLiveLineIsADefaultAndACommentedOneIsOptional() throws IOException {
    Map<String, Entry> reference = reference();
    assertSoftly(
        softly ->
            SettingCatalogue.all()
                .forEach(
                    definition -> {
                      Entry entry = reference.get(definition.key());
                      softly
                          .assertThat(entry.live())
                          .as(definition.key())
                          .isEqualTo(definition.isLive());
                      if (definition.isLive()) {
                        softly
                            .assertThat(entry.value())
                            .as(definition.key())
                            .isEqualTo(definition.defaultText());
                      }
                    }));
  }

  @Test
  void everyCommentHoldsTheMeaningAndWhatTheSettingTakes() throws IOException {
    Map<String, Entry> reference = reference();
    assertSoftly(
        softly ->
            SettingCatalogue.all()
                .forEach(
                    definition -> {
                      String comment = reference.get(definition.key()).comment();
                      softly
                          .assertThat(comment)
                          .as(definition.key())
                          .contains(definition.meaning());
                      if (takesMoreThanAText(definition)) {
                        softly
                            .assertThat(comment)
                            .as(definition.key())
                            .contains(definition.type().takes());
                      }
                      if (definition.secret()) {
                        softly.assertThat(comment).as(definition.key()).contains("(secret)");
                      }
                      if (definition.defaultNote() != null) {
                        softly
                            .assertThat(comment)
                            .as(definition.key())
                            .contains(definition.defaultNote());
                      }
                    }));
  }

  @Test
  void everyValueAndExampleIsOneThatTheSettingTakes() throws IOException {
    Map<String, Entry> reference = reference();
    assertSoftly(
        softly ->
            SettingCatalogue.all().stream()
                .filter(definition -> !reference.get(definition.key()).value().isEmpty())
                .forEach(
                    definition ->
                        softly
                            .assertThat(
                                definition
                                    .type()
                                    .reader()
                                    .apply(reference.get(definition.key()).value()))
                            .as(definition.key())
                            .isPresent()));
  }

  @Test
  void theShippedFileLoadsWithoutAWordAndLeavesTheOlderBridgesTheirLayout(@TempDir Path workDir)
      throws IOException {
    Files.copy(PROPERTIES, workDir.resolve("application.properties"));
    LoadedSettings loaded =
        SettingsLoader.load(workDir, Map.of("LOCAL_MQTT_URL", "broker"), Map.of());
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.settings().get("cardata.sink.mqtt.layout")).isEqualTo("bausi2k");
    assertThat(loaded.settings().get("cardata.sink.mqtt.base-topic")).isEqualTo("home/bmw/live");
    assertThat(loaded.camelProperties())
        .containsEntry("camel.main.name", "cardata-bridge")
        .containsEntry("camel.main.autoConfigurationLogSummary", "false");
  }

  @Test
  void theTableInTheDocsIsTheCatalogue() throws IOException {
    String docs = Files.readString(DOCS);
    Matcher table = TABLE.matcher(docs);
    assertThat(table.find()).as("markers in " + DOCS).isTrue();
    String wanted = table.replaceFirst("$1" + Matcher.quoteReplacement(table()) + "$2");
    if (System.getProperty("golden.rewrite") != null) {
      Files.writeString(DOCS, wanted);
    }
    assertThat(Files.readString(DOCS))
        .as("run ./mvnw verify -Dgolden.rewrite and read the difference")
        .isEqualTo(wanted);
  }

  private static String table() {
    return "| setting | default | takes | meaning |\n| --- | --- | --- | --- |\n"
        + SettingCatalogue.all().stream()
            .map(SettingsReferenceTest::row)
            .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String row(SettingDefinition definition) {
    List<String> defaults = new ArrayList<>();
    definition.builtIn().map(text -> "`" + text + "`").ifPresent(defaults::add);
    if (definition.defaultNote() != null) {
      defaults.add("(" + definition.defaultNote() + ")");
    }
    String marks =
        (definition.secret() ? " 🔑" : "")
            + (definition.perAccount() ? " 👤" : "")
            + (definition.onPage() ? " ✎" : "");
    return String.join(
        " | ",
        "| `" + definition.key() + "`" + marks,
        defaults.isEmpty() ? "(none)" : String.join(" ", defaults),
        definition.type().takes(),
        definition.meaning() + " |");
  }

  private static boolean takesMoreThanAText(SettingDefinition definition) {
    return definition.type() != SettingType.TEXT && definition.type() != SettingType.PATH;
  }

  private static Map<String, Entry> reference() throws IOException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    StringBuilder comment = new StringBuilder();
    for (String line : Files.readAllLines(PROPERTIES)) {
      Matcher setting = LINE.matcher(line);
      if (setting.matches()) {
        Entry entry =
            new Entry(comment.toString(), setting.group(1).isEmpty(), setting.group(3).strip());
        assertThat(entries.put(setting.group(2), entry)).as(setting.group(2) + " twice").isNull();
        comment.setLength(0);
      } else if (line.startsWith("#")) {
        comment.append(line.substring(1).strip()).append(' ');
      } else {
        comment.setLength(0);
      }
    }
    return entries;
  }
}
