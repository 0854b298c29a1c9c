// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.testing.ADay;
import org.cardatabridge.testing.BridgeUnderTest;
import org.cardatabridge.testing.Ear;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The recorded day out of BMW's stream through the whole bridge: what Home Assistant finds at a
 * real mosquitto in the evening. {@code -Dgolden.rewrite} writes the topics' file anew; people read
 * the difference.
 */
@Timeout(120)
class WholeDayIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AccountConfig ACCOUNT = AccountConfig.first();
  private static final String CARS = "cardata/" + ADay.VIN + "/";
  private static final Path ENTITIES =
      Path.of("src/test/resources/golden/homeassistant/a-day.stream.txt");
  private static final Path TOPICS = Path.of("src/test/resources/golden/mqtt/a-day.txt");

  @TempDir Path dir;
  private BridgeUnderTest test;

  @BeforeEach
  void prepare() throws Exception {
    assertThat(ACCOUNT.vins()).contains(ADay.VIN);
    test =
        BridgeUnderTest.in(dir, ACCOUNT)
            .set("cardata.sink.homeassistant.enabled", "true")
            .set("cardata.api.enabled", "false")
            .bmw(how -> how.routine(false));
    test.store("main", ACCOUNT);
  }

  @AfterEach
  void end() throws Exception {
    test.close();
  }

  private void replay() throws Exception {
    for (String line : ADay.recorded()) {
      byte[] payload = JSON.readTree(line).get("payload").asText().getBytes(StandardCharsets.UTF_8);
      ObjectNode arguments = JSON.createObjectNode();
      arguments.put("vin", ADay.VIN);
      arguments.put("payloadBase64", Base64.getEncoder().encodeToString(payload));
      test.bmw().perform("publish", arguments.toString());
    }
  }

  private Map<String, String> retained() throws Exception {
    return new TreeMap<>(Ear.retained(test.broker().port()));
  }

  private static List<String> goldenEntities() throws Exception {
    return Files.readAllLines(ENTITIES);
  }

  @Test
  void theEveningHasTheEntitiesOfTheGoldenFileAndEachItsTopic() throws Exception {
    test.start();
    test.awaitStream("main", "live");
    replay();
    String topic = "homeassistant/device/" + Ids.car(ADay.VIN) + "/config";
    List<String> golden = goldenEntities();
    await("all entities")
        .atMost(BridgeUnderTest.PATIENCE)
        .until(() -> entities(retained().get(topic)).size() >= golden.size());

    Map<String, String> all = retained();
    assertThat(entities(all.get(topic))).isEqualTo(golden);
    DiscoveryRules rules = new DiscoveryRules();
    all.forEach(
        (name, payload) -> {
          if (name.startsWith("homeassistant/")) {
            rules.check(name, payload);
          }
        });
    assertThat(rules.faults()).isEmpty();
    for (JsonNode entity : JSON.readTree(all.get(topic)).get("cmps")) {
      String state = entity.path(entity.has("stat_t") ? "stat_t" : "json_attr_t").asText();
      assertThat(all).as(entity.path("name").asText()).containsKey(state);
    }
    List<String> topics = new ArrayList<>();
    all.forEach(
        (name, payload) -> {
          if (name.startsWith(CARS) && !name.endsWith("/value")) {
            topics.add(name.substring(CARS.length()) + " " + payload);
          }
        });
    if (System.getProperty("golden.rewrite") != null) {
      Files.write(TOPICS, topics);
    }
    assertThat(topics).isEqualTo(Files.readAllLines(TOPICS));
  }

  private static List<String> entities(String message) throws Exception {
    List<String> lines = new ArrayList<>();
    if (message != null) {
      JSON.readTree(message).get("cmps").forEach(entity -> lines.add(DayLine.of(entity)));
    }
    return lines;
  }
}
