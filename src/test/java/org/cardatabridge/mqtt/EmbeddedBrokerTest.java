// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.cardatabridge.testing.Subscriber;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedBrokerTest {

  @TempDir Path dir;

  private static void publish(int port, List<Publication> what) throws Exception {
    try (Publisher publisher =
        new Publisher(
            BrokerSettings.tcp("127.0.0.1", port, "bridge"), Presence.on("cardata/bridge/state"))) {
      publisher.start();
      await().until(publisher::isConnected);
      CompletableFuture<Throwable> done = new CompletableFuture<>();
      publisher.publish(what, done::complete);
      assertThat(done.get(40, TimeUnit.SECONDS)).isNull();
    }
  }

  private static List<Publication> tree(int size) {
    return IntStream.range(0, size)
        .mapToObj(i -> Publication.of("cardata/WBY/k" + i + "/value", "v" + i, 1, true))
        .toList();
  }

  private static Map<String, String> retainedAt(int port, int expected) throws Exception {
    try (Subscriber later = Subscriber.on("tcp://127.0.0.1:" + port, "cardata/WBY/#", false)) {
      await().atMost(Duration.ofSeconds(40)).until(() -> later.latest().size() >= expected);
      return later.latest();
    }
  }

  @Test
  void takesAFreePortServesMqtt5AndKeepsWhatIsRetained() throws Exception {
    EmbeddedBroker broker = new EmbeddedBroker("127.0.0.1", 0, null);
    broker.start();
    try {
      assertThat(broker.port()).isPositive();
      try (Subscriber live = Subscriber.on(broker.port())) {
        publish(broker.port(), tree(300));
        live.awaitOn("cardata/WBY/k299/value", "v299");
        live.awaitOn("cardata/bridge/state", "offline");
      }
      assertThat(retainedAt(broker.port(), 300))
          .containsEntry("cardata/WBY/k0/value", "v0")
          .hasSize(300);
    } finally {
      broker.stop();
    }
    assertThat(broker.port()).isZero();
  }

  @Test
  void whatIsRetainedSurvivesARestartInTheSameDirectory() throws Exception {
    EmbeddedBroker first = new EmbeddedBroker("127.0.0.1", 0, dir);
    first.start();
    try {
      publish(first.port(), tree(100));
      publish(first.port(), List.of(new Publication("cardata/WBY/k7/value", new byte[0], 1, true)));
    } finally {
      first.stop();
    }

    EmbeddedBroker second = new EmbeddedBroker("127.0.0.1", 0, dir);
    second.start();
    try {
      assertThat(retainedAt(second.port(), 99))
          .hasSize(99)
          .doesNotContainKey("cardata/WBY/k7/value");
    } finally {
      second.stop();
    }
  }

  @Test
  void whatIsRetainedIsReadBackByTheNextPublisher() throws Exception {
    EmbeddedBroker broker = new EmbeddedBroker("127.0.0.1", 0, null);
    broker.start();
    try {
      publish(broker.port(), tree(1_500));
      Map<String, byte[]> kept = new ConcurrentHashMap<>();
      try (Publisher next =
          new Publisher(
              BrokerSettings.tcp("127.0.0.1", broker.port(), "bridge"),
              Presence.on("cardata/bridge/state"),
              "cardata/#",
              kept::put)) {
        next.start();
        next.retained().toCompletableFuture().get(40, TimeUnit.SECONDS);
      }
      assertThat(kept.keySet()).containsAll(tree(1_500).stream().map(Publication::topic).toList());
    } finally {
      broker.stop();
    }
  }

  @Test
  void aPortThatIsTakenIsToldInOneSentence() throws Exception {
    EmbeddedBroker broker = new EmbeddedBroker("127.0.0.1", 0, null);
    broker.start();
    try {
      EmbeddedBroker second = new EmbeddedBroker("127.0.0.1", broker.port(), null);
      assertThatThrownBy(second::start)
          .isInstanceOf(BrokerUnavailableException.class)
          .hasMessageContaining("Starting the embedded broker on 127.0.0.1:" + broker.port())
          .hasMessageContaining("cardata.embedded.port");
    } finally {
      broker.stop();
    }
  }
}
