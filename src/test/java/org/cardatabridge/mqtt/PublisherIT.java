// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.cardatabridge.testing.Mosquitto;
import org.cardatabridge.testing.Passage;
import org.cardatabridge.testing.Subscriber;
import org.cardatabridge.testing.TestCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The publisher against a real Mosquitto. */
@Timeout(120)
class PublisherIT {

  @TempDir Path dir;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeAll
  static void needsMosquitto() {
    Mosquitto.assumeInstalled();
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private <T extends AutoCloseable> T opened(T closeable) {
    open.add(closeable);
    return closeable;
  }

  private Publisher publisher(BrokerSettings broker) {
    Publisher publisher = opened(new Publisher(broker, Presence.on("cardata/bridge/state")));
    publisher.start();
    return publisher;
  }

  /** Who publishes before fails after two seconds, and a busy machine needs them to connect. */
  private static Publisher connected(Publisher publisher) {
    await().until(publisher::isConnected);
    return publisher;
  }

  private static CompletableFuture<Void> publish(Publisher publisher, List<Publication> what) {
    CompletableFuture<Void> confirmed = new CompletableFuture<>();
    publisher.publish(
        what,
        failure -> {
          if (failure == null) {
            confirmed.complete(null);
          } else {
            confirmed.completeExceptionally(failure);
          }
        });
    return confirmed;
  }

  private static List<Publication> numbers(String topic, int from, int to, int qos) {
    return IntStream.range(from, to)
        .mapToObj(i -> Publication.of(topic, Integer.toString(i), qos, true))
        .toList();
  }

  @Test
  void everyPublicationArrivesInOrderAtEachQualityOfServiceAndTheWindowHolds() throws Exception {
    Mosquitto mosquitto =
        opened(Mosquitto.start(dir, List.of("allow_anonymous true", "max_queued_messages 0")));
    Subscriber subscriber = opened(Subscriber.on(mosquitto.port()));
    Publisher publisher =
        connected(publisher(BrokerSettings.tcp("127.0.0.1", mosquitto.port(), "it")));

    for (int qos = 0; qos <= 2; qos++) {
      publish(publisher, numbers("t/" + qos, 0, 3_000, qos)).get(40, TimeUnit.SECONDS);
    }

    for (int qos = 0; qos <= 2; qos++) {
      String topic = "t/" + qos;
      subscriber.awaitOn(topic, "2999");
      assertThat(subscriber.live(topic))
          .isEqualTo(IntStream.range(0, 3_000).mapToObj(Integer::toString).toList());
    }
    assertThat(publisher.highWater()).isEqualTo(Publisher.WINDOW);
  }

  @Test
  void aQualityOfServiceOfOneIsConfirmedOnlyByTheBroker() throws Exception {
    Mosquitto mosquitto = opened(Mosquitto.start(dir));
    Publisher publisher =
        connected(publisher(BrokerSettings.tcp("127.0.0.1", mosquitto.port(), "it")));
    publish(publisher, numbers("t", 0, 1, 1)).get(40, TimeUnit.SECONDS);

    mosquitto.kill();
    CompletableFuture<Void> unconfirmed = publish(publisher, numbers("t", 1, 400, 1));

    assertThatThrownBy(() -> unconfirmed.get(40, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(BrokerUnavailableException.class)
        .hasMessageContaining("publishing to tcp://127.0.0.1:" + mosquitto.port())
        .hasMessageContaining(" — ");
  }

  @Test
  void aBrokerThatIsBackQuicklyCostsNothingAndNobodyNotices() throws Exception {
    Mosquitto mosquitto = opened(Mosquitto.start(dir));
    Passage passage = opened(new Passage(mosquitto.port()));
    Publisher publisher =
        connected(publisher(BrokerSettings.tcp("127.0.0.1", passage.port(), "it")));
    publish(publisher, numbers("t", 0, 10, 1)).get(40, TimeUnit.SECONDS);

    passage.cut();
    CompletableFuture<Void> confirmed = publish(publisher, numbers("t", 10, 20, 1));
    passage.unbar();

    confirmed.get(40, TimeUnit.SECONDS);
    opened(Subscriber.on(mosquitto.port())).awaitOn("t", "19");
    assertThat(publisher.connects()).isEqualTo(2);
  }

  @Test
  void aBrokerThatIsAwayAtTheStartIsFoundWhenItComes() throws Exception {
    Mosquitto mosquitto = opened(Mosquitto.start(dir));
    mosquitto.stop();
    Publisher publisher = publisher(BrokerSettings.tcp("127.0.0.1", mosquitto.port(), "it"));
    assertThatThrownBy(() -> publish(publisher, numbers("t", 0, 1, 1)).get(40, TimeUnit.SECONDS))
        .hasCauseInstanceOf(BrokerUnavailableException.class)
        .hasMessageContaining("refused");

    mosquitto.start();

    await().atMost(Duration.ofSeconds(40)).until(publisher::isConnected);
    publish(publisher, numbers("t", 0, 1, 1)).get(40, TimeUnit.SECONDS);
  }

  @Test
  void theStateIsOnlineThenOfflineAtAnOrderlyEndAndByLastWillWhenWeVanish() throws Exception {
    Mosquitto mosquitto = opened(Mosquitto.start(dir));
    Subscriber subscriber = opened(Subscriber.on(mosquitto.port()));
    Publisher orderly = publisher(BrokerSettings.tcp("127.0.0.1", mosquitto.port(), "same"));
    subscriber.awaitOn("cardata/bridge/state", "online");
    orderly.close();
    subscriber.awaitOn("cardata/bridge/state", "offline");
    await()
        .untilAsserted(() -> assertThat(mosquitto.log()).contains("Received DISCONNECT from same"));

    publisher(BrokerSettings.tcp("127.0.0.1", mosquitto.port(), "same"));
    subscriber.awaitOn("cardata/bridge/state", "online");
    // Whoever takes the session leaves the broker with a client that vanished.
    Publisher thief =
        new Publisher(
            BrokerSettings.tcp("127.0.0.1", mosquitto.port(), "same"), Presence.on("thief/state"));
    opened(thief).start();
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(
            () ->
                assertThat(subscriber.live("cardata/bridge/state"))
                    .startsWith("online", "offline", "online", "offline"));
    assertThat(
            opened(Subscriber.on("tcp://127.0.0.1:" + mosquitto.port(), "thief/state", false))
                .latest())
        .as("retained for those who come later")
        .isNotNull();
  }

  @Test
  void aWrongPasswordIsToldInWords() throws Exception {
    Path passwords = TestCertificates.passwordFile(dir, "bridge", "right");
    Mosquitto mosquitto =
        opened(
            Mosquitto.start(dir, List.of("allow_anonymous false", "password_file " + passwords)));
    BrokerSettings wrong =
        new BrokerSettings(
            "tcp",
            "127.0.0.1",
            mosquitto.port(),
            "",
            "it",
            "bridge",
            "wrong",
            null,
            null,
            null,
            BrokerSettings.KEEP_ALIVE);
    Publisher publisher = publisher(wrong);
    assertThatThrownBy(() -> publish(publisher, numbers("t", 0, 1, 1)).get(40, TimeUnit.SECONDS))
        .hasMessageContaining("login refused");
  }

  @Test
  void tlsWithAClientCertificateAndAPasswordWorksAndAForeignServerIsRefused() throws Exception {
    TestCertificates certificates = TestCertificates.in(dir);
    Path passwords = TestCertificates.passwordFile(dir, "bridge", "secret");
    Mosquitto mosquitto =
        opened(
            Mosquitto.start(
                dir,
                List.of(
                    "cafile " + certificates.ca(),
                    "certfile " + certificates.serverCert(),
                    "keyfile " + certificates.serverKey(),
                    "require_certificate true",
                    "allow_anonymous false",
                    "password_file " + passwords)));
    BrokerSettings broker =
        new BrokerSettings(
            "ssl",
            "localhost",
            mosquitto.port(),
            "",
            "it",
            "bridge",
            "secret",
            certificates.ca(),
            certificates.clientCert(),
            certificates.clientKey(),
            BrokerSettings.KEEP_ALIVE);
    publish(connected(publisher(broker)), numbers("t", 0, 100, 1)).get(40, TimeUnit.SECONDS);

    BrokerSettings untrusting =
        new BrokerSettings(
            "ssl",
            "localhost",
            mosquitto.port(),
            "",
            "it2",
            "bridge",
            "secret",
            certificates.otherCa(),
            certificates.clientCert(),
            certificates.clientKey(),
            BrokerSettings.KEEP_ALIVE);
    Publisher refused = publisher(untrusting);
    assertThatThrownBy(() -> publish(refused, numbers("t", 0, 1, 1)).get(40, TimeUnit.SECONDS))
        .hasCauseInstanceOf(BrokerUnavailableException.class);
    await().untilAsserted(() -> assertThat(refused.lastError()).containsIgnoringCase("path"));
  }

  @Test
  void webSocketsWorkPlainAndInsideTls() throws Exception {
    TestCertificates certificates = TestCertificates.in(dir);
    Mosquitto plain =
        opened(Mosquitto.start(dir, List.of("protocol websockets", "allow_anonymous true")));
    publish(
            connected(
                publisher(
                    new BrokerSettings(
                        "ws",
                        "127.0.0.1",
                        plain.port(),
                        "/mqtt",
                        "it",
                        null,
                        null,
                        null,
                        null,
                        null,
                        BrokerSettings.KEEP_ALIVE))),
            numbers("t", 0, 1_000, 1))
        .get(40, TimeUnit.SECONDS);
    plain.close();

    Mosquitto tls =
        opened(
            Mosquitto.start(
                dir,
                List.of(
                    "protocol websockets",
                    "allow_anonymous true",
                    "cafile " + certificates.ca(),
                    "certfile " + certificates.serverCert(),
                    "keyfile " + certificates.serverKey())));
    publish(
            connected(
                publisher(
                    new BrokerSettings(
                        "wss",
                        "localhost",
                        tls.port(),
                        "/mqtt",
                        "it",
                        null,
                        null,
                        certificates.ca(),
                        null,
                        null,
                        BrokerSettings.KEEP_ALIVE))),
            numbers("t", 0, 1_000, 0))
        .get(40, TimeUnit.SECONDS);
  }

  @Test
  void whatTheBrokerRetainsIsReadBackWholeEvenWhenItIsALot() throws Exception {
    Mosquitto mosquitto = opened(Mosquitto.start(dir));
    Publisher first =
        connected(publisher(BrokerSettings.tcp("127.0.0.1", mosquitto.port(), "first")));
    List<Publication> many =
        IntStream.range(0, 3_000)
            .mapToObj(i -> Publication.of("cardata/car/key" + i, "{}", 1, true))
            .toList();
    publish(first, many).get(40, TimeUnit.SECONDS);

    Map<String, byte[]> kept = new java.util.concurrent.ConcurrentHashMap<>();
    Publisher second =
        opened(
            new Publisher(
                BrokerSettings.tcp("127.0.0.1", mosquitto.port(), "second"),
                Presence.on("cardata/bridge/state"),
                "cardata/#",
                kept::put));
    second.start();
    second.retained().toCompletableFuture().get(40, TimeUnit.SECONDS);

    assertThat(kept.keySet()).containsAll(many.stream().map(Publication::topic).toList());
  }
}
