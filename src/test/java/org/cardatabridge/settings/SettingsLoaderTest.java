// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsLoaderTest {

  private static final String VIN = "WBY00TEST00000001";
  private static final String LANGUAGE = "cardata.api.accept-language";

  /** The places from the weakest to the strongest, behind the built-in default. */
  private static final List<String> PLACES =
      List.of(
          "application.properties",
          "config/application.properties",
          "data/settings.properties",
          ".env",
          "environment",
          "override");

  @TempDir Path workDir;
  private final Map<String, String> env = new HashMap<>();
  private final Map<String, String> overrides = new HashMap<>();

  static Stream<Integer> places() {
    return IntStream.range(0, PLACES.size()).boxed();
  }

  @ParameterizedTest
  @MethodSource("places")
  void eachPlaceBeatsAllThatAreWeaker(int strongest) throws IOException {
    for (int place = 0; place <= strongest; place++) {
      put(PLACES.get(place), LANGUAGE, "language-" + place);
    }
    LoadedSettings loaded = load();
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.settings().get(LANGUAGE)).isEqualTo("language-" + strongest);
    assertThat(loaded.sources().get(LANGUAGE)).startsWith(PLACES.get(strongest));
  }

  @Test
  void aHeaderOfTheWebhookMayBeAVariableOrAFileAndIsNeverShown() throws IOException {
    env.put("CARDATA_SINK_HTTP_HEADER_X_API_KEY", "hidden-1");
    env.put("CARDATA_SINK_HTTP_HEADER_X_OTHER_FILE", "secrets/other");
    write("secrets/other", "hidden-2\n");
    LoadedSettings loaded = load();
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.settings().get("cardata.sink.http.header.x-api-key")).isEqualTo("hidden-1");
    assertThat(loaded.settings().get("cardata.sink.http.header.x-other")).isEqualTo("hidden-2");
    assertThat(loaded.secrets()).contains("hidden-1", "hidden-2");
  }

  @Test
  void theHomeZoneTakesDegreesAndADistance() {
    env.put("CARDATA_HOME_LATITUDE", "91");
    env.put("CARDATA_HOME_LONGITUDE", "8,5");
    env.put("CARDATA_HOME_RADIUS", "0m");
    env.put("CARDATA_SINK_INFLUXDB_BLUR_HOME", "yes");
    assertThat(load().problems())
        .hasSize(4)
        .anyMatch(p -> p.contains("takes degrees from -90 to 90") && !p.contains("91"))
        .anyMatch(p -> p.contains("takes degrees from -180 to 180") && !p.contains("8,5"))
        .anyMatch(p -> p.contains("takes a distance such as 500m or 2km"))
        .anyMatch(p -> p.contains("BLUR_HOME") && p.contains("takes true or false"));
  }

  @ParameterizedTest
  @MethodSource("places")
  void aBlankTextCountsAsAbsentInEachPlace(int place) throws IOException {
    put(PLACES.get(place), LANGUAGE, "  ");
    assertThat(load().settings().get(LANGUAGE)).isEqualTo("en");
    assertThat(load().sources()).containsEntry(LANGUAGE, "default");
  }

  @Test
  void withoutAnyPlaceThereAreTheDefaultsAndNoClientId() {
    LoadedSettings loaded = load();
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.settings().asMap()).containsAllEntriesOf(Settings.defaults().asMap());
    assertThat(loaded.settings().find("cardata.client-id")).isEmpty();
    assertThat(loaded.orThrow().duration("cardata.auth.refresh-before"))
        .isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void theDataDirectoryOfTheEnvironmentDecidesWhichPageFileIsRead() throws IOException {
    put("data/settings.properties", LANGUAGE, "data");
    write("other/settings.properties", LANGUAGE + "=other");
    env.put("CARDATA_DATA_DIR", "other");
    LoadedSettings loaded = load();
    assertThat(loaded.settings().get(LANGUAGE)).isEqualTo("other");
    assertThat(loaded.dataDir()).isEqualTo(workDir.resolve("other").toAbsolutePath());
  }

  @Test
  void aDataDirectoryNamedInsideTheDataDirectoryIsAProblem() throws IOException {
    put("data/settings.properties", "cardata.data-dir", "elsewhere");
    assertThat(load().problems())
        .singleElement()
        .asString()
        .contains("cardata.data-dir", "too late");
  }

  @Test
  void camelsOwnPropertiesPassUntouched() throws IOException {
    write("application.properties", "camel.main.name=mine\nmy.thing= {{camel.main.name}} ");
    assertThat(load().camelProperties())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("camel.main.name", "mine", "my.thing", "{{camel.main.name}} "));
  }

  @Test
  void aBaseUrlLosesItsLastSlashBecausePathsBeginWithOne() throws IOException {
    write(
        "application.properties",
        "cardata.auth.url=https://x.example/tenant/\ncardata.api.url=https://x.example//\n"
            + "cardata.stream.host=[::1]\ncardata.sink.http.url=https://x.example/hook/\n");
    LoadedSettings loaded = load();
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.settings().get("cardata.auth.url")).isEqualTo("https://x.example/tenant");
    assertThat(loaded.settings().get("cardata.api.url")).isEqualTo("https://x.example");
    assertThat(loaded.settings().get("cardata.sink.http.url"))
        .as("a complete address stays")
        .isEqualTo("https://x.example/hook/");
  }

  @Test
  void zeroWidthSpacesFromThePortalAreTakenOut() {
    env.put("CARDATA_CLIENT_ID", "\u200Babc\u200B-def \u200B");
    assertThat(load().settings().get("cardata.client-id")).isEqualTo("abc-def");
  }

  @Test
  void aFileOfWindowsNotepadIsRead() throws IOException {
    write("application.properties", "\uFEFFcardata.http.port=81\r\ncardata.units=As-Sent\r\n");
    Settings settings = load().orThrow();
    assertThat(settings.integer("cardata.http.port")).isEqualTo(81);
    assertThat(settings.get("cardata.units")).isEqualTo("as-sent");
  }

  @Test
  void aFileThatIsNotUtf8IsAProblem() throws IOException {
    Files.write(
        workDir.resolve("application.properties"),
        "cardata.vehicle.X.alias=Käfer".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(load().problems())
        .containsExactly("application.properties: is not UTF-8 — save it as UTF-8");
  }

  @Test
  void aBrokenUnicodeEscapeIsAProblem() throws IOException {
    write("application.properties", "cardata.log.file=c:\\users");
    assertThat(load().problems()).singleElement().asString().startsWith("application.properties:");
  }

  @ParameterizedTest
  @CsvSource({
    "cardata.clientId, cardata.client-id",
    "cardata.sink.mqtt.ulr, cardata.sink.mqtt.url",
    "cardata.stream.keepalive, cardata.stream.keep-alive",
    "cardata.log.levle, cardata.log.level",
    "cardata.account.wife.stream.qso, cardata.account.wife.stream.qos",
    "cardata.sink.kafka.attemps, cardata.sink.kafka.attempts",
    "cardata.account.wife.data-dir, cardata.account.wife.api.url",
  })
  void aTypoIsNamedWithTheNearestKey(String typo, String nearest) throws IOException {
    write("application.properties", "cardata.accounts=main,wife\n" + typo + "=1");
    assertThat(load().problems())
        .containsExactly(
            typo
                + " (application.properties): there is no such setting — did you mean "
                + nearest
                + "?");
  }

  @Test
  void belowASinkOfOnesOwnAnythingGoes() throws IOException {
    write(
        "application.properties",
        "cardata.sink.hook.url=http://x\ncardata.sink.hook.Any_Thing={{at}}");
    env.put("CARDATA_SINK_HOOK_API_KEY", "k");
    env.put("CARDATA_SINK_HOOK_ANY_THING", "from the environment");
    LoadedSettings loaded = load();
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.settings().asMap())
        .containsEntry("cardata.sink.hook.url", "http://x")
        .containsEntry("cardata.sink.hook.api-key", "k")
        .containsEntry("cardata.sink.hook.Any_Thing", "from the environment");
    assertThat(loaded.settings().integer("cardata.sink.hook.attempts")).isEqualTo(10);
  }

  @Test
  void whatEverySinkTakesIsCheckedForASinkOfOnesOwnToo() throws IOException {
    write("application.properties", "cardata.sink.hook.attempts=many");
    assertThat(load().problems())
        .containsExactly(
            "cardata.sink.hook.attempts (application.properties): got 'many', takes a whole number"
                + " from 1");
  }

  @Test
  void anUnknownVariableOnlyWarns() {
    env.put("CARDATA_CLEINT_ID", "x");
    LoadedSettings loaded = load();
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.warnings())
        .containsExactly(
            "CARDATA_CLEINT_ID (environment): there is no such setting, it is left out — did you"
                + " mean CARDATA_CLIENT_ID?");
  }

  @Test
  void theNameOfAVariableInAPropertyFileWarns() throws IOException {
    write("application.properties", "CARDATA_CLIENT_ID=x");
    assertThat(load().warnings()).singleElement().asString().contains("CARDATA_CLIENT_ID");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cardata.http.port | 65536",
        "cardata.http.port | -1",
        "cardata.http.port | 99999999999",
        "cardata.stream.port | 0",
        "cardata.stream.keep-alive | 30",
        "cardata.stream.keep-alive | 0s",
        "cardata.stream.keep-alive | 30 seconds",
        "cardata.watchdog.silent-while-active | no",
        "cardata.units | imperial",
        "cardata.journal.sync | off",
        "cardata.journal.max-size | 2",
        "cardata.journal.max-size | much",
        "cardata.log.format | xml",
        "cardata.log.level | loud",
        "cardata.sink.mqtt.enabled | yes",
        "cardata.sink.mqtt.qos | 3",
        "cardata.sink.mqtt.layout | mine",
        "cardata.sink.mqtt.leaves | some",
        "cardata.sink.mqtt.url | localhost:1883",
        "cardata.sink.mqtt.url | http://localhost",
        "cardata.sink.mqtt.url | tcp://",
        "cardata.sink.mqtt.url | tcp://:1883",
        "cardata.sink.mqtt.url | tcp://host:port",
        "cardata.sink.mqtt.url | tcp://host:70000",
        "cardata.sink.mqtt.base-topic | a/+/b",
        "cardata.sink.mqtt.base-topic | a/#",
        "cardata.auth.url | customer.bmwgroup.com",
        "cardata.auth.token-path | oauth/token",
        "cardata.auth.token-path | /oauth token",
        "cardata.auth.device-code-path | @elsewhere.example/code",
        "cardata.stream.host | foo bar",
        "cardata.stream.host | ssl://broker.example",
        "cardata.stream.host | broker.example:9000",
        "cardata.stream.host | ::1",
        "cardata.accounts | Main",
        "cardata.accounts | a,a",
        "cardata.accounts | ,",
        "cardata.tls.ca-file | absent.pem",
        "cardata.sink.influxdb.version | 4",
        "cardata.sink.notify.quiet-hours | 22-7",
        "cardata.sink.http.batch | 0",
      })
  void aWrongValueIsASentenceWithNameValueAndWhatItTakes(String key, String value)
      throws IOException {
    write("application.properties", key + "=" + value);
    String takes = SettingCatalogue.find(key).orElseThrow().type().takes();
    assertThat(load().problems())
        .containsExactly(key + " (application.properties): got '" + value + "', takes " + takes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cardata.sink.mqtt.url | tcp://me:geheim@4711/x@host:1883 | , and the login in"
            + " cardata.sink.mqtt.username and cardata.sink.mqtt.password",
        "cardata.sink.mqtt-raw.url | wss://me:4711@host/mqtt | , and the login in"
            + " cardata.sink.mqtt-raw.username and cardata.sink.mqtt-raw.password",
        "cardata.auth.url | https://me:4711@host | , without a user name and a password before the"
            + " host",
      })
  void aLoginInAUrlIsRefusedAsNothingWouldUseIt(String key, String url, String advice)
      throws IOException {
    write("application.properties", key + "=" + url);
    assertThat(load().problems())
        .singleElement()
        .asString()
        .endsWith(advice)
        .contains("://***@host")
        .doesNotContain("4711");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cardata.http.port | 0",
        "cardata.stream.session-expiry | 0s",
        "cardata.stream.keep-alive | 250ms",
        "cardata.sink.mqtt.url | tcp://mqtt_broker:1883",
        "cardata.sink.mqtt.url | ssl://[fe80::1]:8883",
        "cardata.sink.mqtt.url | embedded",
        "cardata.sink.http.url | https://example.org/a?b=c",
        "cardata.journal.max-size | 500mb",
        "cardata.accounts | main, my-wife",
      })
  void aRightValueIsTaken(String key, String value) throws IOException {
    write("application.properties", key + "=" + value);
    LoadedSettings loaded = load();
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.settings().get(key)).isEqualTo(value);
  }

  @Test
  void thePagesSettingsAreFoundWhereTheDataDirectoryIsAPlaceholder() throws IOException {
    write("dd/settings.properties", "cardata.http.port=8093");
    write(
        "application.properties",
        "cardata.data-dir={{cardata.routes.dir}}\ncardata.routes.dir={{env:MYD}}");
    env.put("MYD", "dd");

    assertThat(load().settings().get("cardata.http.port")).isEqualTo("8093");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cardata.data-dir", "cardata.routes.dir", "cardata.tls.ca-file"})
  void aPathThatCannotBeOneIsAProblem(String key) throws IOException {
    write("application.properties", key + "=a\\u0000b");
    assertThat(load().problems()).singleElement().asString().startsWith(key);
  }

  @Test
  void aWrongValueInTheEnvironmentIsAProblemThatNamesTheVariable() {
    env.put("CARDATA_HTTP_PORT", "http");
    assertThat(load().problems())
        .containsExactly(
            "cardata.http.port (environment CARDATA_HTTP_PORT): got 'http', takes a whole number"
                + " from 0 to 65535");
    assertThatThrownBy(() -> load().orThrow())
        .isInstanceOf(BadSettingException.class)
        .hasMessageContaining("CARDATA_HTTP_PORT");
  }

  @Test
  void noProblemAndNoWarningEverShowsASecret() throws IOException {
    StringBuilder file = new StringBuilder();
    SettingCatalogue.all().stream()
        .filter(SettingDefinition::secret)
        .map(definition -> definition.key().replace("<name>", "hook"))
        .forEach(key -> file.append(key).append("={{geheim-4711}}\n"));
    file.append("cardata.sink.mqtt.url=tcp://me:geheim-4711@host:x\n");
    file.append("cardata.client-idd=geheim-4711\n");
    write("application.properties", file.toString());
    env.put("CARDATA_SINK_SQL_URL", "geheim-4711");
    env.put("CARDATA_SINK_SQL_PASSWORDD", "geheim-4711");
    LoadedSettings loaded = load();
    assertThat(loaded.problems()).hasSizeGreaterThan(20).noneMatch(s -> s.contains("4711"));
    assertThat(loaded.warnings()).isNotEmpty().noneMatch(s -> s.contains("4711"));
    assertThat(loaded.problems())
        .contains(
            "cardata.sink.sql.url (environment CARDATA_SINK_SQL_URL): got a text that is not"
                + " shown, takes a URL that begins with jdbc:postgresql:");
    assertThat(loaded).asString().doesNotContain("4711");
  }

  @Test
  void noSentenceShowsAWholeVin() throws IOException {
    write(
        "application.properties",
        ("cardata.vehicle.VIN.alias=bridge\ncardata.vehicle.VIN.alais=x\ncardata.vehicles.VIN.alias=x\n"
                + "cardata.vehicle.VIN=x\n")
            .replace("VIN", VIN));
    env.put("CARDATA_VEHICLE_" + VIN + "_ALAIS", "x");
    env.put("CARDATA_VEHICLES_" + VIN + "_ALIAS", "x");
    LoadedSettings loaded = load();
    assertThat(loaded.problems()).hasSize(4).noneMatch(s -> s.contains(VIN));
    assertThat(loaded.problems()).anyMatch(s -> s.startsWith("cardata.vehicle.…0001.alias"));
    assertThat(loaded.warnings())
        .hasSize(2)
        .noneMatch(s -> s.toUpperCase(java.util.Locale.ROOT).contains(VIN));
  }

  @Test
  void aSecretComesFromAFileWithoutItsLastNewline() throws IOException {
    write("secrets/id", "the-id\n");
    write("secrets/password", "with blank \r\n");
    env.put("CARDATA_CLIENT_ID_FILE", "secrets/id");
    write("application.properties", "cardata.sink.mqtt.password_FILE=secrets/password");
    env.put("CARDATA_SINK_HOOK_TOKEN_FILE", "secrets/id");
    LoadedSettings loaded = load();
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.settings().get("cardata.client-id")).isEqualTo("the-id");
    assertThat(loaded.settings().get("cardata.sink.mqtt.password")).isEqualTo("with blank");
    assertThat(loaded.settings().get("cardata.sink.hook.token")).isEqualTo("the-id");
    assertThat(loaded.sources()).containsEntry("cardata.client-id", "file secrets/id");
  }

  @Test
  void aSecretOfOneAccountComesFromAFileToo() throws IOException {
    write("id", "hers");
    env.put("CARDATA_ACCOUNTS", "main,wife");
    env.put("CARDATA_ACCOUNT_WIFE_CLIENT_ID_FILE", "id");
    assertThat(load().orThrow().forAccount("wife").get("cardata.client-id")).isEqualTo("hers");
    assertThat(load().orThrow().forAccount("main").find("cardata.client-id")).isEmpty();
  }

  @Test
  void aSecretsFileThatIsMissingEmptyOrDoubledIsAProblem() throws IOException {
    write("empty", "\n");
    write("full", "x");
    env.put("CARDATA_CLIENT_ID_FILE", "absent");
    env.put("CARDATA_HTTP_PASSWORD_FILE", "empty");
    env.put("CARDATA_SINK_MQTT_PASSWORD_FILE", "full");
    env.put("CARDATA_SINK_MQTT_PASSWORD", "y");
    assertThat(load().problems())
        .containsExactlyInAnyOrder(
            "CARDATA_CLIENT_ID_FILE (environment): got 'absent', takes the path of a readable file",
            "CARDATA_HTTP_PASSWORD_FILE (environment): the file empty is empty",
            "CARDATA_SINK_MQTT_PASSWORD_FILE (environment): is set beside the value itself — keep"
                + " one of the two");
  }

  @Test
  void aFileSettingThatIsNoSecretKeepsItsName() throws IOException {
    write("cert", "c");
    write("key", "k");
    env.put("CARDATA_SINK_MQTT_CLIENT_CERT_FILE", "cert");
    env.put("CARDATA_SINK_MQTT_CLIENT_KEY_FILE", "key");
    assertThat(load().orThrow().get("cardata.sink.mqtt.client-key-file")).isEqualTo("key");
  }

  @Test
  void aCertificateWithoutItsKeyIsAProblem() throws IOException {
    write("cert", "c");
    env.put("CARDATA_SINK_MQTT_CLIENT_CERT_FILE", "cert");
    assertThat(load().problems())
        .singleElement()
        .asString()
        .startsWith("cardata.sink.mqtt.client-key-file: got nothing");
  }

  @Test
  void oneAccountCanDifferFromAllOthers() {
    env.put("CARDATA_ACCOUNTS", "main,my-wife");
    env.put("CARDATA_STREAM_QOS", "0");
    env.put("CARDATA_ACCOUNT_MY_WIFE_STREAM_QOS", "2");
    Settings settings = load().orThrow();
    assertThat(settings.forAccount("my-wife").integer("cardata.stream.qos")).isEqualTo(2);
    assertThat(settings.forAccount("main").integer("cardata.stream.qos")).isZero();
  }

  @Test
  void anAccountThatNobodyNamedIsAProblemInAFileAndAWarningInTheEnvironment() throws IOException {
    write("application.properties", "cardata.account.wife.client-id=x");
    env.put("CARDATA_ACCOUNT_SON_CLIENT_ID", "y");
    LoadedSettings loaded = load();
    assertThat(loaded.problems())
        .containsExactly(
            "cardata.account.wife.client-id (application.properties): there is no account 'wife' —"
                + " cardata.accounts names main");
    assertThat(loaded.warnings()).singleElement().asString().contains("'son'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bridge", "a/b", "a+b", "a#b"})
  void anAliasThatWouldBreakTopicsIsAProblem(String alias) throws IOException {
    write("application.properties", "cardata.vehicle." + VIN + ".alias=" + alias);
    assertThat(load().problems()).singleElement().asString().contains("…0001", "'" + alias + "'");
  }

  @Test
  void anAliasBelongsToOneCar() throws IOException {
    write("application.properties", "cardata.vehicle.VIN1.alias=ix\ncardata.vehicle.VIN2.alias=ix");
    assertThat(load().problems()).singleElement().asString().contains("another car");
    write(
        "application.properties", "cardata.vehicle.VIN1.alias=VIN2\ncardata.vehicle.VIN2.alias=b");
    assertThat(load().problems()).singleElement().asString().contains("another car");
  }

  @Test
  void placeholdersStandForTheEnvironmentAndForOtherSettings() throws IOException {
    env.put("MY_ID", "abc");
    write(
        "application.properties",
        "cardata.client-id={{env:MY_ID}}\ncardata.http.port={{env:NO_PORT:81}}\n"
            + "cardata.embedded.host={{cardata.http.host}}\n"
            + "cardata.sink.kafka.topic={{cardata.client-id}}-x");
    Settings settings = load().orThrow();
    assertThat(settings.get("cardata.client-id")).isEqualTo("abc");
    assertThat(settings.integer("cardata.http.port")).isEqualTo(81);
    assertThat(settings.get("cardata.embedded.host")).isEqualTo("127.0.0.1");
    assertThat(settings.get("cardata.sink.kafka.topic")).isEqualTo("abc-x");
  }

  @Test
  void aPlaceholderWithoutAValueOrInACircleIsAProblem() throws IOException {
    write(
        "application.properties",
        "cardata.client-id={{env:NOTHING}}\ncardata.http.host={{cardata.embedded.host}}\n"
            + "cardata.embedded.host={{cardata.http.host}}");
    assertThat(load().problems()).hasSize(3).allMatch(s -> s.contains("placeholder with no value"));
  }

  @Test
  void offWinsOverAWeakerPlaceAndThenIsAbsent() throws IOException {
    write("application.properties", "cardata.watchdog.silent-while-active=20m");
    env.put("CARDATA_WATCHDOG_SILENT_WHILE_ACTIVE", "Off");
    assertThat(load().orThrow().find("cardata.watchdog.silent-while-active")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "default, cardata, 1, true",
    "bausi2k, home/bmw/live, 0, true",
    "dj0abr, bmw/, 0, false"
  })
  void aLayoutSetsBaseTopicQosAndRetain(String layout, String base, String qos, String retain) {
    env.put("CARDATA_SINK_MQTT_LAYOUT", layout);
    assertThat(load().orThrow().asMap())
        .containsEntry("cardata.sink.mqtt.base-topic", base)
        .containsEntry("cardata.sink.mqtt.qos", qos)
        .containsEntry("cardata.sink.mqtt.retain", retain);
  }

  @Test
  void whatALayoutSetsCanStillBeSet() {
    env.put("CARDATA_SINK_MQTT_LAYOUT", "dj0abr");
    env.put("CARDATA_SINK_MQTT_BASE_TOPIC", "mine");
    env.put("CARDATA_SINK_MQTT_RETAIN", "true");
    assertThat(load().orThrow().asMap())
        .containsEntry("cardata.sink.mqtt.base-topic", "mine")
        .containsEntry("cardata.sink.mqtt.qos", "0")
        .containsEntry("cardata.sink.mqtt.retain", "true");
  }

  @Test
  void theRawRelayUsesTheSameBrokerUnlessItIsSentElsewhere() {
    env.put("CARDATA_SINK_MQTT_URL", "tcp://one");
    env.put("CARDATA_SINK_MQTT_PASSWORD", "pw");
    assertThat(load().orThrow().asMap())
        .containsEntry("cardata.sink.mqtt-raw.url", "tcp://one")
        .containsEntry("cardata.sink.mqtt-raw.password", "pw");
    env.put("CARDATA_SINK_MQTT_RAW_URL", "tcp://two");
    assertThat(load().orThrow().asMap())
        .containsEntry("cardata.sink.mqtt-raw.url", "tcp://two")
        .doesNotContainKey("cardata.sink.mqtt-raw.password");
  }

  @Test
  void aSinkSwitchedOnWithoutItsRouteFileWarns() throws IOException {
    write("routes/sink-mqtt.camel.yaml", "");
    env.put("CARDATA_SINK_KAFKA_ENABLED", "true");
    assertThat(load().warnings())
        .containsExactly(
            "cardata.sink.kafka.enabled: is true, but there is no file"
                + " routes/sink-kafka.camel.yaml");
    write("routes/sink-kafka.camel.yaml", "");
    assertThat(load().warnings()).isEmpty();
  }

  @Test
  void secretsAndVinsToHideAreNamedAndOrdinaryWordsAreNot() throws IOException {
    write(
        "application.properties",
        "cardata.client-id=client\ncardata.stream.username=gcid\ncardata.stream.client-id={gcid}\n"
            + "cardata.sink.mqtt.username=mqtt\ncardata.sink.mqtt.password=pass\n"
            + "cardata.vins=V1, V2\ncardata.vehicle.V3.alias=ix");
    LoadedSettings loaded = load();
    assertThat(loaded.secrets())
        .contains("client", "gcid", "pass")
        .doesNotContain("mqtt", "{gcid}");
    assertThat(loaded.vins()).containsExactly("V1", "V2", "V3");
  }

  private void put(String place, String key, String value) throws IOException {
    String variable = EnvironmentNames.of(key);
    switch (place) {
      case ".env" -> write(place, variable + "=" + value);
      case "environment" -> env.put(variable, value);
      case "override" -> overrides.put(key, value);
      default -> write(place, key + "=" + value);
    }
  }

  private void write(String name, String text) throws IOException {
    Path file = workDir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private LoadedSettings load() {
    return SettingsLoader.load(workDir, env, overrides);
  }
}
