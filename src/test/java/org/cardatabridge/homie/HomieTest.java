// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.DefaultExchange;
import org.cardatabridge.CarEvent;
import org.cardatabridge.decode.Catalogue;
import org.cardatabridge.decode.Descriptor;
import org.cardatabridge.mqtt.Presence;
import org.cardatabridge.mqtt.Publication;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class HomieTest {

  private static final CamelContext CONTEXT = new DefaultCamelContext();
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final String VIN = "WBY00TEST00000001";
  private static final String SOC = "vehicle.drivetrain.batteryManagement.header";
  private static final String SOC_TOPIC =
      "homie/5/cardata--ix/drivetrain/battery-management--header";

  private final HomieRules rules = new HomieRules();
  private final List<CarEvent> journal = new ArrayList<>();
  private final List<CarEvent> waiting = new ArrayList<>();
  private final Past past =
      new Past() {
        @Override
        public boolean isKnown() {
          return isKnown;
        }

        @Override
        public List<CarEvent> handed(String vin) {
          return journal.stream().filter(e -> vin == null || e.vin().equals(vin)).toList();
        }

        @Override
        public List<CarEvent> all() {
          return Stream.concat(journal.stream(), waiting.stream()).toList();
        }
      };
  private final Link link =
      new Link() {
        @Override
        public long connects() {
          return connects;
        }

        @Override
        public boolean isConnected() {
          return isConnected;
        }

        @Override
        public CompletionStage<Void> retained() {
          return retained;
        }
      };

  @TempDir private Path dir;
  private boolean isKnown = true;
  private boolean isConnected = true;
  private CompletableFuture<Void> retained = CompletableFuture.completedFuture(null);
  private long connects = 1;
  private Homie homie;

  @BeforeEach
  void switchOn() {
    homie = homie(Map.of());
  }

  private Homie homie(Map<String, String> settings) {
    Map<String, String> all = new TreeMap<>(Map.of("cardata.sink.homie.enabled", "true"));
    all.put("cardata.data-dir", dir.toString());
    all.putAll(settings);
    return new Homie(Settings.of(all), Clock.fixed(NOON, ZoneOffset.UTC), past, link);
  }

  private static CarEvent event(String vin, String vehicle, String key, Object value, int second) {
    Instant at = NOON.plusSeconds(second);
    return new CarEvent("main", vin, vehicle, key, value, null, at, at, "stream");
  }

  private static CarEvent event(String key, Object value, int second) {
    return event(VIN, "ix", key, value, second);
  }

  private interface Step {
    List<Publication> run(Exchange exchange) throws Exception;
  }

  /** One exchange whose publications the broker takes, or not. */
  private List<String> run(boolean taken, Object body, Step step) throws Exception {
    Exchange exchange = new DefaultExchange(CONTEXT);
    exchange.getMessage().setBody(body);
    List<Publication> out = List.of();
    try {
      out = step.run(exchange);
    } finally {
      end(exchange, taken);
    }
    if (taken) {
      out.forEach(rules::hear);
    }
    assertThat(out).allMatch(p -> p.qos() == 2 && p.retain());
    return out.stream()
        .map(p -> p.topic() + " " + new String(p.payload(), StandardCharsets.UTF_8))
        .toList();
  }

  private static void end(Exchange exchange, boolean taken) {
    List<Synchronization> toTell = exchange.getExchangeExtension().handoverCompletions();
    for (Synchronization done : toTell == null ? List.<Synchronization>of() : toTell) {
      if (taken) {
        done.onComplete(exchange);
      } else {
        done.onFailure(exchange);
      }
    }
  }

  private List<String> values(CarEvent... events) throws Exception {
    return run(true, List.of(events), homie::values);
  }

  private List<String> devices() throws Exception {
    return homie.isDue() ? run(true, null, homie::devices) : List.of();
  }

  private JsonNode description(String device) throws Exception {
    return new ObjectMapper().readTree(rules.broker().get("homie/5/" + device + "/$description"));
  }

  /** As the broker says it when the bridge connects. */
  private void birth() {
    if (homie.presence().birth() != null) {
      rules.hear(homie.presence().birth());
    }
  }

  @Test
  void aCarIsDescribedBeforeItsValuesAndTheBridgeAfterIt() throws Exception {
    birth();
    List<String> said = values(event(SOC, 81L, 1));
    assertThat(said)
        .extracting(line -> line.replaceAll("version\":\\d+", "version\":0"))
        .containsExactly(
            "homie/5/cardata--ix/$state init",
            "homie/5/cardata--ix/$description {\"homie\":\"5.0\",\"name\":\"ix\",\"root\":\"cardata\","
                + "\"nodes\":{\"drivetrain\":{\"name\":\"Drivetrain\",\"properties\":"
                + "{\"battery-management--header\":{\"name\":\"Battery management header\","
                + "\"datatype\":\"float\"}}}},\"version\":0}",
            SOC_TOPIC + " 81",
            "homie/5/cardata--ix/$state ready",
            "homie/5/cardata/$state init",
            "homie/5/cardata/$description {\"homie\":\"5.0\",\"name\":\"cardata-bridge\","
                + "\"children\":[\"cardata--ix\"],\"version\":0}",
            "homie/5/cardata/$state ready");
    assertThat(rules.faults()).isEmpty();
  }

  @Test
  void aKnownPropertyIsSaidAlone() throws Exception {
    values(event(SOC, 81L, 1));
    assertThat(values(event(SOC, 82L, 2), event(SOC, 70L, 0), event(SOC, 83L, 3)))
        .containsExactly(SOC_TOPIC + " 82", SOC_TOPIC + " 83");
  }

  @Test
  void aNewPropertyRaisesTheVersionWithinInit() throws Exception {
    birth();
    values(event(SOC, 81L, 1));
    long before = description("cardata--ix").path("version").asLong();
    values(event("vehicle.isMoving", true, 2), event("vehicle.vehicle.isMoving", "x", 2));
    assertThat(description("cardata--ix").path("version").asLong()).isGreaterThan(before);
    assertThat(rules.faults()).isEmpty();
    assertThat(rules.broker())
        .containsEntry("homie/5/cardata--ix/any--vehicle/is-moving", "true")
        .containsEntry("homie/5/cardata--ix/vehicle/is-moving", "x");
  }

  @Test
  void aPositionIsPublishedInItsParts() throws Exception {
    values(event("location", Map.of("latitude", 50.25, "longitude", 10.96, "heading", 90L), 1));
    assertThat(rules.broker())
        .containsEntry("homie/5/cardata--ix/any--location/latitude", "50.25")
        .containsEntry("homie/5/cardata--ix/any--location/longitude", "10.96")
        .containsEntry("homie/5/cardata--ix/any--location/heading", "90");
  }

  @Test
  void whatIsNotAvailableNowIsRemovedAndComesBack() throws Exception {
    values(event(SOC, 81L, 1));
    assertThat(values(event(SOC, null, 2))).containsExactly(SOC_TOPIC + " ");
    assertThat(values(event(SOC, 80L, 3))).containsExactly(SOC_TOPIC + " 80");
    assertThat(values(event("vehicle.a.b", null, 3))).as("never known").isEmpty();
    assertThat(rules.faults()).isEmpty();
  }

  @Test
  void aPropertyThatTurnsOutToBeSomethingElseBecomesAText() throws Exception {
    birth();
    values(event(SOC, 81L, 1));
    values(event(SOC, "", 2), event(SOC, Map.of("a", 1L), 3), event(SOC, 82L, 4));
    assertThat(description("cardata--ix").at("/nodes/drivetrain/properties").toString())
        .contains("\"datatype\":\"string\"");
    assertThat(rules.broker()).containsEntry(SOC_TOPIC, "82");
    assertThat(rules.faults()).isEmpty();
  }

  @Test
  void nothingTheCatalogueOrACarCanSayIsAgainstTheConvention() throws Exception {
    birth();
    Random chance = new Random(7);
    int second = 0;
    for (int round = 0; round < 3; round++) {
      for (Descriptor descriptor : new Catalogue().all()) {
        Object[] kinds = {
          81L,
          -0.5,
          1e-9,
          1.5e300,
          new BigDecimal("12345678901234567890.5"),
          true,
          "",
          "\uFEFFx",
          "Überlandstraße \"1\"",
          null,
          List.of(),
          List.of(1L, "a"),
          Map.of("a", List.of(Map.of()))
        };
        Object value =
            round == 0
                ? descriptor.isNumber() ? 81L : "CONNECTED"
                : kinds[chance.nextInt(kinds.length)];
        values(event(descriptor.key(), value, ++second));
      }
    }
    for (String odd :
        List.of("a", "A.b", "a.B", "aB", "vehicle.", "vehicle..x", "ü/+#", "a b", "-")) {
      values(event(odd, 1L, ++second));
    }
    devices();
    assertThat(rules.faults()).isEmpty();
    assertThat(rules.broker()).hasSizeGreaterThan(250);
  }

  @Test
  void idsNeverCollide() {
    Set<String> names =
        new HashSet<>(
            List.of(
                "a.b", "aB", "a-b", "a--b", "ab", "a.B", "A.b", "a_b", "a-b-", "", "-0", "0",
                "a b"));
    new Catalogue().all().forEach(descriptor -> names.add(descriptor.key()));
    Random chance = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder name = new StringBuilder();
      for (int n = chance.nextInt(6); n >= 0; n--) {
        name.append("aB.-0_4ü2".charAt(chance.nextInt(9)));
      }
      names.add(name.toString());
    }
    Set<String> ids = new HashSet<>();
    names.forEach(name -> ids.add(HomieId.of(name)));
    assertThat(ids).hasSameSizeAs(names).allMatch(HomieId::isValid);
    assertThat(HomieId.ofVehicle(VIN)).isEqualTo("wby00test00000001");
    assertThat(HomieId.ofVehicle(VIN.toLowerCase(java.util.Locale.ROOT)))
        .isNotEqualTo(HomieId.ofVehicle(VIN));
  }

  @Test
  void afterARestartOnlyWhatIsDifferentIsSaid() throws Exception {
    birth();
    values(event(SOC, 81L, 1), event("vehicle.isMoving", true, 1));
    rules.hear("homie/5/cardata/$state", "disconnected", true);
    rules.hear("homie/5/cardata--ix/$state", "disconnected", true);
    journal.add(event(SOC, 81L, 1));
    journal.add(event("vehicle.isMoving", true, 1));

    homie = homie(Map.of());
    rules
        .broker()
        .forEach((topic, payload) -> homie.learn(topic, payload.getBytes(StandardCharsets.UTF_8)));
    birth();
    assertThat(devices())
        .containsExactlyInAnyOrder(
            "homie/5/cardata--ix/$state ready", "homie/5/cardata/$state ready");
    assertThat(devices()).as("looked through once").isEmpty();
    assertThat(values(event(SOC, 60L, 0))).as("older than what was known").isEmpty();
    assertThat(rules.faults()).isEmpty();
  }

  @Test
  void aBrokerThatForgotAllGetsAllAgain() throws Exception {
    birth();
    values(event(SOC, 81L, 1));
    devices();
    connects = 2;
    rules.broker().clear();
    birth();
    assertThat(devices()).contains(SOC_TOPIC + " 81");
    assertThat(rules.broker())
        .containsEntry("homie/5/cardata--ix/$state", "ready")
        .containsEntry("homie/5/cardata/$state", "ready");
    assertThat(rules.faults()).isEmpty();
  }

  @Test
  void whatTheBrokerDidNotTakeIsSaidAgain() throws Exception {
    List<String> first = run(false, List.of(event(SOC, 81L, 1)), homie::values);
    assertThat(values(event(SOC, 81L, 1))).hasSameSizeAs(first);
  }

  @Test
  void aCarThatIsGoneIsRemovedItsStateFirst() throws Exception {
    for (String topic : List.of("/$description", "/$state", "/drivetrain/a")) {
      homie.learn("homie/5/cardata--old" + topic, "x".getBytes(StandardCharsets.UTF_8));
    }
    homie.learn("homie/5/other/$state", "ready".getBytes(StandardCharsets.UTF_8));
    homie.learn("homie/5/cardata-2--ix/$state", "ready".getBytes(StandardCharsets.UTF_8));
    assertThat(devices())
        .filteredOn(line -> line.endsWith(" "))
        .containsExactly(
            "homie/5/cardata--old/$state ",
            "homie/5/cardata--old/$description ",
            "homie/5/cardata--old/drivetrain/a ");
  }

  @Test
  void aCarWithANewNameLeavesNothingOfTheOldOne() throws Exception {
    birth();
    values(event(VIN, "ix", SOC, 81L, 1));
    devices();
    values(event(VIN, "blue", SOC, 82L, 2));
    devices();
    assertThat(rules.broker().keySet()).noneMatch(topic -> topic.contains("cardata--ix"));
    assertThat(rules.broker()).containsEntry("homie/5/cardata--blue/$state", "ready");
    assertThat(description("cardata").path("children").toString()).isEqualTo("[\"cardata--blue\"]");
  }

  @Test
  void theWillSpeaksForAllCarsAndTheFarewellForEach() throws Exception {
    values(event(SOC, 81L, 1));
    Presence presence = homie.presence();
    assertThat(presence.will().topic()).isEqualTo("homie/5/cardata/$state");
    assertThat(new String(presence.will().payload(), StandardCharsets.UTF_8)).isEqualTo("lost");
    assertThat(presence.farewell().get())
        .extracting(Publication::topic)
        .containsExactly("homie/5/cardata--ix/$state", "homie/5/cardata/$state");
  }

  @Test
  void domainAndIdCanBeChosenAndABadOneIsNamed() throws Exception {
    homie = homie(Map.of("cardata.sink.homie.domain", "home", "cardata.sink.homie.id", "b2"));
    assertThat(values(event(SOC, 81L, 1))).allMatch(line -> line.startsWith("home/5/b2"));
    for (String bad : List.of("a/b", "A", "a--b", "a-", "ü")) {
      assertThatThrownBy(() -> homie(Map.of("cardata.sink.homie.id", bad)))
          .isInstanceOf(BadSettingException.class)
          .hasMessageContaining("cardata.sink.homie.id");
    }
    homie(Map.of("cardata.sink.homie.id", "A", "cardata.sink.homie.enabled", "false"));
  }

  @Test
  void aForeignBodyIsRefusedInWordsAndBlocksNobody() throws Exception {
    assertThatThrownBy(() -> run(false, "text", homie::values))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CarEvent");
    assertThat(values(event(SOC, 81L, 1))).isNotEmpty();
  }

  private void restart(Map<String, String> settings) {
    homie = homie(settings);
    rules
        .broker()
        .forEach((topic, payload) -> homie.learn(topic, payload.getBytes(StandardCharsets.UTF_8)));
    birth();
  }

  @Test
  void nothingIsRemovedBeforeTheJournalIsOpen() throws Exception {
    birth();
    values(event(SOC, 81L, 1));
    journal.add(event(SOC, 81L, 1));
    isKnown = false;
    restart(Map.of());
    Map<String, String> before = Map.copyOf(rules.broker());
    assertThat(homie.isDue()).isFalse();
    assertThat(run(true, null, homie::devices)).as("also where it is asked all the same").isEmpty();
    assertThat(rules.broker()).isEqualTo(before);
    isKnown = true;
    assertThat(devices()).noneMatch(line -> line.endsWith(" ")).isNotEmpty();
    assertThat(rules.broker()).containsEntry(SOC_TOPIC, "81");
  }

  @Test
  void whatIsStillToBeHandedOverStaysThereAtARestart() throws Exception {
    birth();
    CarEvent other = event("WBY00TEST00000002", "i4", SOC, 50L, 1);
    values(event(SOC, 81L, 1), event("vehicle.isMoving", true, 1), other);
    journal.add(event("vehicle.isMoving", true, 1));
    waiting.add(event(SOC, 83L, 3));
    waiting.add(event("WBY00TEST00000002", "i4", SOC, 52L, 3));
    JsonNode described = description("cardata--ix");
    restart(Map.of());
    assertThat(devices()).noneMatch(line -> line.endsWith(" ") || line.contains("$description"));
    assertThat(rules.broker())
        .containsEntry(SOC_TOPIC, "81")
        .containsEntry("homie/5/cardata--i4/$state", "ready");
    assertThat(description("cardata--ix")).isEqualTo(described);
    assertThat(values(event(SOC, 82L, 2), event(SOC, 83L, 3)))
        .containsExactly(SOC_TOPIC + " 82", SOC_TOPIC + " 83");
    assertThat(rules.faults()).isEmpty();
  }

  @Test
  void aFirstValueAfterARestartDropsNoOtherCarFromTheBridge() throws Exception {
    CarEvent other = event("WBY00TEST00000002", "i4", SOC, 50L, 1);
    values(event(SOC, 81L, 1), other);
    journal.add(event(SOC, 81L, 1));
    journal.add(other);
    restart(Map.of());
    assertThat(values(event(SOC, 82L, 2))).noneMatch(line -> line.contains("$description"));
    assertThat(description("cardata").path("children")).hasSize(2);
  }

  @Test
  void carsThatAreServedNoLongerAreRemoved() throws Exception {
    CarEvent other = event("WBY00TEST00000002", "i4", SOC, 50L, 1);
    values(event(SOC, 81L, 1), other);
    journal.add(event(SOC, 81L, 1));
    journal.add(other);
    restart(Map.of("cardata.vins", "WBY00TEST00000002"));
    devices();
    values(event(SOC, 82L, 2));
    assertThat(rules.broker().keySet()).noneMatch(topic -> topic.contains("cardata--ix"));
    assertThat(rules.broker()).containsEntry("homie/5/cardata--i4/$state", "ready");

    restart(Map.of("cardata.accounts", "second"));
    devices();
    assertThat(rules.broker().keySet()).noneMatch(topic -> topic.contains("cardata--"));
  }

  @Test
  void thereIsAMarkBeforeTheFirstDeviceUntilAllAreTakenBack() throws Exception {
    Settings off = Settings.of(Map.of("cardata.data-dir", dir.toString()));
    assertThat(Homie.isLeftOver(off)).isFalse();
    values(event(SOC, 81L, 1));
    assertThat(Homie.isLeftOver(off)).isTrue();
    restart(Map.of("cardata.sink.homie.enabled", "false"));
    isKnown = false;
    assertThat(homie.isDue()).as("what is known does not matter").isTrue();
    run(true, null, homie::removal);
    homie.removed();
    assertThat(rules.broker()).isEmpty();
    assertThat(Homie.isLeftOver(off)).isFalse();
  }

  @Test
  void nothingIsDueWhileTheBrokerIsAwayOrHasNotTold() {
    isConnected = false;
    assertThat(homie.isDue()).isFalse();
    isConnected = true;
    retained = new CompletableFuture<>();
    assertThat(homie.isDue()).isFalse();
    retained.complete(null);
    assertThat(homie.isDue()).isTrue();
  }

  @Test
  void whileOneIsAtItTheOtherEndsAtOnce() throws Exception {
    Exchange first = new DefaultExchange(CONTEXT);
    assertThat(homie.devices(first)).isNotEmpty();
    Exchange second = new DefaultExchange(CONTEXT);
    assertThat(homie.devices(second)).isEmpty();
    assertThat(second.isRouteStop()).isTrue();
    end(first, true);
    Exchange third = new DefaultExchange(CONTEXT);
    assertThat(homie.devices(third)).as("not due any more").isEmpty();
    assertThat(third.isRouteStop()).isTrue();
    assertThat(values(event(SOC, 81L, 1))).as("the turn is free").isNotEmpty();
  }

  @Test
  void carsAndPropertiesAreBounded() throws Exception {
    CarEvent[] cars = new CarEvent[Homie.MOST_CARS + 1];
    for (int i = 0; i < cars.length; i++) {
      cars[i] = event("VIN" + i, "car" + i, SOC, 1L, 1);
    }
    values(cars);
    values(cars);
    assertThat(description("cardata").path("children")).hasSize(Homie.MOST_CARS);
    CarEvent[] events = new CarEvent[HomieDevice.MOST_PROPERTIES + 10];
    for (int i = 0; i < events.length; i++) {
      events[i] = event("VIN0", "car0", "vehicle.a.p" + i, 1L, 1);
    }
    assertThat(run(false, List.of(events), homie::values))
        .as("beside the one that it had")
        .filteredOn(line -> line.startsWith("homie/5/cardata--car0/a/"))
        .hasSize(HomieDevice.MOST_PROPERTIES - 1);
  }
}
