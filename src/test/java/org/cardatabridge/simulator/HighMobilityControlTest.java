// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The control API's operations for High Mobility. */
class HighMobilityControlTest {

  private static final HighMobilityApp APP = HighMobilityApp.first();

  @TempDir Path directory;

  private final HttpClient http = HttpClient.newHttpClient();
  private Simulator simulator;
  private HighMobility hm;

  @BeforeEach
  void start() throws Exception {
    simulator =
        Simulator.start(SimulatorConfig.in(directory).highMobility(HighMobilityConfig.first()));
    hm = simulator.highMobility();
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private String send(HttpRequest.Builder request, int status) throws Exception {
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return response.body();
  }

  private HttpRequest.Builder at(String path) {
    return HttpRequest.newBuilder(URI.create(simulator.controlUrl() + path));
  }

  private JsonObject get(String path) throws Exception {
    return new JsonObject(send(at(path), 200));
  }

  private JsonObject post(String name, String body, int status) throws Exception {
    HttpRequest.BodyPublisher json = HttpRequest.BodyPublishers.ofString(body);
    return new JsonObject(send(at("/highmobility/" + name).POST(json), status));
  }

  private JsonObject done(String name, String body) throws Exception {
    return post(name, body, 200);
  }

  @Test
  void itsPageSaysWhereEverythingIs() throws Exception {
    JsonObject page = get("/highmobility");
    assertThat(page.getInteger("port")).isEqualTo(hm.port());
    JsonObject app = page.getJsonArray("apps").getJsonObject(0);
    assertThat(app.getString("filter")).isEqualTo(APP.root() + "/#");
    assertThat(app.getJsonObject("files").getString("key")).isEqualTo(hm.files().key().toString());
    assertThat(page.getJsonArray("cars")).hasSize(4);
    assertThat(page.getJsonArray("odd")).contains("thief-alarm");
    assertThat(get("/").getJsonArray("operations")).contains("highmobility/install");
  }

  @Test
  void withoutHighMobilityThereIsNoSuchPath() throws Exception {
    simulator.close();
    simulator = Simulator.start(SimulatorConfig.in(directory));
    send(at("/highmobility"), 404);
    post("burst", "{}", 404);
  }

  @Test
  void messagesAreMadeAndRead() throws Exception {
    done("publish", "{\"capability\":\"charging\",\"property\":\"battery_level\",\"data\":0.64}");
    done("publish", "{\"payload\":\"{}\",\"topic\":\"" + APP.root() + "/x\"}");
    done("publish", "{\"payloadBase64\":\"AAE=\"}");
    done("car", "{\"vin\":\"WF000TEST00000012\",\"action\":\"wake\"}");
    done("burst", "{\"messages\":3}");
    done("flood", "{\"messages\":5}");
    assertThat(done("odd", "{}").getJsonArray("cases")).hasSize(HighMobilityOdd.values().length);
    JsonArray three = new JsonArray(send(at("/highmobility/messages?limit=3"), 200));
    assertThat(three).hasSize(3);
    JsonArray all = new JsonArray(send(at("/highmobility/messages?fate=nobody"), 200));
    assertThat(all.getJsonObject(0).getString("payload")).contains("\"data\":0.64");
    assertThat(all.getJsonObject(1).getString("topic")).isEqualTo(APP.root() + "/x");
    assertThat(get("/highmobility").getJsonObject("messages").getInteger("published"))
        .isEqualTo(all.size());
  }

  @Test
  void sessionsAreBrokenAndListed() throws Exception {
    try (RawMqtt client = HighMobilityClient.connected(hm, 5, true)) {
      assertThat(done("disconnect", "{\"code\":142}").getInteger("sessions")).isEqualTo(1);
      assertThat(client.read().at(0)).isEqualTo(142);
    }
    HighMobilityClient.connected(hm, 5, true);
    assertThat(done("stall", "{}").getInteger("sessions")).isEqualTo(1);
    assertThat(done("reset", "{}").getInteger("sessions")).isEqualTo(1);
    assertThat(done("outage", "{}").getBoolean("down")).isTrue();
    assertThat(done("outage", "{\"down\":false}").getBoolean("down")).isFalse();
    assertThat(new JsonArray(send(at("/highmobility/sessions"), 200)).encode())
        .contains("kicked", "stalled", "reset");
    await().until(() -> hm.openSessions(null) == 0);
  }

  @Test
  void certificatesAreMadeInstalledExpiredAndRevoked() throws Exception {
    JsonObject files = done("issue", "{\"kind\":\"expired\",\"key\":\"ec\",\"indented\":true}");
    assertThat(Path.of(files.getString("certificate")))
        .exists()
        .isNotEqualTo(hm.files().certificate());
    String before = Files.readString(hm.files().certificate());
    done("install", "{\"until\":\"2099-01-01T00:00:00Z\"}");
    assertThat(hm.files().certificate()).content().isNotEqualTo(before);
    done("expire", "{}");
    done("revoke", "{}");
    assertThat(post("issue", "{\"kind\":\"rusty\"}", 400).getString("error"))
        .contains("unknown kind 'rusty'");
    assertThat(post("issue", "{\"key\":\"door\"}", 400).getString("error"))
        .contains("unknown form 'door'");
    assertThat(post("expire", "{\"clientId\":\"x\"}", 400).getString("error"))
        .contains("none has this certificate");
  }

  @Test
  void settingsAreChangedAndUnknownOnesRefused() throws Exception {
    JsonObject changed =
        done(
            "settings",
            "{\"closes-on-forbidden\":false,\"queue-limit\":9,\"kept-for\":\"2h\",\"shuffle\":true,"
                + "\"duplicate-each\":4}");
    assertThat(changed)
        .isEqualTo(
            new JsonObject(
                "{\"closes-on-forbidden\":false,\"queue-limit\":9,\"kept-for\":\"7200s\","
                    + "\"shuffle\":true,\"duplicate-each\":4}"));
    assertThat(post("settings", "{\"colour\":1}", 400).getString("error"))
        .contains("unknown setting 'colour'");
    post("settings", "{\"queue-limit\":0}", 400);
    post("publish", "{}", 400);
  }

  @Test
  void theDocumentNamesEveryOperationSettingAndOddMessage() throws Exception {
    String doc = Files.readString(Path.of("docs/simulator.md"));
    JsonObject page = get("/highmobility");
    TreeSet<String> words = new TreeSet<>(page.getJsonObject("settings").fieldNames());
    page.getJsonArray("odd").forEach(o -> words.add((String) o));
    get("/").getJsonArray("operations").stream()
        .map(Object::toString)
        .filter(o -> o.startsWith(HighMobilityOperations.PREFIX))
        .forEach(words::add);
    assertThat(words).allSatisfy(w -> assertThat(doc).contains("`" + w + "`"));
  }
}
