// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.cardatabridge.api.RestAction.BASIC_DATA;
import static org.cardatabridge.api.RestAction.CHARGING_HISTORY;
import static org.cardatabridge.api.RestAction.CHARGING_SETTINGS;
import static org.cardatabridge.api.RestAction.IMAGE;
import static org.cardatabridge.api.RestAction.MAPPINGS;
import static org.cardatabridge.api.RestAction.TELEMATIC_DATA;
import static org.cardatabridge.api.RestAction.TYRES;
import static org.cardatabridge.api.RestBench.NOW;
import static org.cardatabridge.api.RestBench.VIN;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cardatabridge.CarEvent;
import org.cardatabridge.api.RestVerdict.Kind;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped routes that read, with answers of every shape. */
@Timeout(120)
class RestReadsTest {

  private static final byte[] PNG =
      HexFormat.of().parseHex("89504e470d0a1a0a" + "010203" + "0000000049454e44ae426082");
  private static final byte[] JPEG = HexFormat.of().parseHex("ffd8ff" + "0909" + "ffd9");
  private static final String FLAT = "tyreDiagnosis.frontLeft.";

  @TempDir Path dir;
  private RestBench bench;

  @AfterEach
  void close() {
    if (bench != null) {
      bench.close();
    }
  }

  private RestBench start(ShippedRoute... edited) throws Exception {
    bench = new RestBench(dir, Map.of()).start(edited);
    bench.notes.put("main", null, "container", "C0NTAINER0001");
    return bench;
  }

  // ---- golden files: what each answer becomes ------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "basic-data, basic-data.json",
    "telematic-data, telematic-data.json",
    "charging-history, charging-history-1.json charging-history-2.json",
    "tyres, tyres.json",
    "charging-settings, charging-settings.json"
  })
  void anAnswerBecomesWhatTheGoldenFileHas(String word, String fixtures) throws Exception {
    start();
    RestAction action = RestAction.of(word).orElseThrow();
    for (String fixture : fixtures.split(" ")) {
      bench.reply(RestBench.fixture(fixture));
    }

    RestOutcome outcome = bench.order(action);

    assertThat(outcome.isOk()).isTrue();
    List<String> lines = new ArrayList<>();
    bench.calls.forEach(
        call ->
            lines.add(call.method() + " " + call.path() + " " + AnswerJson.write(call.query())));
    lines.addAll(bench.lines());
    lines.add("told " + AnswerJson.write(outcome.data()));
    assertThat(String.join("\n", lines)).doesNotContain("gcid", "Gcid", "0a1b2c3d");
    Path golden = Path.of("src/test/resources/golden/rest/" + word + ".txt");
    if (System.getProperty("golden.rewrite") != null) {
      Files.createDirectories(golden.getParent());
      Files.write(golden, lines);
    }
    assertThat(lines).isEqualTo(Files.readAllLines(golden));
    assertThat(bench.notes.find("main", VIN, word + ".fetched")).isPresent();
  }

  // ---- all of them
  // -------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mappings",
        "basic-data",
        "telematic-data",
        "charging-history",
        "tyres",
        "charging-settings",
        "image"
      })
  void garbageGetsASentenceAndIsAskedForAgainLater(String word) throws Exception {
    start();
    RestAction action = RestAction.of(word).orElseThrow();
    for (String garbage : List.of("<html>", "", "[[[", "7", "{\"data\":7,\"telematicData\":7}")) {
      bench.reply(garbage);
      RestOutcome outcome = bench.order(action);
      boolean isData = action == BASIC_DATA && garbage.startsWith("{");
      if (!isData) {
        assertThat(outcome.verdict().kind()).as(garbage).isEqualTo(Kind.LATER);
        assertThat(outcome.verdict().sentence()).as(garbage).contains(" — ");
        assertThat(bench.messages()).as(garbage).isEmpty();
      }
    }
    if (action != BASIC_DATA) {
      assertThat(bench.notes.find("main", action.isOfVehicle() ? VIN : null, word + ".fetched"))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"OK"},
      mode = EnumSource.Mode.EXCLUDE)
  void aRefusalIsPassedOnAndNothingIsPublished(Kind kind) throws Exception {
    start();
    for (RestAction action :
        List.of(MAPPINGS, BASIC_DATA, TELEMATIC_DATA, TYRES, IMAGE, CHARGING_SETTINGS)) {
      bench.refuse(kind);
      if (kind == Kind.PAGE_EXPIRED && action == CHARGING_SETTINGS) {
        bench.refuse(kind);
      }
      String vin = action.isOfVehicle() ? VIN : null;

      RestOutcome outcome = bench.order(action);

      assertThat(outcome.verdict().kind()).isEqualTo(kind);
      assertThat(bench.messages()).isEmpty();
      assertThat(bench.notes.find("main", vin, action.word() + ".fetched")).isEmpty();
      assertThat(bench.notes.find("main", vin, action.word() + ".none").isPresent())
          .isEqualTo(kind == Kind.NOTHING_THERE);
    }
    assertThat(bench.notes.find("main", null, "container").isPresent())
        .isEqualTo(kind != Kind.CONTAINER_GONE);
  }

  @Test
  void aRouteOfOnesOwnOrdersInJsonAndAnswersWithBytes() throws Exception {
    start();
    bench.reply(RestBench.fixture("tyres.json"));

    RestOutcome outcome = bench.send(TYRES, "{\"vin\":\"" + VIN + "\",\"purpose\":\"gap\"}");

    assertThat(outcome.isOk()).isTrue();
    assertThat(bench.calls.get(0).purpose()).isEqualTo(Purpose.GAP);
    assertThat(bench.calls.get(0).account()).isEqualTo("main");
  }

  @Test
  void anOddVinIsEncodedOnItsWay() {
    assertThat(RestPath.of("A/ B?#", "image"))
        .isEqualTo("/customers/vehicles/A%2F%20B%3F%23/image");
  }

  // ---- mappings ------------------------------------------------------------------------------

  @Test
  void mappingsAreRememberedAndOthersThanPrimaryGetASentence() throws Exception {
    bench = new RestBench(dir, Map.of("cardata.vehicle.WBY00TEST00000001.alias", "i4")).start();
    bench.reply(RestBench.fixture("mappings.json"));

    RestOutcome outcome = bench.order(MAPPINGS);

    assertThat(AnswerJson.write(outcome.data()))
        .isEqualTo(
            "[{\"mappingType\":\"PRIMARY\",\"vehicle\":\"i4\"},"
                + "{\"mappingType\":\"SECONDARY\",\"message\":\"BMW gives data to the primary user of"
                + " a vehicle only — become its primary user in the MyBMW app, or use the account"
                + " that is\",\"vehicle\":\"WBY00TEST00000002\"},"
                + "{\"mappingType\":\"\",\"vehicle\":\"WBY00TEST00000003\"}]");
    assertThat(bench.mappings.vehicles("main"))
        .as("what BMW gives no type of counts as the account's own")
        .containsExactly("WBY00TEST00000001", "WBY00TEST00000003");
    assertThat(bench.mappings.all("main")).hasSize(3);
    assertThat(bench.mappings.isKnown("other")).isFalse();
    assertThat(bench.vins).contains("WBY00TEST00000001", "WBY00TEST00000002");
  }

  @Test
  void oneMappingMayComeAsAnObject() throws Exception {
    start();
    bench.reply(RestBench.fixture("mapping-as-object.json"));

    assertThat(bench.order(MAPPINGS).isOk()).isTrue();

    assertThat(bench.mappings.vehicles("main")).containsExactly("WBY00TEST00000001");
  }

  @Test
  void noVehiclesIsAnAnswerAndGarbageForgetsNothing() throws Exception {
    start();
    bench.reply(RestBench.fixture("mappings.json")).reply("<html>");
    bench.order(MAPPINGS);
    bench.order(MAPPINGS);
    assertThat(bench.mappings.vehicles("main")).hasSize(2);

    bench.reply("[]");
    bench.order(MAPPINGS);

    assertThat(bench.mappings.isKnown("main")).isTrue();
    assertThat(bench.mappings.vehicles("main")).isEmpty();
  }

  @Test
  void aCarThatTheSettingsLeaveOutIsNotAskedFor() throws Exception {
    bench = new RestBench(dir, Map.of("cardata.vins", "WBY00TEST00000009")).start();
    bench.reply(RestBench.fixture("mappings.json"));

    bench.order(MAPPINGS);

    assertThat(bench.mappings.vehicles("main")).isEmpty();
    assertThat(bench.mappings.all("main")).hasSize(3);
  }

  // ---- basic data, tyres: what BMW gives no time for ----------------------------------------

  @Test
  void whatIsStillTheSameKeepsTheTimeSinceWhenItIsKnown() throws Exception {
    start();
    bench.reply(RestBench.fixture("tyres.json")).reply(RestBench.fixture("basic-data.json"));
    bench.order(TYRES);
    bench.order(BASIC_DATA);
    List<CarEvent> before = bench.points();
    bench.settle();
    bench.clock.move(Duration.ofDays(1));

    bench.reply(RestBench.fixture("tyres.json")).reply(RestBench.fixture("basic-data.json"));
    bench.order(TYRES);
    bench.order(BASIC_DATA);

    assertThat(bench.points()).hasSameSizeAs(before);
    for (int i = 0; i < before.size(); i++) {
      assertThat(bench.points().get(i).value()).isEqualTo(before.get(i).value());
      // The miles became kilometres, so nobody can tell that they are the same.
      if (!before.get(i).key().equals("tyreDiagnosis.frontRight.tyreWear.dueMileage")) {
        assertThat(bench.points().get(i).timestamp()).isEqualTo(NOW);
      }
    }
  }

  @Test
  void aTyreThatWearsHasTheTimeOfReceipt() throws Exception {
    start();
    bench.reply(RestBench.fixture("tyres.json"));
    bench.order(TYRES);
    bench.settle();
    bench.clock.move(Duration.ofDays(1));
    bench.reply(
        new String(RestBench.fixture("tyres.json"), java.nio.charset.StandardCharsets.UTF_8)
            .replace("12000", "11900"));

    bench.order(TYRES);

    assertThat(bench.point(FLAT + "tyreWear.dueMileage").timestamp())
        .isEqualTo(NOW.plus(Duration.ofDays(1)));
    assertThat(bench.point(FLAT + "tyreWear.status").timestamp()).isEqualTo(NOW);
  }

  // ---- telematic data ------------------------------------------------------------------------

  @Test
  void telematicDataGoesToTheJournalAsItCame() throws Exception {
    start();
    byte[] answer = RestBench.fixture("telematic-data.json");
    bench.reply(answer);

    bench.order(TELEMATIC_DATA);

    assertThat(bench.calls.get(0).query())
        .containsExactlyEntriesOf(Map.of("containerId", "C0NTAINER0001"));
    assertThat(bench.messages().get(0).getProperty("cardata.payload")).isEqualTo(answer);
  }

  @Test
  void aValueWithoutATimeReplacesNothingThatIsKnown() throws Exception {
    start();
    bench.newest.put(
        VIN + " vehicle.body.trunk.isOpen",
        new CarEvent(
            "main", VIN, VIN, "vehicle.body.trunk.isOpen", true, null, NOW, NOW, "stream"));
    bench.reply(RestBench.fixture("telematic-data.json"));

    bench.order(TELEMATIC_DATA);

    assertThat(bench.points())
        .extracting(CarEvent::key)
        .doesNotContain("vehicle.body.trunk.isOpen");
    assertThat(bench.point("vehicle.drivetrain.lastRemainingRange").timestamp()).isEqualTo(NOW);
  }

  @Test
  void withoutAContainerNothingIsAsked() throws Exception {
    start();
    bench.notes.forget("main", null, "container");

    RestOutcome outcome = bench.order(TELEMATIC_DATA);

    assertThat(bench.calls).isEmpty();
    assertThat(outcome.verdict().kind()).isEqualTo(Kind.CONTAINER_GONE);
    assertThat(outcome.verdict().sentence()).contains("create-container");
    bench.reply("{\"telematicData\":{}}");
    assertThat(bench.order(TELEMATIC_DATA, Map.of("containerId", "OTHER")).isOk()).isTrue();
    assertThat(bench.calls.get(0).query()).containsEntry("containerId", "OTHER");
  }

  @Test
  void aContainerThatTheOrderNamesSaysNothingOfOurs() throws Exception {
    start();
    String ours = bench.notes.find("main", null, "container").orElseThrow().text();
    bench.refuse(Kind.CONTAINER_GONE);
    assertThat(bench.order(TELEMATIC_DATA, Map.of("containerId", "OTHER")).isOk()).isFalse();
    assertThat(bench.notes.find("main", null, "container").orElseThrow().text()).isEqualTo(ours);
    bench.refuse(Kind.CONTAINER_GONE);
    bench.order(TELEMATIC_DATA, Map.of("containerId", ours));
    assertThat(bench.notes.find("main", null, "container")).isEmpty();
  }

  @Test
  void anOrderInJsonWithoutAPurposeIsDailyBusiness() throws Exception {
    start();
    bench.reply(RestBench.fixture("tyres.json"));
    bench.send(TYRES, "{\"vin\":\"" + VIN + "\"}");
    assertThat(bench.calls.get(0).purpose()).isEqualTo(Purpose.ROUTINE);
  }

  // ---- charging history ----------------------------------------------------------------------

  @Test
  void aSessionThatIsKnownDoesNotComeAgain() throws Exception {
    start();
    bench
        .reply(RestBench.fixture("charging-history-1.json"))
        .reply(RestBench.fixture("charging-history-2.json"));
    bench.order(CHARGING_HISTORY);
    bench.points().stream()
        .filter(p -> p.key().equals("chargingHistory.session"))
        .forEach(p -> bench.sessions.put(p.timestamp(), p.value()));
    bench.settle();
    bench.reply(
        new String(
                RestBench.fixture("charging-history-1.json"),
                java.nio.charset.StandardCharsets.UTF_8)
            .replace(",\"next_token\":\"abc\"", ""));

    RestOutcome outcome = bench.order(CHARGING_HISTORY);

    assertThat(bench.messages()).isEmpty();
    assertThat(AnswerJson.write(outcome.data())).contains("\"new\":0", "\"sessions\":1");
    // Since the last one, and a day more.
    assertThat(bench.calls.get(2).query().get("from")).isEqualTo("2026-07-20T11:03:04.000Z");
  }

  @Test
  void daysThatSomebodyAskedForLeaveThoseBeforeThemToThePlan() throws Exception {
    start();
    String last =
        new String(
                RestBench.fixture("charging-history-1.json"),
                java.nio.charset.StandardCharsets.UTF_8)
            .replace(",\"next_token\":\"abc\"", "");
    bench.reply(last).reply(last);
    bench.order(CHARGING_HISTORY, Map.of("from", "2026-07-20"));
    assertThat(bench.notes.find("main", VIN, "charging-history.fetched")).isEmpty();
    bench.points().stream()
        .filter(p -> p.key().equals("chargingHistory.session"))
        .forEach(p -> bench.sessions.put(p.timestamp(), p.value()));
    bench.settle();

    bench.order(CHARGING_HISTORY);

    assertThat(bench.calls.get(1).query().get("from")).isEqualTo("2026-06-27T12:00:00.000Z");
    assertThat(bench.notes.find("main", VIN, "charging-history.fetched")).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-, -, 2026-06-27T12:00:00.000Z, 2026-07-27T12:00:00.000Z",
        "2026-07-01, -, 2026-07-01T00:00:00.000Z, 2026-07-27T12:00:00.000Z",
        "2026-05-01, -, 2026-05-01T00:00:00.000Z, 2026-05-31T00:00:00.000Z",
        "-, 2026-05-31, 2026-05-01T00:00:00.000Z, 2026-05-31T00:00:00.000Z",
        "2026-07-01T02:00:00+0200, 2026-07-02, 2026-07-01T00:00:00.000Z, 2026-07-02T00:00:00.000Z"
      })
  void theTimeAskedForIsAtMost30Days(String from, String to, String begins, String ends)
      throws Exception {
    start();
    bench.reply("{\"data\":[]}");
    Map<String, String> parameters = new java.util.HashMap<>();
    if (from != null) {
      parameters.put("from", from);
    }
    if (to != null) {
      parameters.put("to", to);
    }

    bench.order(CHARGING_HISTORY, parameters);

    assertThat(bench.calls.get(0).query())
        .containsExactlyInAnyOrderEntriesOf(Map.of("from", begins, "to", ends));
  }

  @ParameterizedTest
  @CsvSource({"2026-01-01,2026-07-01", "2026-07-02,2026-07-01", "soon,2026-07-01"})
  void aTimeThatBmwWouldNotTakeCostsNoCall(String from, String to) throws Exception {
    start();

    RestOutcome outcome = bench.order(CHARGING_HISTORY, Map.of("from", from, "to", to));

    assertThat(bench.calls).isEmpty();
    assertThat(outcome.verdict().kind()).isEqualTo(Kind.WRONG);
    assertThat(outcome.verdict().sentence()).contains("no call was made");
    assertThat(bench.notes.find("main", VIN, "charging-history.fetched")).isEmpty();
  }

  @Test
  void anExpiredTokenBeginsTheListAgainOnce() throws Exception {
    start();
    bench
        .reply(RestBench.fixture("charging-history-1.json"))
        .refuse(Kind.PAGE_EXPIRED)
        .reply(RestBench.fixture("charging-history-1.json"))
        .reply(RestBench.fixture("charging-history-2.json"));

    assertThat(bench.order(CHARGING_HISTORY).isOk()).isTrue();

    assertThat(bench.calls)
        .extracting(c -> c.query().get("nextToken"))
        .containsExactly(null, "abc", null, "abc");

    bench.calls.clear();
    bench
        .reply(RestBench.fixture("charging-history-1.json"))
        .refuse(Kind.PAGE_EXPIRED)
        .refuse(Kind.PAGE_EXPIRED);
    assertThat(bench.order(CHARGING_HISTORY).verdict().kind()).isEqualTo(Kind.PAGE_EXPIRED);
    assertThat(bench.calls).hasSize(3);
  }

  @Test
  void aLongSessionsBlocksFitIntoTheTextOfADatabase() throws Exception {
    start();
    String block = "{\"startTime\":1784628184,\"endTime\":1784628244,\"averagePowerGridKw\":10.8}";
    bench.reply(
        "{\"data\":[{\"startTime\":1784628184,\"endTime\":1784631784,\"chargingBlocks\":["
            + block
            + ("," + block).repeat(999)
            + "]}]}");

    bench.order(CHARGING_HISTORY);

    assertThat(AnswerJson.write(bench.point("chargingHistory.blocks").value()).length())
        .isLessThan(64 * 1024);
  }

  @Test
  void atMost20PagesAreRead() throws Exception {
    start();
    IntStream.range(0, 20).forEach(i -> bench.reply("{\"data\":[],\"next_token\":\"t" + i + "\"}"));

    RestOutcome outcome = bench.order(CHARGING_HISTORY);

    assertThat(bench.calls).hasSize(20);
    assertThat(AnswerJson.write(outcome.data())).contains("there are more sessions");
  }

  @Test
  void aTokenThatComesAgainEndsTheList() throws Exception {
    start();
    bench.reply("{\"data\":[],\"next_token\":\"t\"}").reply("{\"data\":[],\"next_token\":\"t\"}");

    assertThat(bench.order(CHARGING_HISTORY).isOk()).isTrue();

    assertThat(bench.calls).hasSize(2);
  }

  @Test
  void whatCameBeforeTheQuotaEndedIsKept() throws Exception {
    start();
    bench.reply(RestBench.fixture("charging-history-1.json")).refuse(Kind.QUOTA);

    RestOutcome outcome = bench.order(CHARGING_HISTORY);

    assertThat(outcome.verdict().kind()).isEqualTo(Kind.QUOTA);
    assertThat(bench.messages()).hasSize(1);
    assertThat(bench.notes.find("main", VIN, "charging-history.fetched")).isEmpty();
  }

  // ---- charging settings ---------------------------------------------------------------------

  @Test
  void placesOfAllPagesAreOneValue() throws Exception {
    start();
    bench
        .reply("{\"data\":[{\"id\":\"s0\",\"latitude\":1.5,\"longitude\":2}],\"nextToken\":\"x\"}")
        .reply(RestBench.fixture("charging-settings.json"));

    bench.order(CHARGING_SETTINGS);

    assertThat(bench.messages()).hasSize(1);
    assertThat((List<?>) bench.point("chargingSettings.locations").value()).hasSize(3);
    assertThat(bench.calls.get(1).query()).containsEntry("nextToken", "x");
  }

  @Test
  void aPlaceThatWasTakenAwayIsNewsThoughNoTimeChanged() throws Exception {
    start();
    bench.reply(RestBench.fixture("charging-settings.json"));
    bench.order(CHARGING_SETTINGS);
    assertThat(bench.point("chargingSettings.locations").timestamp())
        .isEqualTo(Instant.parse("2026-02-01T07:00:00Z"));
    bench.settle();
    bench.reply("{\"data\":[]}").reply("{\"data\":[]}");

    bench.order(CHARGING_SETTINGS);

    assertThat(bench.point("chargingSettings.locations").timestamp()).isEqualTo(NOW);
  }

  // ---- image ---------------------------------------------------------------------------------

  @Test
  void aPictureIsKeptToldOfAndPublished() throws Exception {
    start();
    bench.reply(PNG);

    RestOutcome outcome = bench.order(IMAGE);

    assertThat(bench.calls.get(0).accept()).isEqualTo("*/*");
    assertThat(AnswerJson.write(outcome.data())).contains("\"type\":\"image/png\"", "\"bytes\":23");
    assertThat(bench.point("image.info").value()).isEqualTo(outcome.data());
    assertThat(bench.images.find(VIN).orElseThrow().bytes()).isEqualTo(PNG);
    assertThat(new String((byte[]) bench.messages().get(0).getProperty("cardata.payload")))
        .doesNotContain("PNG\r");
    try (var files = Files.list(dir.resolve("images"))) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      assertThat(all.get(0).getFileName().toString()).matches("[0-9a-f]{32}");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(all.get(0))))
          .isEqualTo("rw-------");
    }
    await().until(() -> bench.pictures.getReceivedCounter() == 1);
  }

  @Test
  void aNewPictureTakesTheOldOnesPlaceAndJpegIsOneToo() throws Exception {
    start();
    bench.reply(PNG).reply(JPEG);
    bench.order(IMAGE);
    bench.order(IMAGE);

    assertThat(bench.images.find(VIN).orElseThrow().type()).isEqualTo("image/jpeg");
    try (var files = Files.list(dir.resolve("images"))) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void aPictureThatIsTooLargeOrNoneIsNotKept() throws Exception {
    start();
    byte[] large = Arrays.copyOf(PNG, Picture.MOST_BYTES + 1);
    bench.reply(large).reply("<svg/>");

    assertThat(bench.order(IMAGE).verdict().kind()).isEqualTo(Kind.NOTHING_THERE);
    assertThat(bench.order(IMAGE).verdict().kind()).isEqualTo(Kind.NOTHING_THERE);

    assertThat(bench.images.find(VIN)).isEmpty();
    assertThat(bench.messages()).isEmpty();
  }

  @Test
  void aPictureThatWasCutOffIsNotKeptAndAskedForAgain() throws Exception {
    start();
    bench.reply(Arrays.copyOf(PNG, PNG.length - 1)).reply(Arrays.copyOf(JPEG, JPEG.length - 1));

    RestOutcome outcome = bench.order(IMAGE);
    assertThat(outcome.verdict().kind()).isEqualTo(Kind.LATER);
    assertThat(outcome.verdict().sentence()).contains("no whole PNG or JPEG");
    assertThat(bench.order(IMAGE).verdict().kind()).isEqualTo(Kind.LATER);

    assertThat(bench.images.find(VIN)).isEmpty();
    assertThat(bench.messages()).isEmpty();
  }

  @Test
  void aPictureMayEndInALinesEnd() {
    byte[] longer = Arrays.copyOf(PNG, PNG.length + 2);
    longer[PNG.length] = '\n';
    assertThat(Picture.of(longer)).isNotNull();
  }

  @Test
  void aDiskThatDoesNotTakeThePictureGetsASentence() throws Exception {
    start();
    Files.writeString(dir.resolve("images"), "in the way");
    bench.reply(PNG);

    RestOutcome outcome = bench.order(IMAGE);

    assertThat(outcome.verdict().kind()).isEqualTo(Kind.LATER);
    assertThat(outcome.verdict().sentence()).contains("does not take it");
    assertThat(bench.messages()).isEmpty();
  }

  // ---- each step counts ----------------------------------------------------------------------

  @EditsRoute("rest-mappings")
  void withoutTheKeepStepTheBridgeKnowsOfNoVehicle() throws Exception {
    start(ShippedRoute.of("rest-mappings").without("method: keep"));
    bench.reply(RestBench.fixture("mappings.json"));

    assertThat(bench.order(MAPPINGS).isOk()).isTrue();

    assertThat(bench.mappings.isKnown("main")).isFalse();
  }

  @EditsRoute("rest-basic-data")
  void withoutTheResultsStepNothingIsPublished() throws Exception {
    start(ShippedRoute.of("rest-basic-data").without("${body.messages}"));
    bench.reply(RestBench.fixture("basic-data.json"));

    assertThat(bench.order(BASIC_DATA).isOk()).isTrue();

    assertThat(bench.messages()).isEmpty();
  }

  @EditsRoute("rest-tyres")
  void withoutTheNoteTheBridgeForgetsThatItAsked() throws Exception {
    start(ShippedRoute.of("rest-tyres").without("method: note"));
    bench.reply(RestBench.fixture("tyres.json"));

    bench.order(TYRES);

    assertThat(bench.points()).isNotEmpty();
    assertThat(bench.notes.find("main", VIN, "tyres.fetched")).isEmpty();
  }

  @EditsRoute("rest-telematic-data")
  void withoutTheForgetStepTheDeadContainerStays() throws Exception {
    start(ShippedRoute.of("rest-telematic-data").without("'CONTAINER_GONE'"));
    bench.refuse(Kind.CONTAINER_GONE);

    bench.order(TELEMATIC_DATA);

    assertThat(bench.notes.find("main", null, "container")).isPresent();
  }

  @EditsRoute("rest-charging-history")
  void aStepPutInSeesEachSession() throws Exception {
    start(
        ShippedRoute.of("rest-charging-history")
            .before("direct:rest-message", "- to: {uri: \"mock:session\"}"));
    bench
        .reply(RestBench.fixture("charging-history-1.json"))
        .reply(RestBench.fixture("charging-history-2.json"));

    bench.order(CHARGING_HISTORY);

    assertThat(
            bench
                .camel
                .getEndpoint("mock:session", org.apache.camel.component.mock.MockEndpoint.class)
                .getReceivedCounter())
        .isEqualTo(3);
  }

  @EditsRoute("rest-charging-settings")
  void withoutTheLoopsEndOnlyTheVerdictIsLeft() throws Exception {
    start(ShippedRoute.of("rest-charging-settings").before("direct:rest-message", "- stop: {}"));
    bench.reply(RestBench.fixture("charging-settings.json"));

    bench.order(CHARGING_SETTINGS);

    assertThat(bench.messages()).isEmpty();
  }

  @EditsRoute("rest-image")
  void withoutTheSaveStepThePictureIsPublishedButNotKept() throws Exception {
    start(ShippedRoute.of("rest-image").without("method: save"));
    bench.reply(PNG);

    bench.order(IMAGE);

    assertThat(bench.images.find(VIN)).isEmpty();
    assertThat(bench.points()).hasSize(1);
  }

  @EditsRoute("rest-message")
  void withAnotherSourceTheResultsNameIt() throws Exception {
    start(ShippedRoute.of("rest-message").writing("expression: rest", "expression: highmobility"));
    bench.reply(RestBench.fixture("basic-data.json"));

    bench.order(BASIC_DATA);

    assertThat(bench.points()).allMatch(p -> p.source().equals("highmobility"));
  }
}
