// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.HeldPort;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker that hangs: it takes publications and confirms none of those to {@code a/b}. */
@Timeout(120)
class LocalMqttProducerTest {

  @TempDir Path dir;
  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger taken = new AtomicInteger();
  private final DefaultCamelContext context = new DefaultCamelContext();

  @BeforeEach
  void start() throws Exception {
    MqttServer server =
        MqttServer.create(vertx, new MqttServerOptions().setHost("127.0.0.1").setPort(0));
    server.exceptionHandler(e -> {});
    server.endpointHandler(
        endpoint -> {
          endpoint.publishHandler(
              message -> {
                if (message.topicName().equals("a/b")) {
                  taken.incrementAndGet();
                } else if (message.messageId() > 0) {
                  endpoint.publishAcknowledge(message.messageId());
                }
              });
          endpoint.accept(false);
        });
    server.listen().toCompletionStage().toCompletableFuture().get(40, TimeUnit.SECONDS);
    Settings settings =
        Settings.of(
            Map.of(
                "cardata.data-dir",
                dir.toString(),
                "cardata.sink.mqtt.url",
                "tcp://127.0.0.1:" + server.actualPort()));
    context.getRegistry().bind("cardata-settings", settings);
    context.getRegistry().bind("topics", new Topics(settings, Clock.systemUTC()));
    context.start();
  }

  @AfterEach
  void stop() throws Exception {
    context.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(40, TimeUnit.SECONDS);
  }

  private CompletableFuture<Exchange> send(String uri) {
    return context.createProducerTemplate().asyncSend(uri, e -> e.getMessage().setBody("x"));
  }

  @Test
  void whatABrokerThatWentAwayDidNotConfirmIsAFailureOnlyWhereNothingMayBeSkipped()
      throws Exception {
    LocalMqttComponent connection = context.getComponent("local-mqtt", LocalMqttComponent.class);
    connection.publisher();
    await().until(connection::isConnected);
    assertThat(send("local-mqtt:other").get().getException()).isNull();
    CompletableFuture<Exchange> skipped = send("local-mqtt:a/b?skipWhenDown=true");
    CompletableFuture<Exchange> kept = send("local-mqtt:a/b");
    await().until(() -> taken.get() == 2);

    connection.publisher().close();

    assertThat(kept.get().getException()).isInstanceOf(BrokerUnavailableException.class);
    assertThat(skipped.get().getException()).isNull();
  }

  @Test
  void whoeverWaitsForABrokerThatIsAwayIsToldAtOnceWhatTheNetworkSaid() throws Exception {
    LocalMqttComponent connection = new LocalMqttComponent();
    CamelContext other = new DefaultCamelContext();
    try (HeldPort nobody = HeldPort.take()) {
      Settings away =
          Settings.of(Map.of("cardata.sink.mqtt.url", "tcp://127.0.0.1:" + nobody.number()));
      other.getRegistry().bind("cardata-settings", away);
      Topics topics = new Topics(away, Clock.systemUTC());
      other.getRegistry().bind("topics", topics);
      other.getRegistry().bind("newest", new Newest(topics, connection::retained));
      other.addComponent("local-mqtt", connection);
      other.start();
      connection.retained();
      await().until(() -> connection.lastError() != null);
      assertThat(connection.retained().toCompletableFuture())
          .failsWithin(Duration.ofMillis(100))
          .withThrowableThat()
          .havingRootCause()
          .withMessageMatching(
              "connecting to the local broker: .*refused.* — the bridge keeps trying; .*");
    } finally {
      other.stop();
    }
  }
}
