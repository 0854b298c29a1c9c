// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page may change, and what it must not. */
class PageSettingsTest {

  private static final String VIN = "WBY00TEST00000001";
  private static final String URL = "cardata.sink.mqtt.url";
  private static final String USER = "cardata.sink.mqtt.username";
  private static final String PASSWORD = "cardata.sink.mqtt.password";

  @TempDir Path workDir;
  private final Map<String, String> env = new HashMap<>();
  private final Map<String, String> overrides = new HashMap<>();

  @BeforeEach
  void makeData() throws IOException {
    Files.createDirectories(workDir.resolve("data"));
  }

  private LoadedSettings load() {
    return SettingsLoader.load(workDir, env, overrides);
  }

  private PageSettings page() {
    return new PageSettings(load());
  }

  private void file(String name, String text) throws IOException {
    Path file = workDir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private String file() throws IOException {
    return Files.readString(workDir.resolve("data/settings.properties"));
  }

  private static Map<String, String> changes(String... pairs) {
    Map<String, String> changes = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      changes.put(pairs[i], pairs[i + 1]);
    }
    return changes;
  }

  private PageSettings.Saved save(String... pairs) throws SettingRefusedException {
    return page().save(changes(pairs));
  }

  private SettingRefusedException refusal(String... pairs) throws IOException {
    Path file = workDir.resolve("data/settings.properties");
    String before = Files.exists(file) ? Files.readString(file) : null;
    SettingRefusedException refusal =
        catchThrowableOfType(SettingRefusedException.class, () -> save(pairs));
    assertThat(refusal).as("refused").isNotNull();
    assertThat(Files.exists(file) ? Files.readString(file) : null).isEqualTo(before);
    return refusal;
  }

  private PageSetting shown(String key) {
    return page().list(List.of(VIN)).stream()
        .filter(setting -> setting.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatIsSavedIsInForceAtTheNextLoad() throws Exception {
    PageSettings.Saved saved =
        save("cardata.client-id", "c-1", "cardata.vehicle." + VIN + ".alias", "i4 (weiß)");
    assertThat(saved.differs()).isTrue();
    assertThat(saved.keys())
        .containsExactly("cardata.client-id", "cardata.vehicle." + VIN + ".alias");
    LoadedSettings loaded = load();
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.settings().get("cardata.client-id")).isEqualTo("c-1");
    assertThat(loaded.settings().get("cardata.vehicle." + VIN + ".alias")).isEqualTo("i4 (weiß)");
    assertThat(save("cardata.client-id", "c-1").differs()).isFalse();

    save("cardata.client-id", null, "cardata.vehicle." + VIN + ".alias", " ");
    assertThat(load().settings().find("cardata.client-id")).isEmpty();
    assertThat(load().vins()).isEmpty();
  }

  @Test
  void theFileGoesBackAsItWas() throws Exception {
    file("data/settings.properties", "# mine\ncardata.units=as-sent\n");
    PageSettings.Saved saved = save("cardata.units", null);
    assertThat(file()).isEqualTo("# mine\n");
    saved.undo().run();
    assertThat(file()).isEqualTo("# mine\ncardata.units=as-sent\n");
  }

  @Test
  void theListSaysWhereEachComesFromAndHoldsNoSecret() throws Exception {
    env.put("CARDATA_CLIENT_ID", "c-secret-1");
    env.put("CARDATA_SINK_MQTT_PASSWORD", "p-secret-2");
    file(".env", "CARDATA_UNITS=as-sent\n");
    file("application.properties", "cardata.vins=" + VIN + "\ncardata.sink.evcc.enabled=true\n");
    file("data/settings.properties", "cardata.sink.mqtt.username=u-secret-3\n");

    assertThat(shown("cardata.client-id").set()).isTrue();
    assertThat(shown("cardata.client-id").value()).isNull();
    assertThat(shown("cardata.client-id").source()).isEqualTo("environment CARDATA_CLIENT_ID");
    assertThat(shown("cardata.client-id").editable()).isFalse();
    assertThat(shown("cardata.client-id").why())
        .contains("environment CARDATA_CLIENT_ID", "stronger", "change it there");
    assertThat(shown("cardata.units").why()).contains(".env CARDATA_UNITS");
    assertThat(shown("cardata.units").value()).isEqualTo("as-sent");
    assertThat(shown("cardata.vins").value()).isEqualTo(VIN);
    assertThat(shown("cardata.vins").editable()).isTrue();
    assertThat(shown("cardata.sink.evcc.enabled").source()).isEqualTo("application.properties");
    assertThat(shown(USER).source()).isEqualTo("data/settings.properties");
    assertThat(shown(URL).set()).isFalse();
    assertThat(shown(URL).value()).isEqualTo("tcp://localhost:1883");
    assertThat(shown("cardata.vehicle." + VIN + ".alias").set()).isFalse();
    String all =
        page().list(List.of(VIN)).stream()
            .map(s -> s.value() + s.why() + s.source() + s)
            .collect(Collectors.joining());
    assertThat(all).doesNotContain("secret-");
  }

  @Test
  void eachOfSeveralAccountsHasItsClientId() throws Exception {
    file("application.properties", "cardata.accounts=main,wife\n");
    save("cardata.account.wife.client-id", "c-2");
    assertThat(shown("cardata.account.wife.client-id").set()).isTrue();
    assertThat(shown("cardata.account.main.client-id").set()).isFalse();
    assertThat(refusal("cardata.account.aunt.client-id", "c").getMessage())
        .contains("there is no account 'aunt'");
  }

  @Test
  void aPinnedSettingIsRefusedWithWhereToChangeIt() throws Exception {
    env.put("CLIENT_ID", "c-1");
    overrides.put("cardata.units", "metric");
    SettingRefusedException refusal = refusal("cardata.client-id", "c-2");
    assertThat(refusal.setting()).isEqualTo("cardata.client-id");
    assertThat(refusal).hasMessageContaining("environment CLIENT_ID");
    assertThat(refusal("cardata.units", "as-sent")).hasMessageContaining("started the bridge");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cardata.api.url",
        "cardata.auth.url",
        "cardata.account.main.auth.url",
        "cardata.auth.token-path",
        "cardata.stream.host",
        "cardata.stream.port",
        "cardata.tls.ca-file",
        "cardata.data-dir",
        "cardata.routes.dir",
        "cardata.routes.reload",
        "cardata.http.host",
        "cardata.http.port",
        "cardata.http.password",
        "cardata.log.file",
        "cardata.accounts",
        "cardata.sink.mqtt.ca-file",
        "cardata.sink.mqtt.password_FILE",
        "cardata.client-id_FILE",
        "cardata.sink.notify.telegram.url",
        "cardata.sink.notify.page-url",
        "cardata.sink.abrp.url",
        "cardata.sink.http.url",
        "cardata.sink.file.dir",
        "cardata.sink.mine.url",
        "camel.main.name",
        "CARDATA_UNITS",
        "a b",
        "cardata.vehicle.A\nx=1.alias",
        ""
      })
  void whatLeadsTokensOrFilesElsewhereIsNoSettingOfThePage(String key) throws Exception {
    assertThat(refusal(key, "https://evil.example").getMessage())
        .contains("no setting that the page may change");
  }

  @Test
  void noDefinitionOfThePageNamesAnAddressOfBmwOrAFile() {
    Set<String> keys =
        SettingCatalogue.all().stream()
            .filter(SettingDefinition::onPage)
            .map(SettingDefinition::key)
            .collect(Collectors.toSet());
    assertThat(keys)
        .contains("cardata.client-id", URL)
        .noneMatch(key -> key.matches("cardata\\.(auth|api|stream|http|routes|data|log|tls)\\b.*"))
        .noneMatch(key -> key.endsWith("-file") || key.endsWith(".dir"));
    assertThat(SettingCatalogue.all())
        .filteredOn(SettingDefinition::onPage)
        .noneMatch(d -> d.type() == SettingType.FILE || d.type() == SettingType.PATH);
  }

  @Test
  void aWrongTextIsRefusedWithTheLoadersSentence() throws Exception {
    SettingRefusedException refusal = refusal("cardata.units", "imperial", "cardata.vins", "A");
    assertThat(refusal.setting()).isEqualTo("cardata.units");
    assertThat(refusal)
        .hasMessage(
            "cardata.units (data/settings.properties): got 'imperial', takes metric or as-sent");
    assertThat(refusal("cardata.vehicle.A.alias", "x", "cardata.vehicle.B.alias", "x"))
        .hasMessageContaining("another car has this name already");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\rcardata.api.url=x", "a\u0000", "a\u2028b", "a\u0085b"})
  void noTextHasALineBreak(String text) throws Exception {
    assertThat(refusal("cardata.client-id", text).getMessage()).contains("takes one line");
  }

  @Test
  void noTextIsLongOrStandsForAnother() throws Exception {
    assertThat(refusal("cardata.client-id", "x".repeat(1_001)).getMessage())
        .contains("at most 1000 characters");
    save("cardata.client-id", "x".repeat(1_000));
    env.put("CARDATA_HTTP_PASSWORD", "secret");
    assertThat(refusal("cardata.sink.mqtt.base-topic", "{{cardata.http.password}}").getMessage())
        .contains("takes no {{");
    assertThat(refusal(PASSWORD, "{{cardata.http.password}}").getMessage()).contains("takes no {{");
    assertThat(refusal("cardata.vehicle.A.alias", "${sysenv.HOME}").getMessage())
        .contains("takes no ${");
    assertThat(refusal("cardata.sink.mqtt.base-topic", "a?b=c").getMessage())
        .contains("takes no ?");
    save(PASSWORD, "a${b?c");
  }

  @Test
  void aFileThatOthersBrokeRefusesEveryChange() throws Exception {
    PageSettings page = page();
    file("application.properties", "cardata.qos=7\n");
    assertThatThrownBy(() -> page.save(changes("cardata.units", "metric")))
        .isInstanceOf(SettingRefusedException.class)
        .hasMessageContaining("cardata.qos (application.properties)");
    file("application.properties", "cardata.data-dir=elsewhere\n");
    assertThatThrownBy(() -> page.save(changes("cardata.units", "metric")))
        .hasMessageContaining("cardata.data-dir has been changed");
  }

  @Test
  void aFileThatIsNotUtf8IsLeftAsItIsAndSaidSo() throws Exception {
    PageSettings page = page();
    Path file = workDir.resolve("data/settings.properties");
    byte[] latin1 = "cardata.vehicle.WBY00TEST00000001.alias=M\u00e4x\n".getBytes(ISO_8859_1);
    Files.write(file, latin1);
    SettingRefusedException refusal =
        catchThrowableOfType(
            SettingRefusedException.class, () -> page.save(changes("cardata.units", "as-sent")));
    assertThat(refusal).hasMessageContaining("save it as UTF-8");
    assertThat(Files.readAllBytes(file)).isEqualTo(latin1);
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsSaidInASentence() throws Exception {
    Files.createDirectories(workDir.resolve("data/settings.properties.new/x"));
    SettingRefusedException refusal = refusal("cardata.units", "as-sent");
    assertThat(refusal.isOurs()).isTrue();
    assertThat(refusal.getMessage())
        .startsWith("Writing data/settings.properties: ")
        .contains("nothing was changed");
  }

  /** Where a password may stand: in each of these it must not go to a new address. */
  @ParameterizedTest
  @CsvSource({"environment", "application.properties", "data/settings.properties", ".env"})
  void aStoredPasswordNeverGoesToANewAddress(String place) throws Exception {
    String line = (place.equals(".env") ? EnvironmentNames.of(PASSWORD) : PASSWORD) + "=p-secret\n";
    if (place.equals("environment")) {
      env.put(EnvironmentNames.of(PASSWORD), "p-secret");
    } else {
      file(place, line);
    }
    SettingRefusedException refusal = refusal(URL, "tcp://evil.example");
    assertThat(refusal.setting()).isEqualTo(URL);
    assertThat(refusal).hasMessageContaining(place).hasMessageContaining("another address");
    assertThat(refusal.getMessage()).doesNotContain("p-secret");
    refusal(URL, "tcp://evil.example", USER, "me");
    if (!place.equals("data/settings.properties")) {
      assertThat(refusal(URL, "tcp://evil.example", USER, "me", PASSWORD, " "))
          .as("a blank one takes out what the page set, and that of the file would come back")
          .hasMessageContaining(place);
    }
  }

  @Test
  void withItsOwnPasswordOrWithoutOneANewAddressIsFine() throws Exception {
    file("data/settings.properties", PASSWORD + "=p1\n" + USER + "=u1\n");
    save(URL, "tcp://one.example", PASSWORD, "p2", USER, "u1");
    assertThat(load().settings().get(PASSWORD)).isEqualTo("p2");
    save(URL, "ssl://two.example", PASSWORD, null, USER, null);
    assertThat(load().settings().find(PASSWORD)).isEmpty();
    save(PASSWORD, "p3");
    save(URL, "embedded");
    refusal(URL, "tcp://three.example");
    save("cardata.units", "as-sent");
  }

  @Test
  void aPasswordOfAnotherPlaceDoesNotComeBackForAnAddressOfThePage() throws Exception {
    file("application.properties", URL + "=tcp://home\n" + PASSWORD + "=p-home\n");
    save(URL, "tcp://evil.example", PASSWORD, "x");
    assertThat(refusal(PASSWORD, null)).hasMessageContaining("application.properties");
    save(PASSWORD, null, URL, null);
    assertThat(load().settings().get(URL)).isEqualTo("tcp://home");
  }

  @Test
  void theRawRelaysPasswordDoesNotFollowTheSharedAddress() throws Exception {
    file("application.properties", "cardata.sink.mqtt-raw.password=p-raw\n");
    assertThat(refusal(URL, "tcp://evil.example"))
        .hasMessageContaining("cardata.sink.mqtt-raw.password");
  }

  @Test
  void aTokenDoesNotFollowTheAddressOfNotifications() throws Exception {
    env.put("CARDATA_SINK_NOTIFY_NTFY_TOKEN", "tk-1");
    env.put("CARDATA_SINK_NOTIFY_GOTIFY_TOKEN", "tk-2");
    refusal("cardata.sink.notify.ntfy.url", "https://evil.example/x");
    refusal("cardata.sink.notify.gotify.url", "https://evil.example/x");
  }
}
