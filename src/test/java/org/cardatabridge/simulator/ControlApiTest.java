// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlApiTest {

  private static final String GCID = AccountConfig.first().gcid();
  private static final String VIN = AccountConfig.first().vins().get(0);

  @TempDir Path directory;

  private final HttpClient http = HttpClient.newHttpClient();
  private Simulator simulator;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start(SimulatorConfig.in(directory));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private String get(String path) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create(simulator.controlUrl() + path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(simulator.controlUrl() + path))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private JsonObject done(String path, String body) throws Exception {
    HttpResponse<String> response = post(path, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new JsonObject(response.body());
  }

  private PahoClient subscribed() throws Exception {
    return subscribed(1);
  }

  private PahoClient subscribed(int qos) throws Exception {
    String token = done("/tokens", "").getString("id_token");
    return new PahoClient(simulator, "paho").connect(GCID, token).subscribe(GCID + "/+", qos);
  }

  @Test
  void theFirstPageSaysWhereEverythingIs() throws Exception {
    JsonObject page = new JsonObject(get("/"));
    assertThat(page.getString("authUrl")).isEqualTo(simulator.authUrl().toString());
    assertThat(page.getInteger("streamPort")).isEqualTo(simulator.streamPort());
    assertThat(page.getString("caFile")).isEqualTo(simulator.caFile().toString());
    assertThat(page.getJsonArray("accounts")).hasSize(1);
    assertThat(page.getJsonArray("cars")).hasSize(2);
    assertThat(page.getJsonArray("operations")).contains("approve", "fault", "car");
  }

  @Test
  void aLoginIsFoundAndApproved() throws Exception {
    JsonObject code = new HttpLogin(simulator, AccountConfig.first()).code();
    JsonArray waiting = new JsonArray(get("/logins"));
    assertThat(waiting.getJsonObject(0).getString("userCode"))
        .isEqualTo(code.getString("user_code"));
    assertThat(done("/approve", "{\"userCode\":\"wrong\"}").getInteger("logins")).isZero();
    assertThat(
            done("/approve", "{\"userCode\":\"" + code.getString("user_code") + "\"}")
                .getInteger("logins"))
        .isEqualTo(1);
    assertThat(new JsonArray(get("/logins"))).isEmpty();
  }

  @Test
  void aFaultIsSetCountedStruckAndCleared() throws Exception {
    HttpLogin login = new HttpLogin(simulator, AccountConfig.first());
    done(
        "/fault",
        "{\"at\":\"refresh\",\"kind\":\"status\",\"status\":429,"
            + "\"retry-after\":\"7s\",\"times\":3}");
    done(
        "/fault",
        "{\"at\":\"poll\",\"kind\":\"error\",\"error\":\"invalid_grant\",\"status\":401}");
    assertThat(new JsonObject(get("/faults")).getInteger("refresh")).isEqualTo(3);
    assertThat(login.refresh("x").headers().firstValue("Retry-After")).contains("7");
    assertThat(HttpLogin.error(login.poll("x"))).isEqualTo("401 invalid_grant");
    done("/clear-faults", "");
    assertThat(new JsonObject(get("/faults")).getInteger("refresh")).isZero();
    assertThat(new JsonArray(get("/requests"))).hasSize(2);
  }

  @Test
  void settingsAreReadAndChanged() throws Exception {
    assertThat(new JsonObject(get("/settings")).getString("id-token-life")).isEqualTo("3600s");
    JsonObject changed =
        done(
            "/settings",
            "{\"id-token-life\":\"250ms\",\"keep-sessions\":true,\"error-status\":400,"
                + "\"refresh-reuse\":\"refused\",\"auto-approve-after\":\"3s\",\"time-scale\":720}");
    assertThat(changed.getString("id-token-life")).isEqualTo("250ms");
    assertThat(changed.getBoolean("keep-sessions")).isTrue();
    assertThat(changed.getString("error-status")).isEqualTo("400");
    assertThat(changed.getDouble("time-scale")).isEqualTo(720);
    assertThat(done("/settings", "{\"auto-approve-after\":null}").getString("auto-approve-after"))
        .isEqualTo("off");
  }

  @Test
  void everySettingThatIsReadCanBeWrittenBack() throws Exception {
    String all = get("/settings");
    assertThat(done("/settings", all)).isEqualTo(new JsonObject(all));
  }

  @Test
  void sessionsAreKickedResetAndLogged() throws Exception {
    try (PahoClient paho = subscribed()) {
      assertThat(done("/disconnect", "{\"code\":151}").getInteger("sessions")).isEqualTo(1);
      await().untilAsserted(() -> assertThat(paho.ends()).contains(151));
    }
    assertThat(done("/reset", "{}").getInteger("sessions")).isZero();
    assertThat(done("/stall", "{}").getInteger("sessions")).isZero();
    JsonObject sessions = new JsonObject(get("/sessions"));
    assertThat(sessions.getJsonArray("accounts").getJsonObject(0).getInteger("mostOpen"))
        .isEqualTo(1);
    assertThat(sessions.getJsonArray("log").getJsonObject(2).getString("kind")).isEqualTo("kicked");
  }

  @Test
  void messagesArePublishedAndTheirAcknowledgementsRead() throws Exception {
    try (PahoClient paho = subscribed()) {
      done("/publish", "{\"vin\":\"" + VIN + "\",\"data\":{\"a.b\":{\"value\":1}}}");
      done("/publish", "{\"payload\":\"not json\"}");
      done("/publish", "{\"payloadBase64\":\"AAEC\"}");
      await().untilAsserted(() -> assertThat(paho.payloads()).hasSize(3));
      await()
          .untilAsserted(
              () -> assertThat(new JsonArray(get("/messages?fate=acknowledged"))).hasSize(3));
      assertThat(new JsonArray(get("/messages?limit=1")).getJsonObject(0).getInteger("number"))
          .isEqualTo(3);
      assertThat(new JsonArray(get("/messages?fate=lost"))).isEmpty();
      assertThat(new JsonObject(get("/counters")).getJsonObject("messages").getInteger("published"))
          .isEqualTo(3);
    }
  }

  @Test
  void allCarsAreToldAtOnceWhenNoneIsNamed() throws Exception {
    done("/car", "{\"action\":\"drive\"}");
    assertThat(new JsonArray(get("/cars")))
        .allSatisfy(c -> assertThat(((JsonObject) c).getString("state")).isEqualTo("drive"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/fault | {\"at\":\"moon\",\"kind\":\"reset\"} | unknown place 'moon'",
        "/fault | {\"at\":\"poll\",\"kind\":\"odd\"} | unknown kind 'odd'",
        "/fault | {\"at\":\"poll\",\"kind\":\"error\"} | no 'error'",
        "/fault | {\"at\":\"poll\",\"kind\":\"status\"} | no 'status'",
        "/fault | {\"at\":\"poll\",\"kind\":\"reset\",\"times\":0} | 0 times",
        "/settings | {\"nonsense\":1} | unknown name 'nonsense'",
        "/settings | {\"id-token-life\":\"soon\"} | reading a duration: got 'soon'",
        "/settings | {\"id-token-life\":\"0s\"} | id-token-life",
        "/settings | {\"keep-sessions\":\"perhaps\"} | write true or false",
        "/settings | {\"time-scale\":0} | time-scale",
        "/settings | {\"error-status\":200} | error-status",
        "/car | {\"action\":\"fly\"} | unknown action 'fly'",
        "/car | {\"action\":\"wake\",\"vin\":\"X\"} | no account has this VIN",
        "/odd | {\"case\":\"even\"} | unknown case 'even'",
        "/burst | {\"messages\":-1} | -1 of them",
        "/burst | {\"messages\":\"many\"} | wrong type",
        "/flood | {\"descriptors\":99} | 99 descriptors",
        "/disconnect | {\"code\":134} | CONNACK only",
        "/tokens | {\"clientId\":\"nobody\"} | nobody has this client id",
        "/publish | {} | no message",
        "/publish | [1] | no JSON object",
        "/scenario | {\"steps\":[{\"do\":\"fly\"}]} | no operation",
        "/scenario | {\"steps\":[{\"await\":\"rain\"}]} | cannot await 'rain'",
        "/scenario | {\"steps\":[7]} | a step is no object",
      })
  void aBadArgumentIsAnsweredWithASentence(String path, String body, String sentence)
      throws Exception {
    HttpResponse<String> response = post(path, body);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(new JsonObject(response.body()).getString("error")).contains(sentence);
  }

  @Test
  void unknownPathsAndForeignHostsAreRefused() throws Exception {
    assertThat(post("/fly", "{}").statusCode()).isEqualTo(404);
    assertThat(get("/fly")).contains("no such path");
    HttpResponse<String> fromPage =
        http.send(
            HttpRequest.newBuilder(URI.create(simulator.controlUrl() + "/car"))
                .header("Origin", "http://evil.example")
                .POST(HttpRequest.BodyPublishers.ofString("{\"action\":\"drive\"}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(fromPage.statusCode()).isEqualTo(403);
    assertThat(simulator.published()).isEmpty();
    try (Socket socket = new Socket("127.0.0.1", simulator.controlUrl().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write("GET / HTTP/1.0\r\nHost: evil.example\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
      InputStream in = socket.getInputStream();
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).startsWith("HTTP/1.0 403");
    }
  }

  @Test
  void aScenarioWaitsForASessionAndCarriesItsStepsOut() throws Exception {
    done(
        "/scenario",
        """
        {"steps":[
          {"await":"subscribed","within":"20s"},
          {"do":"publish","payload":"first"},
          {"wait":"50ms"},
          {"repeat":2,"steps":[{"do":"publish","payload":"again"}]},
          {"do":"disconnect","code":142},
          {"await":"disconnected"},
          {"do":"settings","keep-sessions":true}]}
        """);
    assertThat(new JsonObject(get("/scenario")).getBoolean("running")).isTrue();
    // Without acknowledgements: one that Paho writes to the closed connection ends it before Paho
    // has read why.
    try (PahoClient paho = subscribed(0)) {
      await()
          .untilAsserted(
              () -> {
                JsonObject state = new JsonObject(get("/scenario"));
                assertThat(state.getInteger("done")).isEqualTo(state.getInteger("steps"));
              });
      await().untilAsserted(() -> assertThat(paho.ends()).contains(142));
      assertThat(simulator.published())
          .extracting(SentMessage::text)
          .containsExactly("first", "again", "again");
      assertThat(new JsonObject(get("/settings")).getBoolean("keep-sessions")).isTrue();
    }
  }

  @Test
  void aScenarioStopsAtAStepThatFailsAndSaysWhich() throws Exception {
    JsonObject state =
        done("/scenario", "{\"steps\":[{\"do\":\"car\",\"action\":\"wake\"},{\"do\":\"car\"}]}");
    assertThat(state.getString("error")).startsWith("step 2: ").contains("unknown action");
    done("/scenario", "{\"steps\":[{\"await\":\"subscribed\",\"within\":\"50ms\"}]}");
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(
            () ->
                assertThat(new JsonObject(get("/scenario")).getString("error"))
                    .contains("waited in vain"));
  }

  @Test
  void aNewScenarioEndsTheOneUnderWay() throws Exception {
    done("/scenario", "{\"steps\":[{\"wait\":\"200ms\"},{\"do\":\"publish\",\"payload\":\"x\"}]}");
    done("/scenario", "{\"steps\":[]}");
    await()
        .during(Duration.ofMillis(400))
        .untilAsserted(() -> assertThat(simulator.published()).isEmpty());
  }

  @Test
  void everyOperationSettingFaultAndOddCaseIsDocumented() throws Exception {
    String doc = Files.readString(Path.of("docs/simulator.md"));
    JsonArray operations = new JsonObject(get("/")).getJsonArray("operations");
    assertThat(operations)
        .allSatisfy(o -> assertThat(doc).contains("`" + o + "`").contains("/" + o));
    assertThat(new JsonObject(get("/settings")).fieldNames())
        .allSatisfy(s -> assertThat(doc).contains("`" + s + "`"));
    assertThat(Fault.Kind.values()).allSatisfy(k -> assertThat(doc).contains("`" + k.word() + "`"));
    assertThat(Place.values()).allSatisfy(p -> assertThat(doc).contains("`" + p.word() + "`"));
    assertThat(OddMessage.values()).allSatisfy(o -> assertThat(doc).contains("`" + o.word() + "`"));
  }
}
