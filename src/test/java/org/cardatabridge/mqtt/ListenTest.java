// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.cardatabridge.settings.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A route that begins with {@code local-mqtt:}. */
@Timeout(120)
class ListenTest {

  @TempDir Path dir;
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private EmbeddedBroker broker;

  @BeforeEach
  void startBroker() throws Exception {
    broker = new EmbeddedBroker("127.0.0.1", 0, null);
    broker.start();
    context
        .getRegistry()
        .bind(
            "cardata-settings",
            Settings.of(
                Map.of(
                    "cardata.data-dir",
                    dir.toString(),
                    "cardata.sink.mqtt.url",
                    "tcp://127.0.0.1:" + broker.port())));
  }

  @AfterEach
  void stopAll() throws Exception {
    context.close();
    broker.stop();
  }

  private void start(String uri) throws Exception {
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from(uri)
                .routeId("ears")
                .process(
                    e -> {
                      String text =
                          new String(e.getMessage().getBody(byte[].class), StandardCharsets.UTF_8);
                      heard.add(text.isEmpty() ? "connected" : text);
                      if (text.equals("bad")) {
                        throw new IllegalStateException("I do not like it");
                      }
                    });
          }
        });
    context.start();
    await()
        .atMost(Duration.ofSeconds(40))
        .until(context.getComponent("local-mqtt", LocalMqttComponent.class)::isConnected);
  }

  private void say(String topic, String text) {
    context.createProducerTemplate().sendBody("local-mqtt:" + topic, text);
  }

  private void hears(String... all) {
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(() -> assertThat(heard).containsExactly(all));
  }

  @Test
  void hearsItsTopicAndNoOther() throws Exception {
    start("local-mqtt:a/b");
    say("a/c", "no");
    say("a/b", "yes");
    say("a/b", "again");
    hears("yes", "again");
  }

  @Test
  void whatComesBehindTheEndDoesNotConnectAgain() throws Exception {
    start("local-mqtt:a/b");
    LocalMqttComponent connection = context.getComponent("local-mqtt", LocalMqttComponent.class);
    context.stop();
    assertThat(connection.retained().toCompletableFuture())
        .failsWithin(Duration.ofSeconds(40))
        .withThrowableThat()
        .withMessageContaining("the bridge is stopping");
    assertThat(connection.lastError()).isNull();
    assertThat(connection.connects()).isZero();
  }

  @Test
  void goesOnAfterAFailure() throws Exception {
    start("local-mqtt:a/b");
    say("a/b", "bad");
    say("a/b", "good");
    hears("bad", "good");
  }

  @Test
  void isToldOfEachConnectionWhereItAsks() throws Exception {
    start("local-mqtt:a/b?whenConnected=true");
    hears("connected");
    int port = broker.port();
    broker.stop();
    broker = new EmbeddedBroker("127.0.0.1", port, null);
    broker.start();
    hears("connected", "connected");
    say("a/b", "yes");
    hears("connected", "connected", "yes");
  }

  @Test
  void aStoppedRouteHearsNothingAndAStartedOneDoesAgain() throws Exception {
    start("local-mqtt:a/b");
    say("a/b", "one");
    hears("one");
    context.getRouteController().stopRoute("ears");
    say("a/b", "two");
    context.getRouteController().startRoute("ears");
    // Retained, so the broker says it anew.
    hears("one", "two");
  }

  @Test
  void aRouteCannotHearWhatNamesNoTopic() {
    assertThatThrownBy(() -> start("local-mqtt:publish"))
        .hasStackTraceContaining("name it in place of publish");
  }
}
