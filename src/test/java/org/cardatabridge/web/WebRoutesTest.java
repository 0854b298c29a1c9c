// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nayuki.qrcodegen.QrCode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.api.Picture;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.Page;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped web routes on a real server. */
@Timeout(120)
class WebRoutesTest {

  static final Instant NOON = Instant.parse("2026-07-27T12:00:00Z");
  private static final String VIN = "WBY00TEST00000001";
  private static final List<String> FILES =
      List.of(
          "web",
          "web-page",
          "web-vehicles",
          "web-image",
          "web-history",
          "web-login",
          "web-observe");

  private static final Picture PICTURE =
      new Picture("image/jpeg", "no real one".getBytes(StandardCharsets.UTF_8));

  private final Clock clock = Clock.fixed(NOON, ZoneOffset.UTC);
  private final Journal journal = Journal.temporary(clock);
  private final AtomicReference<List<AccountStatus>> accounts =
      new AtomicReference<>(List.of(Accounts.live("main", NOON)));
  private final List<String> begun = new ArrayList<>();
  private final List<String> cancelled = new ArrayList<>();
  private final Metrics metrics =
      new Metrics(journal, accounts::get, account -> Map.of("2xx", 3L, "4xx", 1L));
  private final DefaultCamelContext context = new DefaultCamelContext();
  private WebServer server;
  private boolean isOpening;

  @AfterEach
  void end() {
    context.stop();
    metrics.close();
    journal.close();
  }

  private Http started() throws Exception {
    return started(Map.of());
  }

  private Http started(Map<String, String> settings) throws Exception {
    for (String file : FILES) {
      loadRoutes(ShippedRoute.of(file));
    }
    return serving(settings);
  }

  private Http edited(ShippedRoute edited) throws Exception {
    for (String file : FILES) {
      loadRoutes(file.equals(edited.file()) ? edited : ShippedRoute.of(file));
    }
    return serving(Map.of());
  }

  private void loadRoutes(ShippedRoute file) throws Exception {
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(ResourceHelper.fromString(file.file() + ".camel.yaml", file.yaml()));
  }

  private Http serving(Map<String, String> settings) throws Exception {
    PageFiles page = new PageFiles();
    context.getRegistry().bind("page", page);
    context
        .getRegistry()
        .bind(
            "status",
            new StatusApi(
                "1.2.3", NOON.minusSeconds(60), accounts::get, journal, new RouteProblems()));
    context
        .getRegistry()
        .bind(
            "health",
            new Health(
                clock, journal::works, journal::trouble, Duration.ofSeconds(45), accounts::get));
    context.getRegistry().bind("history", new HistoryApi(journal, clock));
    context
        .getRegistry()
        .bind(
            "imageApi",
            new ImageApi(
                journal.newest(),
                vin -> vin.equals(VIN) ? Optional.of(PICTURE) : Optional.empty()));
    context.getRegistry().bind("metrics", metrics);
    context
        .getRegistry()
        .bind("loginApi", new LoginApi(new Logins(), List.of(accounts.get().get(0).name())));
    Map<String, String> all = new TreeMap<>(settings);
    all.putIfAbsent("cardata.http.port", "0");
    server = new WebServer(Settings.of(all), page, clock);
    if (isOpening) {
      server.waitForRoutes();
    }
    context.addService(server, true, false);
    context.start();
    return new Http(server.port());
  }

  private final class Logins implements LoginControl {
    @Override
    public Optional<LoginStatus> begin(String account) {
      begun.add(account);
      return state(account);
    }

    @Override
    public Optional<LoginStatus> cancel(String account) {
      cancelled.add(account);
      return state(account);
    }

    @Override
    public Optional<LoginStatus> state(String account) {
      return accounts.get().stream()
          .filter(status -> status.name().equals(account))
          .map(AccountStatus::login)
          .findFirst();
    }
  }

  private void publish(Object value, String key, String vin, String alias) throws Exception {
    publishAt(NOON, value, key, vin, alias);
  }

  private void publishAt(Instant at, Object value, String key, String vin, String alias)
      throws Exception {
    Instant received = at.plusSeconds(1);
    CarEvent event = new CarEvent("main", vin, alias, key, value, "km", at, received, "stream");
    AtomicReference<Boolean> done = new AtomicReference<>(false);
    journal.publish(
        new CarMessage("main", "stream", "t", received, new byte[9], List.of(event)),
        false,
        failure -> done.set(true));
    await().until(done::get);
  }

  private static JsonNode json(Http.Reply reply) throws Exception {
    assertThat(reply.header("Content-Type")).isEqualTo("application/json");
    return new ObjectMapper().readTree(reply.body());
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void statusHasTheFieldsOfTheContractInTheirOrder() throws Exception {
    Http http = started();
    publish(81L, "vehicle.soc", VIN, "i4");
    JsonNode status = json(http.get("/api/status"));
    assertThat(names(status))
        .containsExactly(
            "version", "startedAt", "accounts", "vehicles", "journal", "sinks", "problems");
    assertThat(status.get("version").asText()).isEqualTo("1.2.3");
    assertThat(status.get("startedAt").asText()).isEqualTo("2026-07-27T11:59:00Z");
    JsonNode account = status.get("accounts").get(0);
    assertThat(names(account))
        .containsExactly("name", "source", "login", "stream", "quota", "plan", "calls");
    assertThat(names(account.get("login")))
        .containsExactly(
            "state", "idTokenExpiresAt", "refreshTokenExpiresAt", "scopes", "missingScopes");
    assertThat(names(account.get("stream")))
        .containsExactly("state", "since", "lastMessageAt", "messages", "reconnects", "lastReason");
    assertThat(names(account.get("stream").get("lastReason")))
        .containsExactly("code", "text", "at");
    assertThat(names(account.get("quota")))
        .containsExactly("limit", "used", "remaining", "reserve", "resetsAt");
    assertThat(status.get("vehicles").get(0).toString())
        .isEqualTo(
            "{\"vin\":\"WBY00TEST00000001\",\"alias\":\"i4\",\"account\":\"main\",\"descriptors\":1,"
                + "\"lastMessageAt\":\"2026-07-27T12:00:01Z\",\"messages\":1,"
                + "\"lastEventAt\":\"2026-07-27T12:00:00Z\"}");
    assertThat(names(status.get("journal")))
        .containsExactly("events", "bytes", "oldest", "duplicates", "unparsed", "state");
  }

  @Test
  void aPendingLoginShowsItsCodeInTheStatusButNotInTheStatusTopic() throws Exception {
    Http http = started();
    accounts.set(List.of(Accounts.pending("main", NOON)));
    JsonNode login = json(http.get("/api/status")).get("accounts").get(0).get("login");
    assertThat(names(login))
        .containsExactly(
            "state",
            "userCode",
            "verificationUri",
            "verificationUriComplete",
            "codeExpiresAt",
            "message");
    String topic =
        context.getRegistry().lookupByNameAndType("status", StatusApi.class).bridgeStatus();
    assertThat(names(new ObjectMapper().readTree(topic))).containsExactly("accounts", "sinks");
    assertThat(topic).contains("pending").doesNotContain("ABCD-1234").doesNotContain("://");
    accounts.set(List.of(Accounts.live("main", NOON)));
    topic = context.getRegistry().lookupByNameAndType("status", StatusApi.class).bridgeStatus();
    assertThat(topic).contains("\"quota\":{\"limit\":50").doesNotContain("basicData");
    assertThat(topic).contains("\"plan\":{\"waits\":\"waits for").doesNotContain("://");
  }

  @Test
  void sinksShowTheirStateAndNoMoreThanTheContractSays() throws Exception {
    context.addRoutes(
        new org.apache.camel.builder.RouteBuilder() {
          @Override
          public void configure() {
            from("events:off").autoStartup(false).to("log:off");
          }
        });
    context.getRegistry().bind("journal", journal);
    Http http = started();
    journal.broken("hook", "line 3: unknown field at https://user:pw@host/x", "all others run");
    JsonNode sinks = json(http.get("/api/status")).get("sinks");
    assertThat(sinks.get(1).toString())
        .isEqualTo(
            "{\"name\":\"off\",\"enabled\":false,\"state\":\"disabled\",\"delivered\":0,\"failed\":0,"
                + "\"lag\":0}");
    assertThat(sinks.get(0).get("state").asText()).isEqualTo("broken");
    assertThat(sinks.get(0).get("lastError").asText()).contains("line 3").doesNotContain("pw");
  }

  @Test
  void aPictureIsShownByVinAndAliasAndOnlyOnceToWhoeverKeepsIt() throws Exception {
    Http http = started();
    publish(81L, "vehicle.soc", VIN, "i4");
    String tag = '"' + PICTURE.sha256() + '"';

    for (String name : List.of(VIN, "i4")) {
      Http.Reply shown = http.get("/api/vehicles/" + name + "/image");
      assertThat(shown.code()).isEqualTo(200);
      assertThat(shown.body()).isEqualTo("no real one");
      assertThat(shown.header("Content-Type")).isEqualTo("image/jpeg");
      assertThat(shown.header("ETag")).isEqualTo(tag);
      assertThat(shown.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(shown.header("Cache-Control")).isEqualTo("private, no-cache");
    }
    Http.Reply kept = http.get("/api/vehicles/i4/image", "If-None-Match: W/\"x\", " + tag);
    assertThat(kept.code()).isEqualTo(304);
    assertThat(kept.body()).isEmpty();
    assertThat(http.get("/api/vehicles/i4/image", "If-None-Match: \"x\"").code()).isEqualTo(200);
    Http.Reply none = http.get("/api/vehicles/other/image", "If-None-Match: *");
    assertThat(none.code()).isEqualTo(404);
    assertThat(none.body()).contains("no picture");
    assertThat(none.header("ETag")).isNull();
  }

  @EditsRoute("web-image")
  void withoutItsTagAPictureIsSentEachTime() throws Exception {
    Http http = edited(ShippedRoute.of("web-image").without("name: ETag"));

    assertThat(http.get("/api/vehicles/" + VIN + "/image").header("ETag")).isNull();
  }

  @Test
  void vehiclesAreListedAndEachHasItsNewestValues() throws Exception {
    Http http = started();
    publish(81L, "vehicle.soc", VIN, VIN);
    publish(null, "vehicle.none", VIN, VIN);
    assertThat(json(http.get("/api/vehicles")).toString())
        .isEqualTo(
            "[{\"vin\":\"WBY00TEST00000001\",\"account\":\"main\",\"descriptors\":2,"
                + "\"lastMessageAt\":\"2026-07-27T12:00:01Z\",\"messages\":2,"
                + "\"lastEventAt\":\"2026-07-27T12:00:00Z\"}]");
    assertThat(json(http.get("/api/vehicles/" + VIN)).toString())
        .isEqualTo(
            "{\"vin\":\"WBY00TEST00000001\",\"account\":\"main\",\"values\":{"
                + "\"vehicle.none\":{\"unit\":\"km\",\"timestamp\":\"2026-07-27T12:00:00Z\","
                + "\"received\":\"2026-07-27T12:00:01Z\",\"source\":\"stream\"},"
                + "\"vehicle.soc\":{\"value\":81,\"unit\":\"km\",\"timestamp\":\"2026-07-27T12:00:00Z\","
                + "\"received\":\"2026-07-27T12:00:01Z\",\"source\":\"stream\"}}}");
  }

  @Test
  void theHistoryOfAKeyComesOldestFirstWithinTheTimesAsked() throws Exception {
    Http http = started();
    for (long n = 1; n <= 5; n++) {
      publishAt(NOON.plusSeconds(n), n, "vehicle.soc", VIN, "i4");
    }
    publishAt(NOON.plusSeconds(3), 99L, "vehicle.other", VIN, "i4");
    String path = "/api/vehicles/" + VIN + "/history?key=vehicle.soc";
    assertThat(json(http.get(path + "&limit=1")).toString())
        .isEqualTo(
            "[{\"timestamp\":\"2026-07-27T12:00:05Z\",\"value\":5,\"unit\":\"km\","
                + "\"received\":\"2026-07-27T12:00:06Z\",\"source\":\"stream\"}]");
    assertThat(values(http.get(path))).containsExactly(1, 2, 3, 4, 5);
    assertThat(values(http.get(path.replace(VIN, "i4")))).hasSize(5);
    assertThat(values(http.get(path + "&since=2026-07-27T12:00:02Z&until=2026-07-27T12:00:04Z")))
        .containsExactly(2, 3);
    assertThat(values(http.get(path + "&since=2026-07-27T14:00:02+02:00&limit=2")))
        .containsExactly(2, 3);
    assertThat(values(http.get(path.replace("soc", "unknown")))).isEmpty();
    for (long n = 6; n <= 40; n++) {
      publishAt(NOON.minusSeconds(400 - 10 * n), n, "vehicle.soc", VIN, "i4");
    }
    assertThat(values(http.get(path + "&points=10"))).hasSizeBetween(6, 10).contains(6, 40, 5);
    assertThat(http.get(path + "&points=9").code()).isEqualTo(400);
  }

  @Test
  void aHistoryThatCannotBeToldSaysWhy() throws Exception {
    Http http = started();
    publish(81L, "vehicle.soc", VIN, VIN);
    String path = "/api/vehicles/" + VIN + "/history";
    assertThat(http.get(path).code()).isEqualTo(400);
    assertThat(http.get(path).body()).contains("key");
    assertThat(http.get(path + "?key=vehicle.soc&since=yesterday").body()).contains("since");
    assertThat(http.get(path + "?key=vehicle.soc&limit=0").code()).isEqualTo(400);
    assertThat(http.get(path + "?key=vehicle.soc&limit=many").body()).contains("limit");
    assertThat(http.get("/api/vehicles/UNKNOWN/history?key=vehicle.soc").code()).isEqualTo(404);
  }

  private List<Integer> values(Http.Reply reply) throws Exception {
    List<Integer> values = new ArrayList<>();
    json(reply).forEach(point -> values.add(point.get("value").asInt()));
    return values;
  }

  @EditsRoute("web-history")
  void withoutItsStepThereIsNoHistory() throws Exception {
    Http http = edited(ShippedRoute.of("web-history").without("method: history"));
    publish(81L, "vehicle.soc", VIN, VIN);
    assertThat(http.get("/api/vehicles/" + VIN + "/history?key=vehicle.soc").code()).isEqualTo(500);
  }

  @Test
  void anUnknownVinIs404InJson() throws Exception {
    Http.Reply reply = started().get("/api/vehicles/UNKNOWN");
    assertThat(reply.code()).isEqualTo(404);
    assertThat(json(reply).get("error").asText()).isNotBlank();
  }

  @Test
  void whileRoutesAreLoadedWhatIsNotThereYetIsToBeAskedForAgain() throws Exception {
    isOpening = true;
    Http http = serving(Map.of());
    for (String path : List.of("/", "/api/status", "/observe/health/ready", "/nothing")) {
      Http.Reply reply = http.get(path, "Accept: */*");
      assertThat(reply.code()).as(path).isEqualTo(503);
      assertThat(reply.header("Retry-After")).isEqualTo("1");
      assertThat(json(reply).get("error").asText()).contains("is starting — ask again");
    }
    Http.Reply page = http.get("/", "Accept: text/html,application/xhtml+xml,*/*;q=0.8");
    assertThat(page.code()).isEqualTo(503);
    assertThat(page.header("Retry-After")).isEqualTo("1");
    assertThat(page.header("Content-Type")).startsWith("text/html");
    assertThat(page.body()).contains("http-equiv=\"refresh\"", "The bridge is starting");
    assertThat(http.send("GET", "/", "evil.example", "").code()).as("the guard").isEqualTo(403);

    for (String file : FILES) {
      loadRoutes(ShippedRoute.of(file));
    }
    assertThat(http.get("/api/status").code()).isEqualTo(200);
    assertThat(http.get("/nothing").code()).as("a file may still come").isEqualTo(503);
    server.routesAreThere();

    assertThat(http.get("/nothing", "Accept: text/html").code()).isEqualTo(404);
    assertThat(http.post("/api/status").code()).isEqualTo(405);
    assertThat(http.get("/observe/health/live").code()).isEqualTo(200);
  }

  @Test
  void aWrongMethodIs405AndAnUnknownPathIs404() throws Exception {
    Http http = started();
    assertThat(http.post("/api/status").code()).isEqualTo(405);
    assertThat(http.send("DELETE", "/api/login", "localhost", "").code()).isEqualTo(405);
    assertThat(http.get("/nothing").code()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../pom.xml",
        "/..%2fpom.xml",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/api/vehicles/..%2f..%2fetc%2fpasswd",
        "//etc/passwd",
        "/page.html",
        "/assets/..%2fGuard.class",
        "/assets/index.html"
      })
  void noPathLeadsOutOfTheHouse(String path) throws Exception {
    Http.Reply reply = started().get(path);
    assertThat(reply.code()).isIn(400, 404);
    assertThat(reply.body()).doesNotContain("root:").doesNotContain("<project");
  }

  @Test
  void headIsAnsweredWithoutABody() throws Exception {
    Http.Reply reply = started().send("HEAD", "/observe/health/live", "localhost", "");
    assertThat(reply.code()).isEqualTo(200);
    assertThat(reply.body()).isEmpty();
  }

  @Test
  void healthFollowsTheStateOfTheAccounts() throws Exception {
    Http http = started();
    assertThat(http.get("/observe/health").code()).isEqualTo(200);
    assertThat(http.get("/observe/health/ready").code()).isEqualTo(200);
    assertThat(http.get("/observe/health/live").body()).isEqualTo("{\"status\":\"UP\"}");
    accounts.set(List.of(Accounts.pending("main", NOON)));
    assertThat(http.get("/observe/health").code()).isEqualTo(503);
    assertThat(http.get("/observe/health/live").code()).isEqualTo(200);
    Http.Reply ready = http.get("/observe/health/ready");
    assertThat(ready.code()).isEqualTo(503);
    assertThat(ready.body())
        .isEqualTo("{\"status\":\"DOWN\",\"reasons\":[\"account main: login is pending\"]}");
    journal.close();
    await().until(() -> http.get("/observe/health/live").code() == 503);
  }

  @Test
  void metricsAreForPrometheusAndNameNoVehicle() throws Exception {
    context.getRegistry().bind("journal", journal);
    context.addRoutes(
        new org.apache.camel.builder.RouteBuilder() {
          @Override
          public void configure() {
            from("events:fast").to("mock:x");
          }
        });
    Http http = started();
    publish(81L, "vehicle.soc", VIN, VIN);
    await()
        .untilAsserted(
            () ->
                assertThat(http.get("/observe/metrics").body())
                    .contains("cardata_events_total{sink=\"fast\"} 1.0")
                    .contains("cardata_lag_events{sink=\"fast\"} 0.0")
                    .contains("cardata_sink_up{sink=\"fast\"} 1.0")
                    .contains("cardata_points_total 1.0")
                    .contains("cardata_journal_up 1.0")
                    .contains("cardata_stream_up{account=\"main\"} 1.0")
                    .contains("cardata_api_calls_total{account=\"main\",status=\"2xx\"} 3.0")
                    .contains("cardata_api_quota_remaining{account=\"main\"} 50.0")
                    .contains("cardata_api_quota_used{account=\"main\"} 0.0")
                    .contains(
                        "cardata_api_quota_reset_timestamp_seconds{account=\"main\"} "
                            + (double) NOON.plusSeconds(86_400).getEpochSecond())
                    .contains("jvm_memory_used_bytes")
                    .doesNotContain(VIN)
                    .doesNotContainPattern("\\{[^}]*0001"));
    assertThat(http.get("/observe/metrics").header("Content-Type")).startsWith("text/plain");
  }

  @Test
  void aLoginBeginsByPostAndIsToldByGet() throws Exception {
    Http http = started();
    accounts.set(List.of(Accounts.pending("main", NOON), Accounts.live("wife", NOON)));
    JsonNode login = json(http.post("/api/login"));
    assertThat(login.get("userCode").asText()).isEqualTo("ABCD-1234");
    assertThat(json(http.post("/api/login?account=wife")).get("state").asText())
        .isEqualTo("authorized");
    assertThat(begun).containsExactly("main", "wife");
    assertThat(json(http.get("/api/login")).get("state").asText()).isEqualTo("pending");
    assertThat(http.post("/api/login?account=nobody").code()).isEqualTo(404);
  }

  @Test
  void aLoginWithoutAnAccountIsForTheFirstOne() throws Exception {
    accounts.set(List.of(Accounts.live("his", NOON), Accounts.pending("main", NOON)));
    Http http = started();
    assertThat(json(http.post("/api/login")).get("state").asText()).isEqualTo("authorized");
    assertThat(json(http.get("/api/login")).get("state").asText()).isEqualTo("authorized");
    assertThat(begun).containsExactly("his");
  }

  @Test
  void aLoginIsCancelledByPost() throws Exception {
    accounts.set(List.of(Accounts.pending("main", NOON), Accounts.live("wife", NOON)));
    Http http = started();
    assertThat(json(http.post("/api/login/cancel?account=wife")).get("state").asText())
        .isEqualTo("authorized");
    assertThat(http.post("/api/login/cancel").code()).isEqualTo(200);
    assertThat(http.post("/api/login/cancel?account=nobody").code()).isEqualTo(404);
    assertThat(http.get("/api/login/cancel").code()).isEqualTo(405);
    assertThat(cancelled).containsExactly("wife", "main", "nobody");
  }

  @Test
  void theAddressOfALoginIsAPictureThatAReaderReads() throws Exception {
    accounts.set(List.of(Accounts.pending("main", NOON), Accounts.live("wife", NOON)));
    Http http = started();
    Http.Reply picture = http.get("/api/login/qr");
    assertThat(picture.code()).isEqualTo(200);
    assertThat(picture.header("Content-Type")).isEqualTo("image/svg+xml");
    assertThat(modules(picture.body()))
        .isEqualTo(modules("https://bmw.example/link?user_code=ABCD-1234", 4));
    assertThat(picture.body()).contains("<rect", "fill=\"#fff\"", "fill=\"#000\"");
    assertThat(http.get("/api/login/qr?account=wife").code()).isEqualTo(404);
    assertThat(http.get("/api/login/qr?account=nobody").code()).isEqualTo(404);
  }

  /** The dark squares of a picture, each as column and row. */
  private static Set<String> modules(String svg) {
    Set<String> dark = new TreeSet<>();
    Matcher run = Pattern.compile("M(\\d+) (\\d+)h(\\d+)v1h-(\\d+)z").matcher(svg);
    while (run.find()) {
      for (int x = 0; x < Integer.parseInt(run.group(3)); x++) {
        dark.add(Integer.parseInt(run.group(1)) + x + "," + run.group(2));
      }
    }
    return dark;
  }

  private static Set<String> modules(String text, int margin) {
    QrCode code = QrCode.encodeText(text, QrCode.Ecc.LOW);
    Set<String> dark = new TreeSet<>();
    for (int y = 0; y < code.size; y++) {
      for (int x = 0; x < code.size; x++) {
        if (code.getModule(x, y)) {
          dark.add(x + margin + "," + (y + margin));
        }
      }
    }
    return dark;
  }

  @Test
  void aLoginFromAnotherOriginIsRefused() throws Exception {
    Http http = started();
    int port = server.port();
    for (String header :
        List.of(
            "Origin: https://evil.example",
            "Origin: null",
            "Origin: http://localhost:1",
            "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Site: same-site")) {
      assertThat(http.post("/api/login", header).code()).as(header).isEqualTo(403);
    }
    assertThat(begun).isEmpty();
    assertThat(
            http.post(
                    "/api/login", "Origin: http://localhost:" + port, "Sec-Fetch-Site: same-origin")
                .code())
        .isEqualTo(200);
    assertThat(begun).hasSize(1);
  }

  @Test
  void aLoginThroughAProxyThatSendsHostLocalhostIsNoOtherOrigin() throws Exception {
    Http http = started();

    assertThat(
            http.post(
                    "/api/login",
                    "Host: localhost",
                    "Origin: https://cars.example.org",
                    "Sec-Fetch-Site: same-origin")
                .code())
        .isEqualTo(200);
    assertThat(
            http.post("/api/login", "Host: localhost", "Origin: https://cars.example.org").code())
        .as("a browser that does not say it")
        .isEqualTo(403);
  }

  @Test
  void aHostThatIsNotOursIsRefused() throws Exception {
    Http http = started();
    for (String host :
        List.of(
            "evil.example",
            "evil.example:8080",
            "localhost.evil.example",
            "1.2.3.4.example",
            "local.evil.example",
            "evillocal.com",
            "nas.box",
            "com.",
            ".local",
            "local.")) {
      assertThat(http.send("GET", "/api/status", host, "").code()).as(host).isEqualTo(403);
      assertThat(http.send("GET", "/observe/health", host, "").code()).as(host).isEqualTo(403);
    }
    assertThat(http.send("GET", "/api/status", null, "").code()).isIn(400, 403);
    String machine = InetAddress.getLocalHost().getHostName();
    for (String host :
        List.of(
            "localhost",
            "LOCALHOST:9",
            "127.0.0.1:8080",
            "192.168.1.4",
            "[::1]:80",
            machine,
            "nas:8080",
            "cardata-bridge:8080",
            "cardata_bridge_1",
            "nas.local",
            "nas.attic.lan",
            "nas.home",
            "nas.home.arpa",
            "NAS.internal",
            "nas.localdomain",
            "nas.fritz.box")) {
      assertThat(http.send("GET", "/api/status", host, "").code()).as(host).isEqualTo(200);
    }
  }

  @Test
  void withAPasswordEverythingButHealthAsksForIt() throws Exception {
    Http http = started(Map.of("cardata.http.password", "s3cret:pä"));
    for (String path :
        List.of(
            "/",
            "/api/status",
            "/api/vehicles",
            "/observe/metrics",
            "/api/login",
            "/nothing",
            "/observe/healthy",
            "/observe/health/../metrics")) {
      Http.Reply reply = http.get(path);
      assertThat(reply.code()).as(path).isEqualTo(401);
      assertThat(reply.header("WWW-Authenticate")).startsWith("Basic");
    }
    assertThat(http.post("/api/login").code()).isEqualTo(401);
    assertThat(begun).isEmpty();
    for (String path :
        List.of("/observe/health", "/observe/health/live", "/observe/health/ready")) {
      assertThat(http.get(path).code()).as(path).isEqualTo(200);
    }
    assertThat(http.get("/api/status", basic("anyone:s3cret:pä")).code()).isEqualTo(200);
    assertThat(http.get("/api/status", basic("anyone:wrong")).code()).isEqualTo(401);
    assertThat(http.get("/api/status", basic("s3cret")).code()).isEqualTo(401);
    assertThat(http.get("/api/status", "Authorization: Basic %%%").code()).isEqualTo(401);
    assertThat(http.get("/api/status", "Authorization: Bearer s3cret").code()).isEqualTo(401);
  }

  @Test
  void whoeverGuessesThePasswordHasToWaitWhoeverHasNoneIsAskedForIt() throws Exception {
    Http http = started(Map.of("cardata.http.password", "s3cret"));
    for (int i = 0; i < 10; i++) {
      assertThat(http.get("/api/status").code()).as("no guess").isEqualTo(401);
    }
    for (int i = 0; i < 10; i++) {
      assertThat(http.get("/api/status", basic("a:guess" + i)).code()).isEqualTo(401);
    }
    Http.Reply reply = http.get("/api/status", basic("a:s3cret"));
    assertThat(reply.code()).isEqualTo(429);
    assertThat(reply.header("Retry-After")).isEqualTo("60");
    assertThat(reply.body())
        .isEqualTo("{\"error\":\"too many wrong passwords from your address; try again in 60 s\"}");
    assertThat(http.get("/api/status").code()).isEqualTo(401);
    assertThat(http.get("/observe/health", basic("a:wrong")).code()).isEqualTo(200);
  }

  private static String basic(String pair) {
    return "Authorization: Basic "
        + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aHugeRequestIsRefused() throws Exception {
    Http http = started();
    assertThat(http.send("POST", "/api/login", "localhost", "x".repeat(70_000)).code())
        .isEqualTo(413);
    assertThat(http.get("/api/status", "X-Big: " + "x".repeat(10_000)).code()).isEqualTo(431);
    assertThat(begun).isEmpty();
  }

  @Test
  void nothingOfTheRequestComesBackInTheResponse() throws Exception {
    Http.Reply reply =
        started().get("/api/status?Set-Cookie=evil&Location=https://evil.example", "X-Mine: evil");
    assertThat(reply.code()).isEqualTo(200);
    assertThat(reply.headers()).noneMatch(line -> line.contains("evil"));
  }

  @Test
  void everyAnswerCarriesTheHeadersThatKeepABrowserSafe() throws Exception {
    Http http = started();
    for (String path : List.of("/", "/api/status", "/nothing")) {
      Http.Reply reply = http.get(path);
      assertThat(reply.header("Content-Security-Policy")).as(path).contains("default-src 'none'");
      assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(reply.header("X-Frame-Options")).isEqualTo("DENY");
      assertThat(reply.header("Cache-Control"))
          .isEqualTo(path.equals("/") ? "private, no-cache" : "no-store");
      assertThat(reply.header("Access-Control-Allow-Origin")).isNull();
    }
  }

  @Test
  void thePageAndItsFilesAreServedAndOnlyOnceToWhoeverKeepsThem() throws Exception {
    Http http = started();
    Http.Reply reply = http.get("/");
    assertThat(reply.code()).isEqualTo(200);
    assertThat(reply.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(reply.body()).startsWith("<!doctype html>");
    Http.Reply script = http.get("/assets/app.js");
    assertThat(script.code()).isEqualTo(200);
    assertThat(script.header("Content-Type")).isEqualTo("text/javascript; charset=utf-8");
    assertThat(script.header("Cache-Control")).isEqualTo("private, no-cache");
    Http.Reply kept = http.get("/assets/app.js", "If-None-Match: " + script.header("ETag"));
    assertThat(kept.code()).isEqualTo(304);
    assertThat(kept.body()).isEmpty();
    assertThat(http.get("/assets/other.js").code()).isEqualTo(404);
    Http.Reply packed = http.get("/assets/app.js", "Accept-Encoding: gzip, deflate");
    assertThat(packed.header("Content-Encoding")).isEqualTo("gzip");
    assertThat(packed.header("Vary")).isEqualTo("Accept-Encoding");
    assertThat(packed.header("ETag")).isNotEqualTo(script.header("ETag"));
    assertThat(script.header("Content-Encoding")).isNull();
  }

  @Test
  void aTakenPortEndsTheStartWithASentence() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = Integer.toString(taken.getLocalPort());
      assertThatThrownBy(() -> serving(Map.of("cardata.http.port", port)))
          .hasStackTraceContaining("Opening the page on 127.0.0.1:" + port)
          .hasStackTraceContaining("set cardata.http.port");
    }
  }

  @Test
  void itListensOnLoopbackUnlessToldOtherwise() throws Exception {
    started();
    assertThat(server.url()).isEqualTo("http://127.0.0.1:" + server.port() + "/");
    for (InetAddress address : InetAddress.getAllByName(InetAddress.getLocalHost().getHostName())) {
      if (!address.isLoopbackAddress()) {
        assertThatThrownBy(() -> new java.net.Socket(address, server.port()).close())
            .isInstanceOf(java.net.ConnectException.class);
      }
    }
  }

  @Test
  void aFixedPortWorksAsWellAsAFreeOne() throws Exception {
    int free = Page.freePort();
    Http http = started(Map.of("cardata.http.port", Integer.toString(free)));
    assertThat(server.port()).isEqualTo(free);
    assertThat(http.get("/api/status").code()).isEqualTo(200);
  }

  @Test
  void aPortThatIsNoneIsNamed() {
    assertThatThrownBy(
            () ->
                new WebServer(
                    Settings.of(Map.of("cardata.http.port", "70000")), new PageFiles(), clock))
        .isInstanceOf(BadSettingException.class)
        .hasMessage("cardata.http.port: got '70000', takes a port from 0 to 65535");
  }

  @Test
  void stoppingClosesTheDoorAndLeavesNoThread() throws Exception {
    started();
    int port = server.port();
    context.stop();
    assertThat(server.port()).isZero();
    assertThatThrownBy(() -> new Http(port).get("/")).isInstanceOf(java.net.ConnectException.class);
    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("vert.x-")));
  }

  @EditsRoute("web-answer")
  void withoutTheStepThatForgetsTheRequestItsHeadersComeBack() throws Exception {
    Http http =
        edited(
            ShippedRoute.of("web")
                .without("removeHeaders:")
                .writing("expression: \"${body.code}\"", "expression: \"418\""));

    assertThat(http.get("/api/status?Mine=back").code()).isEqualTo(418);
    assertThat(http.get("/api/status?Mine=back").header("Mine")).isEqualTo("back");
  }

  @EditsRoute("web-status")
  void withoutItsStepThereIsNoStatus() throws Exception {
    Http http = edited(ShippedRoute.of("web").without("method: status"));

    assertThat(http.get("/api/status").code()).isEqualTo(500);
    assertThat(http.get("/api/vehicles").body()).isEqualTo("[]");
  }

  @EditsRoute({"web-page", "web-page-answer"})
  void withoutTheirStepsThereIsNoPageAndWithoutItsTagItIsSentEachTime() throws Exception {
    Http http = edited(ShippedRoute.of("web-page").without("method: page").without("name: ETag"));

    assertThat(http.get("/").code()).isEqualTo(500);
    assertThat(http.get("/assets/app.js").header("ETag")).isNull();
  }

  @EditsRoute("web-page-assets")
  void withoutItsStepThereAreNoFiles() throws Exception {
    Http http = edited(ShippedRoute.of("web-page").without("method: asset"));

    assertThat(http.get("/assets/app.js").code()).isEqualTo(500);
    assertThat(http.get("/").code()).isEqualTo(200);
  }

  @EditsRoute({"web-vehicles", "web-vehicles-one"})
  void aStepPutInHidesTheVehicles() throws Exception {
    String hide =
        """
        - bean:
            ref: health
            method: live
        """;
    Http http =
        edited(
            ShippedRoute.of("web-vehicles")
                .after("method: vehicles", hide)
                .after("method: vehicle(", hide));
    publish(81L, "vehicle.soc", VIN, "i4");

    assertThat(http.get("/api/vehicles").body()).doesNotContain(VIN).contains("UP");
    assertThat(http.get("/api/vehicles/" + VIN).body()).doesNotContain(VIN).contains("UP");
    assertThat(http.get("/api/status").body()).contains(VIN);
  }

  @EditsRoute({"web-login-begin", "web-login-state", "web-login-cancel", "web-login-qr"})
  void withoutTheirStepsALoginNeitherBeginsNorEndsNorIsTold() throws Exception {
    Http http =
        edited(
            ShippedRoute.of("web-login")
                .without("method: \"begin(")
                .without("method: \"state(")
                .without("method: \"cancel(")
                .without("method: \"qr("));
    assertThat(http.post("/api/login/cancel").code()).isEqualTo(500);
    assertThat(http.get("/api/login/qr").code()).isEqualTo(500);
    assertThat(cancelled).isEmpty();

    assertThat(http.post("/api/login").code()).isEqualTo(500);
    assertThat(http.get("/api/login").code()).isEqualTo(500);
    assertThat(begun).isEmpty();
  }

  @EditsRoute({
    "web-observe-health",
    "web-observe-live",
    "web-observe-ready",
    "web-observe-metrics"
  })
  void otherStepsInTheirPlaceAnswerOtherwise() throws Exception {
    String page =
        """
        - bean:
            ref: page
            method: page
        """;
    accounts.set(List.of(Accounts.pending("main", NOON)));
    Http http =
        edited(
            ShippedRoute.of("web-observe")
                .after("method: health", page)
                .after("method: live", page)
                .without("method: ready")
                .without("method: scrape"));

    assertThat(http.get("/observe/health").code()).as("503 as shipped").isEqualTo(200);
    assertThat(http.get("/observe/health/live").body()).startsWith("<!doctype html>");
    assertThat(http.get("/observe/health/ready").code()).as("503 as shipped").isEqualTo(500);
    assertThat(http.get("/observe/metrics").code()).as("200 as shipped").isEqualTo(500);
  }
}
