// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Brokers that let the bridge publish and do not let it read. */
@Timeout(120)
class OddBrokersTest {

  private final Vertx vertx = Vertx.vertx();
  private final List<String> published = new CopyOnWriteArrayList<>();
  private final AtomicInteger subscriptions = new AtomicInteger();
  private Publisher publisher;

  @AfterEach
  void closeAll() throws Exception {
    if (publisher != null) {
      publisher.close();
    }
    vertx.close().toCompletionStage().toCompletableFuture().get(40, TimeUnit.SECONDS);
  }

  private Publisher publisherTo(Consumer<MqttEndpoint> whenAsked) throws Exception {
    MqttServer server =
        MqttServer.create(vertx, new MqttServerOptions().setHost("127.0.0.1").setPort(0));
    server.exceptionHandler(e -> {});
    server.endpointHandler(
        endpoint -> {
          endpoint.publishAutoAck(true);
          endpoint.publishHandler(
              message -> published.add(message.topicName() + " " + message.payload()));
          endpoint.subscribeHandler(
              asked -> {
                subscriptions.incrementAndGet();
                whenAsked.accept(endpoint);
              });
          endpoint.accept(false);
        });
    server.listen().toCompletionStage().toCompletableFuture().get(40, TimeUnit.SECONDS);
    publisher =
        new Publisher(
            BrokerSettings.tcp("127.0.0.1", server.actualPort(), "test"),
            Presence.on("cardata/bridge/state"),
            "cardata/#",
            (topic, payload) -> {});
    publisher.start();
    return publisher;
  }

  @Test
  void oneThatHangsUpOnASubscriptionIsAskedTwiceAndThenOnlyPublishedTo() throws Exception {
    publisherTo(MqttEndpoint::close);
    publisher.retained().toCompletableFuture().get(40, TimeUnit.SECONDS);
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> published.contains("cardata/bridge/state online"));
    assertThat(subscriptions).hasValue(2);
    assertThat(publisher.isConnected()).isTrue();
  }

  @Test
  void oneThatNeverAnswersASubscriptionHearsThatTheBridgeIsOnlineAllTheSame() throws Exception {
    publisherTo(endpoint -> {});
    publisher.retained().toCompletableFuture().get(40, TimeUnit.SECONDS);
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> published.contains("cardata/bridge/state online"));
    assertThat(subscriptions).hasValue(1);
    assertThat(published).hasSize(1);
  }
}
