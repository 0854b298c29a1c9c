// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.cardatabridge.CarMessage;
import org.cardatabridge.derived.DecodedDay;
import org.cardatabridge.journal.NewestValues;
import org.cardatabridge.mqtt.Publication;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.AFleet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Home Assistant has of cars of several brands in the evening, and of the bridge with a
 * certificate. {@code -Dgolden.rewrite} writes the files anew; people read the difference.
 */
class HomeAssistantFleetTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path dir;

  private Settings settings(String language) {
    return Cars.settings(
        "cardata.data-dir",
        dir.toString(),
        "cardata.sink.homeassistant.language",
        language,
        "cardata.highmobility.enabled",
        "true",
        "cardata.highmobility.accounts",
        AFleet.ACCOUNT);
  }

  private Map<String, String> evening(String language) throws Exception {
    Settings settings = settings(language);
    HomeAssistant homeAssistant =
        new HomeAssistant(
            settings, dir, Cars.topics(settings), new NewestValues(Clock.systemUTC()), () -> true);
    Map<String, String> told = new LinkedHashMap<>();
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      for (CarMessage message : DecodedDay.messages(AFleet.lines())) {
        keep(homeAssistant.messages(homeAssistant.see(message.points())), told);
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(List.of());
        homeAssistant.published(exchange);
      }
    }
    keep(homeAssistant.all(), told);
    return told;
  }

  private static void keep(List<Publication> publications, Map<String, String> told) {
    publications.forEach(p -> told.put(p.topic(), new String(p.payload(), StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "de"})
  void theEveningOfAFleetIsAsTheGoldenFileHasIt(String language) throws Exception {
    Map<String, String> told = evening(language);
    DiscoveryRules rules = new DiscoveryRules();
    List<String> forOthers = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, String> message : told.entrySet()) {
      rules.check(message.getKey(), message.getValue());
      forOthers.add(message.getKey() + "\t" + message.getValue());
      JsonNode json = JSON.readTree(message.getValue());
      lines.add(
          json.at("/dev/name").asText()
              + " | mf "
              + json.at("/dev/mf").asText("none")
              + " | mdl "
              + json.at("/dev/mdl").asText("none"));
      for (Map.Entry<String, JsonNode> entity : json.get("cmps").properties()) {
        lines.add("  " + entity.getKey() + " = " + DayLine.of(entity.getValue()));
      }
    }
    // For Home Assistant's own rules: ha_validate --tsv.
    Files.createDirectories(Path.of("target/homeassistant"));
    Files.write(Path.of("target/homeassistant/a-fleet." + language + ".tsv"), forOthers);
    assertThat(rules.faults()).isEmpty();
    assertThat(told).hasSize(AFleet.VINS.size() + 1);
    Path golden = Path.of("src/test/resources/golden/homeassistant/a-fleet." + language + ".txt");
    if (System.getProperty("golden.rewrite") != null) {
      Files.write(golden, lines);
    }
    assertThat(lines).isEqualTo(Files.readAllLines(golden));
  }
}
