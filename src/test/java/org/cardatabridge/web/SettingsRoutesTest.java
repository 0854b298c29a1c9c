// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.settings.PageSettings;
import org.cardatabridge.settings.SettingsLoader;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /api/settings} on a real server. */
@Timeout(120)
class SettingsRoutesTest {

  private static final String VIN = "WBY00TEST00000001";
  private static final String PATH = "/api/settings";

  @TempDir Path workDir;
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final List<PageSettings.Undo> asked = new ArrayList<>();
  private String problem;
  private Duration left = Duration.ZERO;
  private WebServer server;

  @AfterEach
  void end() {
    context.stop();
  }

  private Http started(boolean renewable) throws Exception {
    return started(renewable, ShippedRoute.of("web-settings"));
  }

  private Http started(boolean renewable, ShippedRoute route) throws Exception {
    for (ShippedRoute file : List.of(ShippedRoute.of("web"), route)) {
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(ResourceHelper.fromString(file.file() + ".camel.yaml", file.yaml()));
    }
    LoadedSettings loaded =
        SettingsLoader.load(
            workDir, Map.of("CARDATA_CLIENT_ID", "c-secret"), Map.of("cardata.http.port", "0"));
    Renewal renewal =
        new Renewal() {
          @Override
          public void ask(PageSettings.Undo undo) {
            asked.add(undo);
          }

          @Override
          public Duration left() {
            return left;
          }

          @Override
          public Optional<String> problem() {
            return Optional.ofNullable(problem);
          }
        };
    context
        .getRegistry()
        .bind(
            "settingsApi",
            new SettingsApi(
                new PageSettings(loaded),
                () -> List.of(VIN),
                renewable ? Optional.of(renewal) : Optional.empty()));
    PageFiles page = new PageFiles();
    context.getRegistry().bind("page", page);
    context.getRegistry().bind("status", new NoStatus());
    server = new WebServer(loaded.settings(), page, Clock.systemUTC());
    context.addService(server, true, false);
    context.start();
    return new Http(server.port());
  }

  /** Stands where web.camel.yaml wants the status, which nobody asks for here. */
  public static final class NoStatus {

    /** Nothing. */
    public Answer status() {
      return Answer.json(200, List.of());
    }
  }

  private static JsonNode json(Http.Reply reply) throws Exception {
    assertThat(reply.header("Content-Type")).isEqualTo("application/json");
    return new ObjectMapper().readTree(reply.body());
  }

  private Http.Reply post(Http http, String body, String... headers) throws Exception {
    return http.send("POST", PATH, "localhost:" + server.port(), body, headers);
  }

  private String file() throws Exception {
    Path file = workDir.resolve("data/settings.properties");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  @Test
  void theSettingsHaveTheFieldsOfTheContractAndNoSecret() throws Exception {
    Http.Reply reply = started(true).get(PATH);
    assertThat(reply.body()).doesNotContain("c-secret");
    JsonNode settings = json(reply);
    assertThat(settings.get("effect").asText()).isEqualTo("now");
    assertThat(settings.has("problem")).isFalse();
    JsonNode first = settings.get("settings").get(0);
    assertThat(first.toString())
        .startsWith(
            "{\"key\":\"cardata.client-id\",\"isSet\":true,\"source\":\"environment"
                + " CARDATA_CLIENT_ID\",\"editable\":false,\"why\":\"it comes from environment")
        .contains("\"secret\":true,\"description\":\"CarData client id", "\"takes\":\"a text\"");
    JsonNode units =
        settings.get("settings").findParents("key").stream()
            .filter(setting -> setting.get("key").asText().equals("cardata.units"))
            .findFirst()
            .orElseThrow();
    assertThat(units.toString())
        .startsWith(
            "{\"key\":\"cardata.units\",\"value\":\"metric\",\"isSet\":false,"
                + "\"source\":\"default\",\"editable\":true,\"secret\":false,\"description\":\"")
        .endsWith("\"takes\":\"metric or as-sent\",\"default\":\"metric\"}");
    assertThat(reply.body()).contains("cardata.vehicle." + VIN + ".alias");
  }

  @Test
  void aChangeIsWrittenAndTakesEffectAtOnce() throws Exception {
    Http http = started(true);
    problem = "it went wrong";
    assertThat(json(http.get(PATH)).get("problem").asText()).isEqualTo("it went wrong");
    Http.Reply reply =
        post(http, "{\"cardata.units\":\"as-sent\",\"cardata.sink.evcc.enabled\":true}");
    assertThat(reply.body())
        .isEqualTo(
            "{\"saved\":[\"cardata.sink.evcc.enabled\",\"cardata.units\"],\"effect\":\"now\"}");
    assertThat(file()).contains("cardata.units=as-sent", "cardata.sink.evcc.enabled=true");
    assertThat(asked).hasSize(1);

    post(http, "{\"cardata.units\":\"as-sent\"}");
    assertThat(asked).as("nothing is different").hasSize(1);
    assertThat(post(http, "{\"cardata.units\":null}").code()).isEqualTo(200);
    assertThat(file()).doesNotContain("cardata.units");
    assertThat(asked).hasSize(2);
  }

  @Test
  void withoutAProgramThatStartsItAnewItSaysWhatToDo() throws Exception {
    JsonNode reply = json(post(started(false), "{\"cardata.units\":\"as-sent\"}"));
    assertThat(reply.get("effect").asText()).isEqualTo("restart");
    assertThat(reply.get("do").asText()).contains("restart the program");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "[]",
        "{}",
        "\"a\"",
        "{\"cardata.units\":{}}",
        "{\"cardata.units\":[\"a\"]}",
        "{\"cardata.units\":\"metric\",\"cardata.units\":\"as-sent\"}",
        "{\"cardata.units\":\"metric\"} more",
        "{\"cardata.units\":\"s3cret"
      })
  void whatIsNoObjectOfTextsIsRefusedWithASentence(String body) throws Exception {
    Http.Reply reply = post(started(true), body);
    assertThat(reply.code()).isEqualTo(400);
    assertThat(json(reply).get("error").asText()).contains("no JSON object of settings");
    assertThat(reply.body()).doesNotContain("s3cret");
    assertThat(file()).isEmpty();
  }

  @Test
  void whatMustNotBeChangedIsRefusedAndNamed() throws Exception {
    Http http = started(true);
    JsonNode pinned = json(post(http, "{\"cardata.client-id\":\"c-2\"}"));
    assertThat(pinned.get("setting").asText()).isEqualTo("cardata.client-id");
    Http.Reply address = post(http, "{\"cardata.auth.url\":\"https://evil.example\"}");
    assertThat(address.code()).isEqualTo(400);
    JsonNode wrong = json(post(http, "{\"cardata.units\":\"imperial\"}"));
    assertThat(wrong.get("error").asText()).contains("got 'imperial', takes metric or as-sent");
    assertThat(wrong.get("setting").asText()).isEqualTo("cardata.units");
    StringBuilder many = new StringBuilder("{\"cardata.units\":\"metric\"");
    for (int i = 0; i < 200; i++) {
      many.append(",\"cardata.vehicle.V").append(i).append(".alias\":\"a").append(i).append('"');
    }
    assertThat(post(http, many + "}").body()).contains("at most 200 settings");
    assertThat(post(http, "{\"cardata.units\":\"" + "x".repeat(70_000) + "\"}").code())
        .isEqualTo(413);
    assertThat(file()).isEmpty();
    assertThat(asked).isEmpty();
  }

  @Test
  void aDirectoryThatCannotBeWrittenIs503() throws Exception {
    Files.createDirectories(workDir.resolve("data/settings.properties.new/x"));
    Http.Reply reply = post(started(true), "{\"cardata.units\":\"as-sent\"}");
    assertThat(reply.code()).isEqualTo(503);
    assertThat(reply.body()).contains("Writing data/settings.properties");
  }

  @Test
  void afterManyChangesTheNextOneHasToWaitAndChangesNothing() throws Exception {
    Http http = started(true);
    left = Duration.ofMillis(41_200);
    Http.Reply reply = post(http, "{\"cardata.units\":\"as-sent\"}");
    assertThat(reply.code()).isEqualTo(429);
    assertThat(json(reply).get("error").asText())
        .isEqualTo(
            "settings were changed many times within minutes, and each time the bridge starts anew"
                + " — save this again in 42 s; nothing was changed");
    assertThat(file()).isEmpty();
    assertThat(asked).isEmpty();
    left = Duration.ZERO;
    assertThat(post(http, "{\"cardata.units\":\"as-sent\"}").code()).isEqualTo(200);
  }

  @Test
  void anotherOriginChangesNothing() throws Exception {
    Http http = started(true);
    String body = "{\"cardata.units\":\"as-sent\"}";
    assertThat(post(http, body, "Origin: https://evil.example").code()).isEqualTo(403);
    assertThat(post(http, body, "Sec-Fetch-Site: cross-site").code()).isEqualTo(403);
    assertThat(file()).isEmpty();
  }

  @EditsRoute({"web-settings", "web-settings-change"})
  void withoutItsStepsNothingIsShownWrittenOrStartedAnew() throws Exception {
    Http http =
        started(
            true,
            ShippedRoute.of("web-settings")
                .without("method: settings}")
                .without("method: takeEffect}"));
    assertThat(http.get(PATH).code()).isEqualTo(500);
    assertThat(post(http, "{\"cardata.units\":\"as-sent\"}").code()).isEqualTo(500);
    assertThat(file()).contains("as-sent");
    assertThat(asked).isEmpty();
  }

  @EditsRoute("web-settings-change")
  void withoutTheStepThatSavesNothingIsWrittenAndWithAnotherAnswerNoRefusalIsTold()
      throws Exception {
    Http http =
        started(
            true,
            ShippedRoute.of("web-settings")
                .without("method: save}")
                .writing("method: refused}", "method: settings}"));
    assertThat(post(http, "{\"cardata.units\":\"as-sent\"}").code()).isEqualTo(500);
    assertThat(post(http, "no").code()).as("400 as shipped").isEqualTo(200);
    assertThat(file()).isEmpty();
  }
}
