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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Home Assistant is told over the recorded day: when something is announced, and what it has
 * in the end. {@code -Dgolden.rewrite} writes the file anew; people read the difference.
 */
class HomeAssistantDayTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"en", "de"})
  void aDayIsAnnouncedAsTheGoldenFileHasIt(String language) throws Exception {
    Settings settings =
        Cars.settings(
            "cardata.data-dir", dir.toString(), "cardata.sink.homeassistant.language", language);
    HomeAssistant homeAssistant =
        new HomeAssistant(
            settings, dir, Cars.topics(settings), new NewestValues(Clock.systemUTC()), () -> true);
    List<String> told = new ArrayList<>();
    DiscoveryRules rules = new DiscoveryRules();
    String last = "";
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      List<CarMessage> day = new ArrayList<>(DecodedDay.messages());
      day.addAll(FetchedResults.messages());
      for (CarMessage message : day) {
        List<Publication> publications =
            homeAssistant.messages(homeAssistant.see(message.points()));
        for (Publication publication : publications) {
          last = new String(publication.payload(), StandardCharsets.UTF_8);
          told.add(message.received() + " announces " + JSON.readTree(last).get("cmps").size());
        }
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(publications);
        homeAssistant.published(exchange);
      }
    }
    JsonNode device = JSON.readTree(last).get("dev");
    assertThat(device.get("mdl").asText()).isEqualTo("i4 eDrive40");
    assertThat(device.get("mf").asText()).isEqualTo("BMW");
    JsonNode picture = JSON.readTree(last).at("/cmps/image_info-picture");
    assertThat(picture.get("image_topic").asText()).isEqualTo("cardata/" + Cars.VIN + "/image");
    assertThat(picture.get("content_type").asText()).isEqualTo("image/png");
    Files.createDirectories(Path.of("target/homeassistant"));
    Files.writeString(Path.of("target/homeassistant/a-day." + language + ".json"), last);
    rules.check("homeassistant/device/" + Ids.car(Cars.VIN) + "/config", last);
    assertThat(rules.faults()).isEmpty();
    told.add("");
    for (Map.Entry<String, JsonNode> entity : JSON.readTree(last).get("cmps").properties()) {
      told.add(DayLine.of(entity.getValue()));
    }
    Path golden = Path.of("src/test/resources/golden/homeassistant/a-day." + language + ".txt");
    if (System.getProperty("golden.rewrite") != null) {
      Files.write(golden, told);
    }
    assertThat(told).isEqualTo(Files.readAllLines(golden));
  }
}
