// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.cardatabridge.CarEvent;
import org.cardatabridge.decode.Catalogue;
import org.cardatabridge.meaning.ValuePart;
import org.cardatabridge.mqtt.Publication;
import org.cardatabridge.mqtt.Topics;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.Programs;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What Home Assistant shows in the end: its template language (Jinja2, in a process of its own)
 * over what the local topics really say.
 */
@Timeout(120)
class TemplatesIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static Path python;

  @BeforeAll
  static void findJinja() throws Exception {
    python = Programs.need("python3");
    Process asked = new ProcessBuilder(python.toString(), "-c", "import jinja2").start();
    boolean answered = asked.waitFor(20, TimeUnit.SECONDS);
    Programs.need("jinja2", answered && asked.exitValue() == 0, "python3 has no jinja2");
  }

  private static List<String> render(List<List<String>> templatesAndPayloads) throws Exception {
    Process process =
        new ProcessBuilder(python.toString(), "src/test/resources/homeassistant/render.py")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (Writer in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8)) {
      for (List<String> pair : templatesAndPayloads) {
        in.write(JSON.writeValueAsString(pair) + "\n");
      }
    }
    List<String> results = new ArrayList<>();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        results.add(JSON.readValue(line, String.class));
      }
    }
    assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
    assertThat(results).hasSameSizeAs(templatesAndPayloads);
    return results;
  }

  private static Map<String, Object> entity(String key, Platform platform, Object value) {
    Settings settings = Cars.settings();
    Topics topics = Cars.topics(settings);
    Car car = new Car(Cars.VIN, "main", Cars.VIN);
    CarEvent event = Cars.event(ValuePart.keyOf(key), value, null);
    EntityTable.shipped().withParts(event).forEach(car::see);
    if (!ValuePart.of(key).isWhole()) {
      // One that this value does not have was there before.
      car.see(Cars.event(key, "x", null));
    }
    return new CarDevice(
            EntityTable.shipped(),
            new Catalogue(),
            topics,
            "homeassistant",
            "en",
            BridgeDevice.isThere(topics))
        .of(car, any -> true)
        .components()
        .get(Ids.component(key, platform));
  }

  /** What the local topic says of a value. */
  private static String payload(String key, Object value) {
    CarEvent event = Cars.event(ValuePart.keyOf(key), value, null);
    Topics topics = Cars.topics(Cars.settings());
    Publication json =
        topics.map(event).stream()
            .filter(p -> p.topic().equals(topics.topicOf(event)))
            .findFirst()
            .orElseThrow();
    return new String(json.payload(), StandardCharsets.UTF_8);
  }

  private record Case(String key, Platform platform, Object value, String state) {}

  private static Case on(String key, Object value) {
    return new Case(key, Platform.BINARY_SENSOR, value, "ON");
  }

  private static Case off(String key, Object value) {
    return new Case(key, Platform.BINARY_SENSOR, value, "OFF");
  }

  private static Case none(String key, Object value) {
    return new Case(key, Platform.BINARY_SENSOR, value, "None");
  }

  private static Case shows(String key, Object value, String state) {
    return new Case(key, Platform.SENSOR, value, state);
  }

  private static final List<Map<String, Object>> DOORS =
      List.of(
          Map.of("location", "front_left", "position", "open"),
          Map.of("location", "rear_left", "position", "closed"));
  private static final List<Map<String, Object>> LOCKS =
      List.of(
          Map.of("location", "front_left", "lock_state", "unlocked"),
          Map.of("location", "rear_left", "lock_state", "locked"));
  private static final List<Map<String, Object>> WINDOWS =
      List.of(Map.of("location", "front_left", "position", "intermediate"));
  private static final List<Map<String, Object>> TYRES =
      List.of(
          Map.of("location", "front_left", "pressure", Map.of("value", 260.5, "unit", "kPa")),
          Map.of("location", "rear_left", "pressure", 255L));

  private static final List<Case> CASES =
      List.of(
          on("vehicle.cabin.door.row1.driver.isOpen", true),
          off("vehicle.cabin.door.row1.driver.isOpen", false),
          on("vehicle.body.hood.isOpen", true),
          off("vehicle.body.trunk.isOpen", false),
          on("vehicle.body.trunk.window.isOpen", true),
          on("vehicle.powertrain.tractionBattery.charging.port.rearRight.flap.isOpen", true),
          // Unlocked is on, as Home Assistant has it.
          on("vehicle.body.flap.isLocked", false),
          off("vehicle.body.flap.isLocked", true),
          on("vehicle.body.trunk.isLocked", false),
          off("vehicle.body.trunk.isLocked", true),
          on("vehicle.cabin.door.lock.status", "UNLOCKED"),
          on("vehicle.cabin.door.lock.status", "SELECTIVE-LOCKED"),
          off("vehicle.cabin.door.lock.status", "LOCKED"),
          off("vehicle.cabin.door.lock.status", "SECURED"),
          shows("vehicle.cabin.door.lock.status", "secured", "SECURED"),
          shows("vehicle.cabin.door.lock.status", "SOMETHING_NEW", "None"),
          on("vehicle.cabin.window.row2.passenger.status", "OPEN"),
          on("vehicle.cabin.window.row2.passenger.status", "INTERMEDIATE"),
          off("vehicle.cabin.window.row2.passenger.status", "CLOSED"),
          shows("vehicle.cabin.window.row2.passenger.status", "INTERMEDIATE", "INTERMEDIATE"),
          on("vehicle.cabin.sunroof.status", "OPEN"),
          off("vehicle.cabin.sunroof.tiltStatus", "CLOSED"),
          on("vehicle.cabin.sunroof.overallStatus", "OPEN_TILT"),
          on("vehicle.body.chargingPort.status", "CONNECTED"),
          off("vehicle.body.chargingPort.status", "DISCONNECTED"),
          on("vehicle.body.chargingPort.dcStatus", "CONNECTED"),
          on("vehicle.powertrain.tractionBattery.charging.port.anyPosition.isPlugged", true),
          on("vehicle.drivetrain.electricEngine.charging.status", "CHARGINGACTIVE"),
          off("vehicle.drivetrain.electricEngine.charging.status", "NOCHARGING"),
          off("vehicle.drivetrain.electricEngine.charging.status", "CHARGINGPAUSED"),
          shows(
              "vehicle.drivetrain.electricEngine.charging.status",
              "CHARGINGENDED",
              "CHARGINGENDED"),
          on("vehicle.drivetrain.electricEngine.charging.hvStatus", "CHARGING"),
          off("vehicle.drivetrain.electricEngine.charging.hvStatus", "NOT_CHARGING"),
          off("vehicle.drivetrain.electricEngine.charging.hvStatus", "WAITING_FOR_CHARGING"),
          on("vehicle.drivetrain.electricEngine.charging.status", "CHARGING"),
          on("vehicle.drivetrain.electricEngine.charging.hvStatus", "CHARGINGACTIVE"),
          new Case(
              "vehicle.drivetrain.electricEngine.charging.status",
              Platform.BINARY_SENSOR,
              "CHARGINGERROR",
              "None"),
          on("vehicle.isMoving", true),
          off("vehicle.drivetrain.engine.isActive", false),
          on("vehicle.vehicle.antiTheftAlarmSystem.alarm.isOn", true),
          shows("vehicle.drivetrain.batteryManagement.header", 81L, "81"),
          shows("vehicle.drivetrain.batteryManagement.header", 80.5, "80.5"),
          shows("vehicle.drivetrain.batteryManagement.header", "eighty", "None"),
          shows("vehicle.drivetrain.batteryManagement.header", true, "None"),
          shows("vehicle.vehicle.preConditioning.activity", "INACTIVE", "INACTIVE"),
          shows("vehicle.drivetrain.electricEngine.charging.profile.mode", true, "true"),
          shows("vehicle.drivetrain.electricEngine.charging.profile.mode", "", "None"),
          shows(
              "vehicle.drivetrain.electricEngine.charging.profile.mode",
              "<x>".repeat(100),
              "<x>".repeat(85)),
          shows(
              "vehicle.trip.segment.end.time",
              "31.01.2026 12:00:05 UTC",
              "2026-01-31T12:00:05+00:00"),
          shows(
              "vehicle.trip.segment.end.time",
              "01/31/2026 12:00:05 UTC",
              "2026-01-31T12:00:05+00:00"),
          shows(
              "vehicle.status.serviceTime.inspectionDateLegal",
              "01.06.2027 00:00 UTC",
              "2027-06-01T00:00:00+00:00"),
          shows(
              "vehicle.status.serviceTime.inspectionDateLegal",
              "2027-06-01T00:00:00Z",
              "2027-06-01T00:00:00+00:00"),
          shows(
              "vehicle.status.serviceTime.inspectionDateLegal",
              "2027-06-01T00:00:00.000+0000",
              "2027-06-01T00:00:00+00:00"),
          shows("vehicle.status.serviceTime.inspectionDateLegal", "soon", "None"),
          shows(
              "vehicle.cabin.infotainment.navigation.destinationSet.arrivalTime", "12:45", "12:45"),
          shows(
              "vehicle.status.checkControlMessages",
              List.of(Map.of("id", 1L), Map.of("id", 2L)),
              "2"),
          shows("vehicle.status.checkControlMessages", "NO MESSAGE", "NO MESSAGE"),
          shows(Car.BASIC_DATA, Map.of("modelName", "i4 eDrive40"), "i4 eDrive40"),
          shows(Car.BASIC_DATA, Map.of("brand", "BMW"), "None"),
          shows("derived.trip.last", Map.of("id", "trip-1", "distance", 31L), "31"),
          shows("derived.trip.last", Map.of("id", "trip-1"), "None"),
          shows("derived.charging.session", Map.of("energy", 25.02), "25.02"),
          on("doors.positions[location=front_left].position", DOORS),
          off("doors.positions[location=rear_left].position", DOORS),
          none("doors.positions[location=rear_right].position", DOORS),
          on("doors.positions[location=front_left].position", DOORS.get(0)),
          none("doors.positions[location=front_left].position", "open"),
          none("doors.positions[location=front_left].position", List.of("open", 5L)),
          on("doors.locks[location=front_left].lock_state", LOCKS),
          off("doors.locks[location=rear_left].lock_state", LOCKS),
          on("windows.positions[location=front_left].position", WINDOWS),
          shows("windows.positions[location=front_left].position", WINDOWS, "intermediate"),
          shows("windows.positions[location=hatch].position", WINDOWS, "None"),
          shows("diagnostics.tire_pressures[location=front_left].pressure", TYRES, "260.5"),
          shows("diagnostics.tire_pressures[location=rear_left].pressure", TYRES, "255"),
          shows("diagnostics.tire_pressures[location=spare].pressure", TYRES, "None"),
          shows("diagnostics.tire_pressure_statuses[location=spare].status", List.of(), "None"),
          shows("diagnostics.trouble_codes", List.of(Map.of("id", "C1"), Map.of("id", "C2")), "2"),
          shows(
              "dashboard_lights.dashboard_lights",
              List.of(
                  Map.of("name", "engine_oil", "state", "on"),
                  Map.of("name", "airbag", "state", "off")),
              "1"),
          shows("charging.status", "slow_charging", "slow_charging"),
          on("charging.status", "slow_charging"),
          none("charging.status", "charging_error"),
          on("charging.plugged_in", "plugged_in_both_sides"),
          on("ignition.state", "on"),
          off("ignition.state", "lock"),
          off("engine.status", "off"),
          shows(
              "maintenance.next_inspection_date",
              "2027-01-27T14:38:47.000Z",
              "2027-01-27T14:38:47+00:00"));

  @Test
  void everyKindOfEntityShowsWhatThePeopleInTheCarWouldSay() throws Exception {
    List<List<String>> questions = new ArrayList<>();
    for (Case one : CASES) {
      Map<String, Object> entity = entity(one.key(), one.platform(), one.value());
      questions.add(List.of((String) entity.get("val_tpl"), payload(one.key(), one.value())));
    }
    List<String> states = render(questions);
    for (int i = 0; i < CASES.size(); i++) {
      assertThat(states.get(i)).as(CASES.get(i).toString()).isEqualTo(CASES.get(i).state());
    }
  }

  @Test
  void aSentinelIsUnavailableAndNoStateWhateverTheEntity() throws Exception {
    Map<String, List<String>> questions = new LinkedHashMap<>();
    for (CarEvent event : Cars.wholeCatalogue(Cars.VIN, Cars.VIN)) {
      for (Platform platform : List.of(Platform.SENSOR, Platform.BINARY_SENSOR)) {
        Map<String, Object> entity = entity(event.key(), platform, event.value());
        if (entity != null) {
          String nothing = payload(event.key(), null);
          questions.put(event.key() + platform, List.of((String) entity.get("val_tpl"), nothing));
        }
      }
    }
    Set<String> states = new TreeSet<>(render(List.copyOf(questions.values())));
    // Home Assistant takes None for "unknown", for every kind of entity.
    assertThat(states).containsExactly("None");
    String payload = payload(Cars.MILEAGE, null);
    assertThat(
            render(
                List.of(
                    List.of(Templates.HAS_VALUE, payload),
                    List.of(Templates.HAS_VALUE, payload(Cars.MILEAGE, 0L)),
                    List.of(Templates.HAS_VALUE, payload("vehicle.isMoving", false)))))
        .containsExactly("offline", "online", "online");
  }

  @Test
  void theCarsTimeIsAnAttribute() throws Exception {
    List<String> attributes =
        render(
            List.of(
                List.of(Templates.TIMESTAMP, payload(Cars.MILEAGE, 7L)),
                List.of(Templates.EVERYTHING, payload("vehicle.a", List.of("x'<y>")))));
    assertThat(attributes.get(0)).isEqualTo("{\"timestamp\": \"2026-01-31T12:00:00Z\"}");
    JsonNode all = JSON.readTree(attributes.get(1));
    assertThat(all.at("/data/0").asText()).isEqualTo("x'<y>");
  }

  @Test
  void theBridgesEntitiesReadItsStatus() throws Exception {
    String status =
        """
        {"accounts":[
         {"name":"main","login":{"state":"authorized","refreshTokenExpiresAt":"2026-02-14T12:00:00Z"},
          "stream":{"state":"live","lastMessageAt":"2026-01-31T12:00:00Z","messages":5,"reconnects":0},
          "quota":{"limit":50,"used":3,"remaining":47,"reserve":10}},
         {"name":"her","login":{"state":"login-required","missingScopes":["x"]},"stream":{"state":"stopped"}}],
         "sinks":[]}
        """;
    Map<String, Map<String, Object>> entities =
        new BridgeDevice(
                Cars.topics(Cars.settings()),
                "homeassistant",
                "en",
                "1",
                List.of("main", "her"),
                List.of())
            .message()
            .components();
    Map<String, String> wanted = new LinkedHashMap<>();
    wanted.put("main-stream", "live");
    wanted.put("main-last_message", "2026-01-31T12:00:00Z");
    wanted.put("main-login_needed", "OFF");
    wanted.put("main-scope_missing", "OFF");
    wanted.put("main-login_until", "2026-02-14T12:00:00Z");
    wanted.put("main-quota", "47");
    wanted.put("main-messages", "5");
    wanted.put("her-stream", "stopped");
    wanted.put("her-last_message", "None");
    wanted.put("her-login_needed", "ON");
    wanted.put("her-scope_missing", "ON");
    wanted.put("her-quota", "None");
    List<List<String>> questions = new ArrayList<>();
    wanted
        .keySet()
        .forEach(id -> questions.add(List.of((String) entities.get(id).get("val_tpl"), status)));
    assertThat(render(questions)).containsExactlyElementsOf(wanted.values());
  }
}
