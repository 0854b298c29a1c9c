// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.cardatabridge.CarMessage;
import org.cardatabridge.derived.DecodedDay;
import org.cardatabridge.mqtt.LocalMqttComponent;
import org.cardatabridge.testing.Ear;
import org.cardatabridge.testing.Mosquitto;
import org.cardatabridge.testing.Passage;
import org.cardatabridge.testing.ShippedRoute;
import org.cardatabridge.testing.SinkRig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A day of a car on a real broker, which is cut off in between and starts anew without memory. */
@Timeout(120)
class HomieIT {

  private static final String ROOT = "homie/5/cardata/$state";
  private static final String CAR = "homie/5/cardata--wby00test00000001/$state";

  @TempDir Path dir;

  private SinkRig start(int port) throws Exception {
    AtomicReference<SinkRig> started = new AtomicReference<>();
    SinkRig rig =
        SinkRig.start(
            dir,
            ShippedRoute.of("sink-homie"),
            Map.of("cardata.sink.mqtt.url", "tcp://127.0.0.1:" + port),
            (registry, read) -> {
              registry.bind("cardata-settings", read);
              LocalMqttComponent connection =
                  new LocalMqttComponent(new LocalMqttComponent(), "homie");
              Homie homie =
                  new Homie(
                      read,
                      Clock.systemUTC(),
                      Worlds.past(() -> started.get() == null ? null : started.get().journal()),
                      Worlds.link(connection));
              connection.speakFor(homie.presence(), homie.filter(), homie::learn);
              registry.bind("local-homie", connection);
              registry.bind("homie", homie);
            });
    started.set(rig);
    return rig;
  }

  @Test
  void aDayIsToldByTheConventionAndWhoVanishesIsLost() throws Exception {
    Mosquitto.assumeInstalled();
    List<CarMessage> day = DecodedDay.messages();
    try (Mosquitto mosquitto = Mosquitto.start(dir, List.of("allow_anonymous true"));
        Passage passage = new Passage(mosquitto.port());
        Ear ear = Ear.on(mosquitto.port());
        SinkRig rig = start(passage.port())) {
      for (CarMessage message : day.subList(0, day.size() / 2)) {
        rig.publish(message.points());
      }
      ear.awaitOn(CAR, "ready");
      Instant cut = Instant.now();
      passage.cut();
      ear.awaitOn(ROOT, "lost");
      assertThat(Duration.between(cut, Instant.now())).isLessThan(Duration.ofSeconds(20));

      passage.unbar();
      for (CarMessage message : day.subList(day.size() / 2, day.size())) {
        rig.publish(message.points());
      }
      await().atMost(Duration.ofSeconds(40)).until(rig::isDone);
      ear.awaitOn(ROOT, "ready");

      HomieRules rules = new HomieRules();
      ear.heard().forEach(h -> rules.hear(h.topic(), h.text(), true));
      assertThat(rules.faults()).isEmpty();
      assertThat(rules.broker())
          .isEqualTo(Ear.retained(mosquitto.port()))
          .containsEntry(
              "homie/5/cardata--wby00test00000001/drivetrain/battery-management--header", "80")
          .containsKey("homie/5/cardata--wby00test00000001/any--location/latitude");
    }
  }
}
