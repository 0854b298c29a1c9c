// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.cardatabridge.mqtt.BrokerProbe;
import org.cardatabridge.mqtt.BrokerSettings;
import org.cardatabridge.settings.Settings;

/** Whether the local broker is there, lets the bridge in, and lets it publish. */
final class LocalBrokerCheck implements Check {

  private static final String MQTT = "cardata.sink.mqtt.";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final House house;

  LocalBrokerCheck(House house) {
    this.house = house;
  }

  @Override
  public String id() {
    return "local-broker";
  }

  @Override
  public Set<String> needs() {
    return Set.of("settings");
  }

  @Override
  public Finding look() throws InterruptedException {
    Settings settings = house.loaded().settings();
    if (Stream.of("mqtt", "homeassistant", "homie", "evcc").noneMatch(s -> isOn(settings, s))) {
      return Finding.skipped("local-broker.off");
    }
    String url = settings.get(MQTT + "url");
    if (url.equals(BrokerSettings.EMBEDDED)) {
      Optional<String> trouble = house.embeddedTrouble().get();
      return trouble
          .map(reason -> Finding.failed("local-broker.embedded", "reason", reason))
          .orElseGet(() -> Finding.ok("local-broker.embedded-ok"));
    }
    // Another id than the sink's, which the broker would throw out otherwise.
    BrokerSettings broker =
        BrokerSettings.from(settings, MQTT, url, "cardata-doctor-" + ProcessHandle.current().pid());
    String base = settings.get(MQTT + "base-topic").replaceAll("/+$", "");
    String topic = base + "/bridge/doctor";
    BrokerProbe.Outcome outcome = BrokerProbe.look(broker, topic, PATIENCE);
    return switch (outcome.kind()) {
      case FINE -> Finding.ok("local-broker.ok", "url", broker.url());
      case OLD -> Finding.ok("local-broker.old", "url", broker.url());
      case UNREACHABLE ->
          Finding.failed("local-broker.away", "url", broker.url(), "reason", outcome.detail());
      case LOGIN_REFUSED ->
          Finding.failed("local-broker.login", "url", broker.url(), "reason", outcome.detail());
      case PUBLISH_REFUSED ->
          Finding.failed("local-broker.publish", "url", broker.url(), "topic", topic);
    };
  }

  private static boolean isOn(Settings settings, String sink) {
    return settings.find("cardata.sink." + sink + ".enabled").filter("true"::equals).isPresent();
  }
}
