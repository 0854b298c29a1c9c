// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.api.RestVerdict.Kind;
import org.cardatabridge.auth.LoginSnapshot;
import org.cardatabridge.decode.Vehicles;
import org.cardatabridge.journal.NewestValues;
import org.cardatabridge.routes.DirectBeans;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.SetClock;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The one way that requests take, with stand-ins for the routes that ask BMW. */
@Timeout(120)
class ActionRoutesTest {

  private static final String VIN = "WBY00TEST00000001";
  private static final String OTHER = "WBY00TEST00000002";
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private final SetClock clock = new SetClock(NOON);
  private final RestNotes notes = new NotesInMemory(clock);
  private final Map<String, String> settings = new TreeMap<>();
  private final List<RestRequest> orders = new CopyOnWriteArrayList<>();
  private final Map<String, RestVerdict> verdicts = new LinkedHashMap<>();
  private final FakeLogins logins = new FakeLogins();
  private final DefaultCamelContext context = new DefaultCamelContext();
  private CountDownLatch gate;
  private Mappings mappings;

  /** Logins that a test plays. */
  private static final class FakeLogins implements Logins {

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile String state = LoginSnapshot.PENDING;
    private volatile String code;
    private volatile Instant obtained;
    private volatile int looks;

    private LoginSnapshot snapshot() {
      return new LoginSnapshot(
          state,
          code,
          code == null ? null : "https://bmw.test/link",
          code == null ? null : "https://bmw.test/link?user_code=" + code,
          null,
          null,
          null,
          null,
          List.of(),
          List.of(),
          null,
          null);
    }

    @Override
    public LoginSnapshot begin(String account) {
      calls.add("login " + account);
      return snapshot();
    }

    @Override
    public LoginSnapshot state(String account) {
      looks++;
      if (looks == 3) {
        code = "AB12CD34";
        obtained = obtained == null ? null : NOON.plusSeconds(5);
      }
      return snapshot();
    }

    @Override
    public void refresh(String account) {
      calls.add("refresh " + account);
    }

    @Override
    public Optional<Instant> obtainedAt(String account) {
      return Optional.ofNullable(obtained);
    }
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  private void start(ShippedRoute... edited) throws Exception {
    DirectBeans.installIn(context);
    Settings all = Settings.defaults().with(settings);
    Vehicles vehicles = new Vehicles(all);
    mappings = new Mappings(notes, vehicles, vin -> {});
    Garage garage =
        new Garage(all.list("cardata.accounts"), mappings, vehicles, new NewestValues(clock));
    context.getRegistry().bind("actions", new Actions(garage, logins, clock));
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            for (RestAction action : RestAction.values()) {
              from("direct:rest-" + action.word())
                  .process(
                      e ->
                          e.getMessage()
                              .setBody(carryOut(e.getMessage().getBody(RestRequest.class))));
            }
          }
        });
    for (String file : List.of("rest-action", "rest-action-steps")) {
      ShippedRoute route =
          Arrays.stream(edited)
              .filter(e -> e.file().equals(file))
              .findFirst()
              .orElse(ShippedRoute.of(file));
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(ResourceHelper.fromString(file + ".camel.yaml", route.yaml()));
    }
    context.start();
  }

  private RestOutcome carryOut(RestRequest order) throws InterruptedException {
    orders.add(order);
    if (gate != null) {
      gate.await(40, TimeUnit.SECONDS);
    }
    if (order.action() == RestAction.MAPPINGS) {
      knows(VIN, OTHER);
    }
    if (order.action() == RestAction.CREATE_CONTAINER) {
      verdicts.remove("telematic-data");
    }
    RestVerdict verdict = verdicts.get(order.action().word());
    if (verdict == null && order.vin() != null) {
      verdict = verdicts.get(order.vin());
    }
    return verdict == null
        ? new RestOutcome(RestVerdict.OK, Map.of("values", 3))
        : new RestOutcome(verdict, null);
  }

  private void knows(String... vins) {
    mappings.keep(
        "main", Arrays.stream(vins).map(vin -> new Mappings.Mapping(vin, "PRIMARY")).toList());
  }

  private void says(String about, Kind kind) {
    verdicts.put(about, RestVerdict.of(kind, "BMW says " + kind + " — a sentence"));
  }

  private ActionReply ask(String action, String payload) {
    return ask(action, payload, clock.instant());
  }

  private ActionReply ask(String action, String payload, Instant arrived) {
    byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
    ActionRequest request = ActionRequest.read(action, Map.of(), bytes, arrived);
    return context
        .createProducerTemplate()
        .requestBody("direct:rest-action", request, ActionReply.class);
  }

  private List<String> asked() {
    return orders.stream()
        .map(o -> o.action().word() + (o.vin() == null ? "" : " " + o.vin()))
        .toList();
  }

  // ---- which vehicles -----------------------------------------------------------------------

  @Test
  void aVehicleByItsVinOrItsAliasIsAskedForWithTheRightToTheReserve() throws Exception {
    settings.put("cardata.vehicle." + VIN + ".alias", "i4");
    start();
    knows(VIN, OTHER);
    for (String payload : List.of(VIN, "i4", "{\"vin\":\"" + VIN.toLowerCase() + "\"}")) {
      ActionReply reply = ask("tyres", payload);
      assertThat(reply.code()).isEqualTo(200);
      assertThat(reply.json().get("data"))
          .hasToString("{account=main, vehicles=[{vehicle=i4, status=ok, data={values=3}}]}");
      clock.move(Duration.ofMinutes(1));
    }
    assertThat(asked()).containsOnly("tyres " + VIN).hasSize(3);
    assertThat(orders).allMatch(o -> o.purpose() == Purpose.REQUEST);
  }

  @Test
  void withoutAVinItIsEachVehicleAndWhereNobodyKnowsThemBmwIsAsked() throws Exception {
    start();
    ActionReply reply = ask("charging-history", "{\"from\":\"2026-01-01\",\"transaction\":\"7\"}");
    assertThat(asked())
        .containsExactly("mappings", "charging-history " + VIN, "charging-history " + OTHER);
    assertThat(orders.get(1).parameters()).containsEntry("from", "2026-01-01");
    assertThat(reply.json()).containsEntry("status", "ok").containsEntry("transaction", "7");
    ask("basic-data", "");
    assertThat(asked()).hasSize(5).filteredOn("mappings"::equals).hasSize(1);
  }

  @Test
  void whatOneVehicleDoesNotGetTheOthersDo() throws Exception {
    start();
    knows(VIN, OTHER);
    says(VIN, Kind.NOTHING_THERE);
    ActionReply reply = ask("image", "");
    assertThat(asked()).hasSize(2);
    assertThat(reply.code()).isEqualTo(404);
    assertThat(reply.json())
        .containsEntry("status", "error")
        .containsEntry("error", "BMW says NOTHING_THERE — a sentence");
    assertThat(reply.json().get("data")).asString().contains("status=error", "status=ok");
  }

  @Test
  void whatCannotBeMeantCostsNoCall() throws Exception {
    settings.put("cardata.accounts", "main,second");
    start();
    knows(VIN);
    assertThat(ask("walk", "").error()).contains("login", "refresh", "tyres", "charging-settings");
    assertThat(ask("walk", "").code()).isEqualTo(404);
    assertThat(ask("tyres", "").code()).isEqualTo(400);
    assertThat(ask("tyres", "").error()).contains("name one of main, second");
    assertThat(ask("tyres", "{\"account\":\"third\"}").code()).isEqualTo(404);
    assertThat(ask("tyres", "{\"account\":\"main\",\"vin\":\"WBY00TEST00000009\"}").code())
        .isEqualTo(404);
    assertThat(ask("tyres", "{\"vinn\":\"x\"}").error()).contains("did you mean vin?");
    assertThat(ask("tyres", "{\"vin\":{\"a\":1}}").code()).isEqualTo(400);
    assertThat(ask("tyres", "{oops").code()).isEqualTo(400);
    assertThat(ask("tyres", "x".repeat(5000)).code()).isEqualTo(400);
    assertThat(ask("tyres", "a\u0000b").code()).isEqualTo(400);
    assertThat(ask("tyres", "../../x").code()).isEqualTo(400);
    assertThat(orders).isEmpty();
    assertThat(ask("tyres", VIN).isOk()).as("the car tells the account").isTrue();
  }

  @Test
  void eachKindOfNoHasItsStatus() throws Exception {
    start();
    Map<Kind, Integer> codes =
        Map.of(
            Kind.QUOTA, 429,
            Kind.LATER, 503,
            Kind.LOGIN, 409,
            Kind.VEHICLE, 409,
            Kind.CONTAINERS_FULL, 409,
            Kind.WRONG, 400);
    codes.forEach(
        (kind, code) -> {
          says("containers", kind);
          ActionReply reply = ask("containers", "");
          assertThat(reply.code()).isEqualTo(code);
          assertThat(reply.error()).contains(" — ");
        });
    verdicts.clear();
    assertThat(ask("containers", "").json().get("data")).isEqualTo(Map.of("values", 3));
    says("mappings", Kind.QUOTA);
    assertThat(ask("tyres", "").code()).as("of the vehicles").isEqualTo(429);
  }

  @Test
  void withoutAContainerOneIsMadeAndTheDataAreAskedForOnceMore() throws Exception {
    start();
    knows(VIN);
    says("telematic-data", Kind.CONTAINER_GONE);
    assertThat(ask("telematic-data", "").isOk()).isTrue();
    assertThat(asked())
        .containsExactly("telematic-data " + VIN, "create-container", "telematic-data " + VIN);
    orders.clear();
    says("telematic-data", Kind.CONTAINER_GONE);
    assertThat(ask("telematic-data", "{\"containerId\":\"C0NTAINER0001\"}").isOk()).isFalse();
    assertThat(asked()).containsExactly("telematic-data " + VIN);
  }

  // ---- the same twice -----------------------------------------------------------------------

  @Test
  void theSameWhileItIsUnderWayIsRefusedOrJoined() throws Exception {
    gate = new CountDownLatch(1);
    start();
    knows(VIN);
    CompletableFuture<ActionReply> first = CompletableFuture.supplyAsync(() -> ask("tyres", ""));
    await().until(() -> !orders.isEmpty());
    assertThat(ask("tyres", "").code()).isEqualTo(409);
    Instant meanwhile = clock.instant();
    clock.move(Duration.ofSeconds(3));
    gate.countDown();
    assertThat(first.get(40, TimeUnit.SECONDS).isOk()).isTrue();

    // It waited behind the first one: the answer is the same, and costs nothing.
    ActionReply joined = ask("tyres", "{\"transaction\":2}", meanwhile);
    assertThat(joined.isOk()).isTrue();
    assertThat(joined.json().get("transaction")).hasToString("2");
    assertThat(orders).hasSize(1);
    clock.move(Duration.ofMinutes(1));
    ask("tyres", "");
    assertThat(orders).hasSize(2);
  }

  @Test
  void theSameWithinAMinuteGetsTheLastAnswerAndIsToldSo() throws Exception {
    start();
    knows(VIN);
    assertThat(ask("tyres", VIN).json()).doesNotContainKey("note");
    clock.move(Duration.ofSeconds(59));
    ActionReply again = ask("tyres", "{\"vin\":\"" + VIN.toLowerCase() + "\",\"transaction\":7}");
    assertThat(again.isOk()).isTrue();
    assertThat(again.json().get("note")).asString().contains("2026-01-31T12:00:00Z");
    assertThat(again.json().get("transaction")).hasToString("7");
    assertThat(orders).hasSize(1);
    clock.move(Duration.ofSeconds(1));
    assertThat(ask("tyres", VIN).json()).doesNotContainKey("note");
    assertThat(orders).hasSize(2);
    // What failed may have been mended, and containers change.
    says("image", Kind.LATER);
    ask("image", VIN);
    ask("image", VIN);
    ask("containers", "");
    ask("containers", "");
    assertThat(orders).hasSize(6);
  }

  @Test
  void aNoThatSaysWhenToAskAgainSaysItInSeconds() throws Exception {
    start();
    verdicts.put(
        "containers", new RestVerdict(Kind.QUOTA, "used up — wait", Duration.ofMinutes(2)));
    assertThat(ask("containers", "").retryAfter()).isEqualTo(120);
    assertThat(ask("walk", "").retryAfter()).isNull();
  }

  @Test
  void fourAreUnderWayAtMost() throws Exception {
    gate = new CountDownLatch(1);
    start();
    knows(VIN);
    List<CompletableFuture<ActionReply>> all = new ArrayList<>();
    for (String action : List.of("tyres", "image", "basic-data", "containers")) {
      all.add(CompletableFuture.supplyAsync(() -> ask(action, "")));
      await().until(() -> orders.size() == all.size());
    }
    assertThat(ask("mappings", "").code()).isEqualTo(503);
    gate.countDown();
    for (CompletableFuture<ActionReply> one : all) {
      assertThat(one.get(40, TimeUnit.SECONDS).isOk()).isTrue();
    }
    assertThat(ask("mappings", "").isOk()).isTrue();
  }

  @Test
  void aStepThatFailsIsAnAnswerAndTheNextOneIsTaken() throws Exception {
    start();
    knows(VIN);
    context
        .getRouteController()
        .stopRoute(
            context.getRoutes().stream()
                .filter(r -> r.getEndpoint().getEndpointUri().equals("direct://rest-tyres"))
                .findFirst()
                .orElseThrow()
                .getId());
    context
        .getComponent("direct", org.apache.camel.component.direct.DirectComponent.class)
        .setTimeout(50);
    ActionReply reply = ask("tyres", "");
    assertThat(reply.code()).isEqualTo(503);
    assertThat(reply.error()).contains(" — ").doesNotContain("Exception");
    assertThat(ask("tyres", "").code()).isEqualTo(503);
  }

  // ---- login and refresh --------------------------------------------------------------------

  @Test
  void aLoginAnswersWithItsCode() throws Exception {
    start();
    ActionReply reply = ask("login", "");
    assertThat(logins.calls).containsExactly("login main");
    assertThat(reply.json().get("data"))
        .asString()
        .contains("userCode=AB12CD34", "verificationUriComplete=https://bmw.test/link?user_code=");
  }

  @Test
  void aRefreshWaitsForTheNewTokens() throws Exception {
    start();
    assertThat(ask("refresh", "").code()).isEqualTo(409);
    logins.obtained = NOON;
    logins.state = LoginSnapshot.AUTHORIZED;
    assertThat(ask("refresh", "").isOk()).isTrue();
    assertThat(logins.calls).containsExactly("refresh main");
    assertThat(logins.obtained).isEqualTo(NOON.plusSeconds(5));
  }

  @Test
  void aLoginThatCannotBeginSaysWhy() throws Exception {
    start();
    logins.state = LoginSnapshot.LOGIN_REQUIRED;
    assertThat(ask("login", "").code()).isEqualTo(409);
  }

  // ---- edits --------------------------------------------------------------------------------

  @EditsRoute({"rest-action", "rest-action-steps-orders"})
  void withoutTheQuestionForVehiclesAndTheContainerNothingIsGot() throws Exception {
    start(
        ShippedRoute.of("rest-action").writing("== 'vehicles'", "== 'never'"),
        ShippedRoute.of("rest-action-steps").without("id: create-container-first"));
    assertThat(ask("tyres", "").isOk()).isFalse();
    assertThat(orders).isEmpty();
    knows(VIN);
    says("telematic-data", Kind.CONTAINER_GONE);
    assertThat(ask("telematic-data", "").isOk()).isFalse();
    assertThat(asked()).doesNotContain("create-container");
  }

  @EditsRoute("rest-action-steps-tokens")
  void withoutTheLoopALoginHasNoCodeYet() throws Exception {
    start(ShippedRoute.of("rest-action-steps").writing("== 'waiting'", "== 'never'"));
    assertThat(ask("login", "").isOk()).isFalse();
    assertThat(logins.looks).isOne();
  }

  @Test
  void aRouteOfOnesOwnMayAskWithJson() throws Exception {
    start();
    knows(VIN);
    ActionReply reply =
        context
            .createProducerTemplate()
            .requestBody("direct:rest-action", "{\"action\":\"tyres\"}", ActionReply.class);
    assertThat(reply.isOk()).isTrue();
  }
}
