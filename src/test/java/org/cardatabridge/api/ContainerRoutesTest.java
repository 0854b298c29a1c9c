// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.api.RestVerdict.Kind;
import org.cardatabridge.decode.Catalogue;
import org.cardatabridge.decode.Descriptor;
import org.cardatabridge.routes.DirectBeans;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.CapturedLog;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The shipped routes about containers, with something that answers as BMW does. */
@Timeout(120)
class ContainerRoutesTest {

  private static final String KEY = "vehicle.vehicle.travelledDistance";
  private static final String HEADER = "vehicle.drivetrain.batteryManagement.header";
  private static final String FUEL = "vehicle.drivetrain.fuelSystem.level";

  private final ContainersAtBmw bmw = new ContainersAtBmw();
  private final NotesInMemory notes = new NotesInMemory(Clock.systemUTC());
  private Set<Drive> drives = EnumSet.noneOf(Drive.class);
  private Containers containers;
  private DefaultCamelContext context;

  @AfterEach
  void stop() {
    if (context != null) {
      context.stop();
    }
  }

  private void start(Map<String, String> settings, ShippedRoute... edited) throws Exception {
    stop();
    context = new DefaultCamelContext();
    DirectBeans.installIn(context);
    Map<String, String> all = new TreeMap<>();
    settings.forEach((key, value) -> all.put("cardata.api.container." + key, value));
    containers =
        new Containers(
            Settings.defaults().with(all),
            () -> new Catalogue().all().stream().map(Descriptor::key).toList(),
            account -> drives,
            notes,
            Clock.systemUTC());
    context.getRegistry().bind("restOrders", new RestOrders(List.of("main")));
    context.getRegistry().bind("containers", containers);
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:rest-call-main").bean(bmw, "answer");
          }
        });
    for (String file : List.of("rest-containers", "rest-create-container")) {
      ShippedRoute route =
          List.of(edited).stream()
              .filter(e -> e.file().equals(file))
              .findFirst()
              .orElse(ShippedRoute.of(file));
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(ResourceHelper.fromString(file + ".camel.yaml", route.yaml()));
    }
    context.start();
  }

  private RestOutcome send(RestAction action, String... parameters) {
    Map<String, String> given = new TreeMap<>();
    for (int i = 0; i < parameters.length; i += 2) {
      given.put(parameters[i], parameters[i + 1]);
    }
    bmw.calls.clear();
    RestRequest order = new RestRequest("main", action, null, Purpose.REQUEST, given);
    return context
        .createProducerTemplate()
        .requestBody("direct:rest-" + action.word(), order, RestOutcome.class);
  }

  private RestOutcome create(String... parameters) {
    return send(RestAction.CREATE_CONTAINER, parameters);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> data(RestOutcome outcome) {
    assertThat(outcome.isOk()).as("%s", outcome.verdict()).isTrue();
    return (Map<String, Object>) outcome.data();
  }

  private String used() {
    return notes.find("main", null, "container").orElseThrow().text();
  }

  // ---- the descriptors ----------------------------------------------------------------------

  @Test
  void theDefaultsAreKnownSmallAndForTheCarsThatThereAre() {
    DescriptorSet set = DescriptorSet.of(List.of(), List.of());
    Set<String> known =
        new Catalogue().all().stream().map(Descriptor::key).collect(Collectors.toSet());
    assertThat(known).containsAll(set.wanted(Set.of()));
    assertThat(set.wanted(Set.of())).doesNotHaveDuplicates().hasSizeLessThan(80);
    assertThat(set.wanted(EnumSet.of(Drive.ELECTRIC))).contains(KEY, HEADER).doesNotContain(FUEL);
    assertThat(set.wanted(EnumSet.of(Drive.COMBUSTION))).contains(KEY, FUEL).doesNotContain(HEADER);
    assertThat(set.wanted(EnumSet.allOf(Drive.class)))
        .isEqualTo(set.wanted(Set.of()))
        .contains(HEADER, FUEL);
    assertThat(Drive.of("PHEV")).containsExactly(Drive.ELECTRIC, Drive.COMBUSTION);
    assertThat(Drive.of("bev")).containsExactly(Drive.ELECTRIC);
    assertThat(Drive.of("MHEV")).containsExactly(Drive.COMBUSTION);
    assertThat(Drive.of(null)).isEmpty();
  }

  @Test
  void theSettingTakesDescriptorsAndGlobsWithoutWhatNobodySees() {
    List<String> known = List.of("vehicle.a.b", "vehicle.a.c", "vehicle.look.image");
    DescriptorSet set =
        DescriptorSet.of(List.of("vehicle.\u200Ba\u200B.*", "vehicle.new.one"), known);
    assertThat(set.wanted(Set.of()))
        .containsExactly("vehicle.a.b", "vehicle.a.c", "vehicle.new.one");
    assertThat(DescriptorSet.of(List.of("vehicle.*"), known).without())
        .containsExactly("vehicle.look.image");
  }

  @Test
  void whatCannotBeAContainerIsAWrongSetting() {
    List<String> known = new Catalogue().all().stream().map(Descriptor::key).toList();
    for (String items : List.of("*", "vehicle.nothing.*", "a b!", "vehicle.look.image")) {
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> DescriptorSet.of(List.of(items), known))
          .hasMessageContaining("cardata.api.container.descriptors");
    }
  }

  // ---- reuse and create ---------------------------------------------------------------------

  @Test
  void withoutOneItIsCreatedAndThenReusedWithASingleCall() throws Exception {
    bmw.has("somebody's", "else", "ACTIVE", "x");
    drives = EnumSet.of(Drive.ELECTRIC);
    start(Map.of());

    Map<String, Object> made = data(create());
    assertThat(bmw.calls).containsExactly("GET", "POST");
    assertThat(made)
        .containsEntry("containerId", "C0NTAINER0002")
        .containsEntry("name", "cardata-bridge")
        .containsEntry("reused", false)
        .containsEntry("obsolete", List.of());
    assertThat(used()).isEqualTo("C0NTAINER0002");
    assertThat(bmw.descriptorsOf(used())).contains(HEADER).doesNotContain(FUEL);

    assertThat(data(create())).containsEntry("reused", true);
    assertThat(bmw.calls).containsExactly("GET");
    // What is remembered outlives the process.
    start(Map.of());
    assertThat(containers.snapshot("main").orElseThrow().id()).isEqualTo("C0NTAINER0002");
    assertThat(data(create())).containsEntry("reused", true);
    assertThat(bmw.calls).containsExactly("GET");
  }

  @Test
  void oneOfOursWhoseDescriptorsAreNotKnownIsLookedAtOnce() throws Exception {
    bmw.has("cardata-bridge", "bridge", "ACTIVE", KEY);
    bmw.has("cardata-bridge", "bridge", "DELETED", HEADER);
    bmw.has("cardata-bridge", "another", "ACTIVE", HEADER);
    start(Map.of("descriptors", KEY));
    assertThat(data(create())).containsEntry("containerId", "C0NTAINER0001");
    assertThat(bmw.calls).containsExactly("GET", "GET/C0NTAINER0001");
    create();
    assertThat(bmw.calls).containsExactly("GET");
  }

  @Test
  void anotherSettingMakesAnotherAndReportsTheOldOneOnce() throws Exception {
    start(Map.of("descriptors", KEY));
    create();
    start(Map.of("descriptors", HEADER, "name", "other"));
    try (CapturedLog log = CapturedLog.open()) {
      assertThat(data(create()))
          .containsEntry("containerId", "C0NTAINER0002")
          .containsEntry("obsolete", List.of("C0NTAINER0001"));
      create();
      assertThat(log.lines("no use any more")).hasSize(1);
    }
    ContainerSnapshot now = containers.snapshot("main").orElseThrow();
    assertThat(now.id()).isEqualTo("C0NTAINER0002");
    assertThat(now.name()).isEqualTo("other");
    assertThat(now.obsolete())
        .extracting(ContainerSnapshot.Old::id)
        .containsExactly("C0NTAINER0001");
    // Back again costs no new one.
    start(Map.of("descriptors", KEY));
    assertThat(data(create())).containsEntry("containerId", "C0NTAINER0001");
    assertThat(bmw.calls).containsExactly("GET");
  }

  @Test
  void theNoteSaysForWhichSettingsTheContainerIs() throws Exception {
    start(Map.of("descriptors", KEY));
    create();
    assertThat(wanted()).isEqualTo(containers.fingerprint("main"));
    for (Map<String, String> changed :
        List.of(
            Map.of("descriptors", HEADER),
            Map.of("descriptors", HEADER, "name", "other"),
            Map.of("descriptors", HEADER, "name", "other", "purpose", "another"),
            Map.<String, String>of())) {
      String before = used();
      start(changed);
      assertThat(containers.fingerprint("main")).isNotEqualTo(wanted());
      assertThat(data(create()).get("obsolete")).asString().contains(before);
      assertThat(wanted()).isEqualTo(containers.fingerprint("main"));
      drives = EnumSet.of(Drive.ELECTRIC);
      assertThat(wanted()).as("cars change nothing").isEqualTo(containers.fingerprint("main"));
    }
    assertThat(used()).isEqualTo("C0NTAINER0005");
  }

  private String wanted() {
    return notes.find("main", null, "container.wanted").orElseThrow().text();
  }

  @Test
  void withoutTheSettingOneWithMoreThanTheDefaultsIsNotKept() throws Exception {
    List<String> all =
        new java.util.ArrayList<>(DescriptorSet.of(List.of(), List.of()).wanted(Set.of()));
    all.add("vehicle.new.one");
    start(Map.of("descriptors", String.join(",", all)));
    create();
    start(Map.of());
    assertThat(data(create())).containsEntry("reused", false);
  }

  @Test
  void theOneOfTheCarsMayHaveMoreThanTheyNeed() throws Exception {
    start(Map.of());
    create();
    drives = EnumSet.of(Drive.ELECTRIC);
    assertThat(data(create())).containsEntry("reused", true);
  }

  @Test
  void oneThatIsGoneIsMadeAnew() throws Exception {
    start(Map.of());
    create();
    // BMW lists it still, and refuses it all the same (CU-105).
    assertThat(data(create("gone", "C0NTAINER0001"))).containsEntry("containerId", "C0NTAINER0002");
    assertThat(used()).isEqualTo("C0NTAINER0002");
    // Who asks with it only forgets the note of it.
    notes.forget("main", null, "container");
    assertThat(data(create())).doesNotContainEntry("containerId", "C0NTAINER0002");
  }

  @Test
  void tenContainersAreSaidWithWhoseTheyAre() throws Exception {
    for (int i = 0; i < 9; i++) {
      bmw.has("foreign", "else", "ACTIVE", KEY);
    }
    bmw.has("cardata-bridge", "bridge", "ACTIVE", HEADER);
    start(Map.of("descriptors", KEY));
    RestOutcome outcome = create();
    assertThat(outcome.verdict().kind()).isEqualTo(Kind.CONTAINERS_FULL);
    assertThat(outcome.verdict().sentence()).contains("CU-124", "C0NTAINER0010", " — ");
    assertThat(bmw.calls).doesNotContain("DELETE").hasSize(3);
  }

  @Test
  void oneThatIsTooLargeBecomesTheCoreAndStaysSo() throws Exception {
    bmw.largest = 20;
    start(Map.of());
    assertThat(data(create())).containsEntry("descriptors", 14);
    assertThat(bmw.calls).containsExactly("GET", "POST", "POST");
    assertThat(bmw.descriptorsOf(used())).contains(KEY, HEADER, FUEL);
    // A new one begins with what was taken.
    start(Map.of());
    assertThat(data(create("gone", used()))).containsEntry("descriptors", 14);
    assertThat(bmw.calls).containsExactly("GET", "POST");
  }

  @Test
  void itGivesUpAfterThree() throws Exception {
    bmw.largest = 2;
    start(Map.of());
    assertThat(create().verdict().kind()).isEqualTo(Kind.CONTAINER_TOO_LARGE);
    assertThat(bmw.calls).containsExactly("GET", "POST", "POST", "POST");
  }

  @Test
  void aDescriptorThatIsNotKnownIsLeftOut() throws Exception {
    bmw.unknown.add("vehicle.new.one");
    bmw.namesTheUnknown = true;
    start(Map.of("descriptors", "vehicle.new.one," + KEY + "," + HEADER));
    create();
    assertThat(bmw.descriptorsOf(used())).containsExactly(KEY, HEADER);
  }

  @Test
  void whereBmwDoesNotSayWhichItIsThoseSinceTheLastSuccess() throws Exception {
    start(Map.of("descriptors", KEY + "," + HEADER));
    create();
    bmw.unknown.add("vehicle.new.one");
    start(Map.of("descriptors", "vehicle.new.one," + FUEL + "," + HEADER));
    create();
    assertThat(bmw.calls).containsExactly("GET", "POST", "POST");
    assertThat(bmw.descriptorsOf(used())).containsExactly(HEADER);
    assertThat(data(create())).containsEntry("reused", true);
    // The next setting is tried as it stands.
    start(Map.of("descriptors", FUEL + "," + HEADER));
    create();
    assertThat(bmw.descriptorsOf(used())).containsExactly(FUEL, HEADER);
  }

  @Test
  void whatBmwRefusesForNowChangesNothing() throws Exception {
    start(Map.of());
    bmw.refuseOnce("GET", Kind.QUOTA);
    assertThat(create().verdict().kind()).isEqualTo(Kind.QUOTA);
    assertThat(bmw.calls).hasSize(1);
    bmw.refuseOnce("POST", Kind.LATER);
    assertThat(create().verdict().kind()).isEqualTo(Kind.LATER);
    assertThat(notes.find("main", null, "container")).isEmpty();
    assertThat(containers.snapshot("main")).isEmpty();
  }

  @Test
  void twoAtOnceMakeOne() throws Exception {
    start(Map.of());
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    bmw.beforePost =
        () -> {
          arrived.countDown();
          goOn.await(40, TimeUnit.SECONDS);
        };
    CompletableFuture<RestOutcome> first = CompletableFuture.supplyAsync(this::ask);
    assertThat(arrived.await(40, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<RestOutcome> second = CompletableFuture.supplyAsync(this::ask);
    RestRequest order = RestRequest.of("main", RestAction.CREATE_CONTAINER, null, Purpose.ROUTINE);
    await().until(() -> second.isDone() || containers.waiting(order) == 1);
    goOn.countDown();
    assertThat(data(first.get(40, TimeUnit.SECONDS))).containsEntry("reused", false);
    assertThat(data(second.get(40, TimeUnit.SECONDS))).containsEntry("reused", true);
    assertThat(bmw.calls).containsExactly("GET", "POST", "GET");
  }

  private RestOutcome ask() {
    return context
        .createProducerTemplate()
        .requestBody(
            "direct:rest-create-container",
            RestRequest.of("main", RestAction.CREATE_CONTAINER, null, Purpose.REQUEST),
            RestOutcome.class);
  }

  @Test
  void whoCannotWaitIsToldThatAnotherLooks() throws Exception {
    start(Map.of());
    Thread.currentThread().interrupt();
    RestRequest order = RestRequest.of("main", RestAction.CREATE_CONTAINER, null, Purpose.REQUEST);
    assertThat(containers.begin(order)).isFalse();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(containers.busy().verdict().sentence()).contains("under way", " — ");
    assertThat(data(create())).containsEntry("reused", false);
  }

  // ---- list and delete ----------------------------------------------------------------------

  @Test
  void theListSaysWhichAreOursAndWhichIsUsed() throws Exception {
    bmw.has("somebody's", "else", "ACTIVE", "x");
    start(Map.of());
    create();
    assertThat(data(send(RestAction.CONTAINERS)).get("containers"))
        .asString()
        .contains("containerId=C0NTAINER0001", "own=false", "used=false")
        .contains("containerId=C0NTAINER0002", "own=true", "used=true");
  }

  @Test
  void onlyOursIsDeletedUnlessForced() throws Exception {
    String foreign = bmw.has("somebody's", "else", "ACTIVE", "x");
    start(Map.of("descriptors", KEY));
    create();
    RestOutcome no = send(RestAction.DELETE_CONTAINER, "containerId", foreign);
    assertThat(no.verdict().sentence()).contains("not the bridge's", "force");
    assertThat(bmw.calls).containsExactly("GET");

    RestOutcome used = send(RestAction.DELETE_CONTAINER, "containerId", used());
    assertThat(used.verdict().sentence()).contains("in use", "force=true");
    assertThat(bmw.calls).containsExactly("GET");
    assertThat(data(send(RestAction.DELETE_CONTAINER, "containerId", used(), "force", "true")))
        .containsEntry("deleted", "C0NTAINER0002");
    assertThat(notes.find("main", null, "container")).isEmpty();
    assertThat(containers.snapshot("main").orElseThrow().id()).isNull();

    assertThat(send(RestAction.DELETE_CONTAINER, "containerId", foreign, "force", "true").isOk())
        .isTrue();
    assertThat(bmw.calls).containsExactly("GET", "DELETE/" + foreign);
  }

  @Test
  void withoutAnIdNothingIsAsked() throws Exception {
    start(Map.of());
    assertThat(send(RestAction.DELETE_CONTAINER).isOk()).isFalse();
    assertThat(send(RestAction.DELETE_CONTAINER, "containerId", "../x").verdict().kind())
        .isEqualTo(Kind.WRONG);
    assertThat(bmw.calls).isEmpty();
  }

  // ---- edits --------------------------------------------------------------------------------

  @EditsRoute("rest-create-container")
  void withoutTheLookAtOursASecondOneIsCreated() throws Exception {
    bmw.has("cardata-bridge", "bridge", "ACTIVE", KEY);
    start(
        Map.of("descriptors", KEY),
        ShippedRoute.of("rest-create-container")
            .writing("== 'unknown'", "== 'never'")
            .writing("== 'missing'", "in 'unknown,missing'"));
    create();
    assertThat(bmw.calls).containsExactly("GET", "POST");
  }

  @EditsRoute({"rest-containers", "rest-containers-delete"})
  void withoutTheQuestionWhoseItIsAnybodysIsDeleted() throws Exception {
    String foreign = bmw.has("somebody's", "else", "ACTIVE", "x");
    start(
        Map.of(),
        ShippedRoute.of("rest-containers").without("method: mayDelete").without("method: listed"));
    assertThat(send(RestAction.DELETE_CONTAINER, "containerId", foreign).isOk()).isTrue();
    assertThat(bmw.calls).containsExactly("GET", "DELETE/" + foreign);
    assertThat(
            context
                .createProducerTemplate()
                .requestBody(
                    "direct:rest-containers",
                    RestRequest.of("main", RestAction.CONTAINERS, null, Purpose.REQUEST)))
        .isInstanceOf(RestReply.class);
  }
}
