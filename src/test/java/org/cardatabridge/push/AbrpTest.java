// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.cardatabridge.CarEvent;
import org.cardatabridge.journal.EventRefusedException;
import org.cardatabridge.journal.TryLaterException;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;
import org.junit.jupiter.api.Test;

class AbrpTest {

  private static final CamelContext CONTEXT = new DefaultCamelContext();
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final String VIN = "WBY00TEST00000001";
  private static final String PREFIX = "cardata.sink.abrp.";
  private static final String SOC = "vehicle.drivetrain.batteryManagement.header";
  private static final String CHARGING = "vehicle.drivetrain.electricEngine.charging.status";
  private static final String PORT = "vehicle.body.chargingPort.status";
  private static final String POWER = "vehicle.powertrain.electric.battery.charging.power";
  private static final String MOVING = "vehicle.isMoving";
  private static final String IGNITION = "vehicle.drivetrain.engine.isIgnitionOn";

  private final List<CarEvent> journal = new ArrayList<>();
  private Instant now = NOON;
  private final Clock clock =
      new Clock() {
        @Override
        public Instant instant() {
          return now;
        }

        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }
      };
  private final Abrp abrp = abrp("api-key", "key", "token", "sesame");

  private Abrp abrp(String... settings) {
    Map<String, String> all = new TreeMap<>(Map.of(PREFIX + "enabled", "true"));
    for (int i = 0; i < settings.length; i += 2) {
      all.put(PREFIX + settings[i], settings[i + 1]);
    }
    return new Abrp(Settings.of(all), clock, (sink, vin) -> List.copyOf(journal));
  }

  private static CarEvent event(String vin, String key, Object value, String unit, int second) {
    Instant at = NOON.plusSeconds(second);
    return new CarEvent("main", vin, "ix", key, value, unit, at, at, "stream");
  }

  private static CarEvent event(String key, Object value, int second) {
    return event(VIN, key, value, null, second);
  }

  private static List<Telemetry> told(Abrp abrp, boolean taken, CarEvent... events) {
    Exchange exchange = new DefaultExchange(CONTEXT);
    exchange.getMessage().setBody(List.of(events));
    List<Telemetry> telemetry = abrp.telemetry(exchange);
    exchange
        .getExchangeExtension()
        .handoverCompletions()
        .forEach(
            done -> {
              if (taken) {
                done.onComplete(exchange);
              } else {
                done.onFailure(exchange);
              }
            });
    return telemetry;
  }

  private String json(CarEvent... events) throws Exception {
    List<Telemetry> telemetry = told(abrp, true, events);
    assertThat(telemetry).hasSize(1);
    return new ObjectMapper()
        .readTree(abrp.json(telemetry.get(0)))
        .path("tlm")
        .toString()
        .replace("\"", "");
  }

  @Test
  void aChargingCarIsToldOfAsSuch() throws Exception {
    assertThat(
            json(
                event(SOC, 64.5, 1),
                event(CHARGING, "CHARGINGACTIVE", 2),
                event(VIN, POWER, 10_812L, "W", 3),
                event("vehicle.body.chargingPort.dcStatus", "DISCONNECTED", 3),
                event("vehicle.vehicle.travelledDistance", 81623L, 3)))
        .isEqualTo(
            "{utc:1769860803,soc:64.5,is_charging:true,power:-10.812,is_dcfc:false,"
                + "is_plugged_in:true,is_parked:true,odometer:81623}");
  }

  @Test
  void aDrivingCarIsNeitherParkedNorPluggedIn() throws Exception {
    assertThat(
            json(
                event(PORT, "DISCONNECTED", 0),
                event(CHARGING, "NOCHARGING", 0),
                event(MOVING, true, 5),
                event(
                    "location", Map.of("latitude", 50.25, "longitude", 10.96, "heading", 90.5), 6)))
        .isEqualTo(
            "{utc:1769860806,is_charging:false,is_dcfc:false,is_plugged_in:false,is_parked:false,"
                + "lat:50.25,lon:10.96,heading:90.5}");
  }

  @Test
  void aChargeThatWasNeverTakenBackEndsWithTheCableAndWithTheDrive() throws Exception {
    assertThat(
            json(
                event(CHARGING, "CHARGINGACTIVE", 2),
                event(VIN, POWER, 10_812L, "W", 3),
                event(PORT, "DISCONNECTED", 4)))
        .isEqualTo("{utc:1769860804,is_charging:false,is_dcfc:false,is_plugged_in:false}");
    assertThat(json(event(CHARGING, "CHARGINGACTIVE", 2), event(MOVING, true, 5)))
        .isEqualTo(
            "{utc:1769860805,is_charging:false,is_dcfc:false,is_plugged_in:false,"
                + "is_parked:false}");
    assertThat(json(event(CHARGING, "CHARGINGACTIVE", 6), event(PORT, "DISCONNECTED", 4)))
        .contains("is_charging:true", "is_plugged_in:true");
  }

  @Test
  void aCarThatStandsAtALightIsNotParked() throws Exception {
    assertThat(json(event(MOVING, false, 5), event(IGNITION, true, 1)))
        .isEqualTo("{utc:1769860805,is_parked:false,speed:0}");
    assertThat(json(event(IGNITION, false, 9))).contains("is_parked:true");
  }

  @Test
  void tyresRangeAndBatteryGoAlong() throws Exception {
    String tyre = "vehicle.chassis.axle.row1.wheel.left.tire.pressure";
    assertThat(
            json(
                event(VIN, tyre, 240L, "kPa", 1),
                event("vehicle.drivetrain.electricEngine.kombiRemainingElectricRange", 311L, 1),
                event("vehicle.drivetrain.batteryManagement.maxEnergy", 76.6, 1)))
        .isEqualTo("{utc:1769860801,est_battery_range:311,capacity:76.6,tire_pressure_fl:240}");
  }

  @Test
  void whatIsOldIsLeftOut() throws Exception {
    journal.add(event(SOC, 64L, -13 * 3600));
    journal.add(event("vehicle.vehicle.travelledDistance", 81623L, -3600));
    journal.add(
        event("location", Map.of("latitude", 50.25, "longitude", 10.96, "heading", 9), -3600));
    journal.add(event(VIN, POWER, 11_000L, "W", -3600));
    assertThat(json(event(CHARGING, "CHARGINGACTIVE", 1)))
        .as("power and heading are of a moment, the place of a parked car holds")
        .isEqualTo(
            "{utc:1769860801,is_charging:true,is_plugged_in:true,is_parked:true,lat:50.25,"
                + "lon:10.96,odometer:81623}");
    assertThat(json(event(MOVING, true, 2))).doesNotContain("lat");
  }

  @Test
  void theNewestOfManyValuesIsToldOnceForEachCar() {
    Abrp two = abrp("api-key", "key", "vehicle.A.token", "a", "vehicle.ix.token", "b");
    List<Telemetry> told =
        told(
            two,
            true,
            event("A", SOC, 60L, null, 1),
            event("B", SOC, 40L, null, 1),
            event("A", SOC, 61L, null, 2));
    assertThat(told).extracting(Telemetry::vin).containsExactly("A", "B");
    assertThat(told.get(0).fields()).containsEntry("soc", new java.math.BigDecimal("61"));
    assertThat(two.query(told.get(0))).isEqualTo("token=a");
    assertThat(two.query(told.get(1))).as("by its alias").isEqualTo("token=b");
  }

  @Test
  void aCarWithoutATokenIsLeftOutWhereOthersHaveTheirOwn() {
    Abrp one = abrp("api-key", "key", "token", "all", "vehicle.A.token", "a");
    assertThat(told(one, true, event("B", SOC, 40L, null, 1))).isEmpty();
  }

  @Test
  void onlyFreshValuesThatSayMoreAreTold() {
    assertThat(told(abrp, true, event(SOC, 64L, -15 * 60))).as("too old").isEmpty();
    assertThat(told(abrp, true, event(SOC, 64L, -60))).hasSize(1);
    assertThat(told(abrp, true, event(SOC, 63L, -70))).as("a late one").isEmpty();
    assertThat(told(abrp, true, event("vehicle.cabin.seat.row1.driverSide.heating", 1L, 1)))
        .as("no meaning")
        .isEmpty();
    assertThat(told(abrp, true, event(SOC, 64L, 1))).as("measured anew").hasSize(1);
  }

  @Test
  void whatAbrpDidNotTakeIsToldAgain() {
    assertThat(told(abrp, false, event(SOC, 64L, 1))).hasSize(1);
    assertThat(told(abrp, true, event(SOC, 64L, 1))).hasSize(1);
  }

  @Test
  void thereAreTenSecondsBetweenTwoCallsForACar() {
    Telemetry one = new Telemetry("A", "A", NOON, Map.of());
    Telemetry other = new Telemetry("B", "B", NOON, Map.of());
    assertThat(abrp.pause(one)).isZero();
    assertThat(abrp.pause(other)).isZero();
    now = NOON.plusSeconds(4);
    assertThat(abrp.pause(one)).isEqualTo(6_000);
    now = NOON.plusSeconds(25);
    assertThat(abrp.pause(one)).isZero();
    now = NOON.minus(Duration.ofDays(1));
    assertThat(abrp.pause(one)).as("the clock was set back").isZero();
  }

  @Test
  void secretsStandWhereTheyBelongOnly() {
    Telemetry telemetry = new Telemetry(VIN, "ix", NOON, Map.of("lat", 50.25));
    assertThat(telemetry.toString()).doesNotContain(VIN).doesNotContain("50.25");
    assertThat(abrp("api-key", "k", "token", "a&b=c").query(telemetry))
        .isEqualTo("token=a%26b%3Dc");
    assertThat(abrp.authorization()).isEqualTo("APIKEY key");
    assertThat(abrp.url()).isEqualTo("https://api.iternio.com/1/tlm/send");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void anAnswerIsReadForWhatItSays() {
    assertThatCode(() -> abrp.check(200, null, bytes("{\"status\":\"ok\"}")))
        .doesNotThrowAnyException();
    assertThatCode(() -> abrp.check(200, null, bytes("fine"))).doesNotThrowAnyException();
    assertThatThrownBy(() -> abrp.check(200, null, bytes("{\"status\":\"error\"}")))
        .isInstanceOf(TryLaterException.class)
        .hasMessageContaining("status 'error'")
        .hasMessageContaining(PREFIX + "api-key");
    assertThatThrownBy(() -> abrp.check(400, null, bytes("{}")))
        .isInstanceOf(EventRefusedException.class);
    assertThatThrownBy(() -> abrp.check(401, null, null)).isInstanceOf(TryLaterException.class);
    assertThatThrownBy(() -> abrp.check(429, "7", null))
        .isInstanceOfSatisfying(
            TryLaterException.class, e -> assertThat(e.pause()).isEqualTo(Duration.ofSeconds(7)));
  }

  @Test
  void aSinkThatIsOnNeedsItsKeyAndAToken() {
    assertThatThrownBy(() -> abrp("token", "t"))
        .isInstanceOf(BadSettingException.class)
        .hasMessageStartingWith(PREFIX + "api-key: ");
    assertThatThrownBy(() -> abrp("api-key", "k"))
        .isInstanceOf(BadSettingException.class)
        .hasMessageStartingWith(PREFIX + "token: ");
    assertThatCode(() -> abrp("enabled", "false")).doesNotThrowAnyException();
  }

  @Test
  void abrpItselfIsNotCalledMoreOftenThanItTakes() {
    assertThatThrownBy(() -> abrp("api-key", "k", "token", "t", "every", "9s"))
        .isInstanceOf(BadSettingException.class)
        .hasMessage(PREFIX + "every: takes 10s or more, as ABRP takes no more calls for a car");
    assertThatCode(() -> abrp("api-key", "k", "token", "t", "every", "10s"))
        .doesNotThrowAnyException();
    assertThatCode(
            () -> abrp("api-key", "k", "token", "t", "every", "1s", "url", "http://localhost/"))
        .doesNotThrowAnyException();
  }
}
