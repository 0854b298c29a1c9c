// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.CarMessage;
import org.cardatabridge.decode.Rescue;
import org.cardatabridge.routes.AccountFunction;
import org.cardatabridge.routes.AccountRoutes;
import org.cardatabridge.testing.CapturedLog;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The shipped route of a certificate with the real component against a scripted server. */
class HighMobilityRoutesTest {

  private static final String UNUSABLE = "Reading a file: it is gone — put it back";

  private record Held(Exchange exchange, AsyncCallback callback) {}

  private final List<Held> held = new CopyOnWriteArrayList<>();
  private final AtomicReference<CredentialSource.Found> found = new AtomicReference<>();
  private ScriptedBroker broker;
  private DefaultCamelContext context;
  private StreamSession session;
  private BmwMqttClient client;

  @BeforeEach
  void begin() throws Exception {
    broker = new ScriptedBroker();
    broker.topic = "live/level13/app-1/WBA00TEST00000006/diagnostics/get/odometer";
    context = new DefaultCamelContext();
    StreamSettings settings =
        new StreamSettings(
            "tcp://localhost:" + broker.port(),
            CertificateCredentials.CLIENT_ID,
            Duration.ofSeconds(30),
            Duration.ofDays(7),
            Duration.ZERO,
            Duration.ofHours(6),
            Duration.ofSeconds(30),
            null,
            MqttProtocol.MQTT_5,
            Peer.HIGH_MOBILITY);
    client = BmwMqttClient.of("fleet", settings, null);
    usable("client-1");
    session =
        new StreamSession(
            "fleet",
            settings,
            client,
            new Files(),
            () -> false,
            Optional::empty,
            Clock.systemUTC(),
            System::nanoTime,
            new Random(1));
    context.getRegistry().bind("highmobilityClient-fleet", client);
    context.getRegistry().bind("stream-fleet", session);
    context.getRegistry().bind("received-fleet", new ReceiptTime(session));
    context.getRegistry().bind("streamPolicy-fleet", new StreamPolicy(session, client));
    context.getRegistry().bind("rescue", new Rescue());
    context
        .getPropertiesComponent()
        .addPropertiesFunction(
            new AccountFunction(
                (name, key) ->
                    Map.of(
                            "cardata.highmobility.enabled", "true",
                            "cardata.highmobility.topic", "live/level13/{app-id}/#")
                        .get(key)));
  }

  @AfterEach
  void end() throws IOException {
    context.close();
    session.close();
    broker.close();
  }

  private final class Files implements CredentialSource {
    @Override
    public Found look() {
      return found.get();
    }

    @Override
    public void renew(String reason) {
      throw new AssertionError("nobody can renew a certificate");
    }
  }

  private void usable(String clientId) throws Exception {
    found.set(
        CredentialSource.Found.of(
            new CertificateCredentials(
                clientId, "app-1", SSLContext.getDefault(), Instant.now().plusSeconds(3600))));
  }

  private void start(ShippedRoute ingest) throws Exception {
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(ResourceHelper.fromString(ingest.file() + ".camel.yaml", ingest.yaml()));
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:flatten")
                .process(
                    new AsyncProcessorSupport() {
                      @Override
                      public boolean process(Exchange exchange, AsyncCallback callback) {
                        held.add(new Held(exchange, callback));
                        return false;
                      }
                    });
          }
        });
    new AccountRoutes(context, List.of("main"), List.of("fleet")).addMissing();
    context.start();
  }

  private void startLive(ShippedRoute ingest) throws Exception {
    start(ingest);
    await().until(() -> !broker.sessions.isEmpty() && broker.last().isSubscribed());
  }

  private static ShippedRoute ingest() {
    return ShippedRoute.of("ingest-highmobility");
  }

  @Test
  void oneFilterIsAskedForWithoutAUserNameAndAMessageIsAcknowledgedWhenItIsSafe() throws Exception {
    startLive(ingest());
    broker.send(42);
    await().until(() -> held.size() == 1);
    Exchange seen = held.get(0).exchange();

    assertThat(context.getRoutes()).hasSize(2);
    assertThat(broker.last().filters).containsExactly("live/level13/app-1/#");
    assertThat(broker.last().endpoint.auth()).isNull();
    assertThat(broker.last().endpoint.clientIdentifier()).isEqualTo("client-1");
    assertThat(broker.last().endpoint.isCleanSession()).isFalse();
    assertThat(client.subscriptions()).containsExactly(new Subscription("live/level13/…/#", 1));
    assertThat(seen.getMessage().getBody(byte[].class))
        .isEqualTo("42".getBytes(StandardCharsets.UTF_8));
    assertThat(seen.getProperty(CarMessage.ACCOUNT)).isEqualTo("fleet");
    assertThat(seen.getProperty(CarMessage.SOURCE)).isEqualTo("highmobility");
    assertThat(seen.getProperty(CarMessage.TOPIC)).isEqualTo(broker.topic);
    assertThat(seen.getProperty(CarMessage.RECEIVED)).isInstanceOf(Instant.class);
    assertThat(seen.getMessage().getHeader("CamelPahoMqtt5MsgProperties")).isNull();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .contains("highmobility-fleet");
    assertThat(broker.unacknowledged).containsExactly(42);
    held.get(0).callback().done(false);
    await().until(() -> broker.unacknowledged.isEmpty());
  }

  @EditsRoute("ingest-highmobility")
  void withoutTheRemoveHeaderStepPahosObjectGoesOn() throws Exception {
    startLive(ingest().without("name: CamelPahoMqtt5MsgProperties"));
    broker.send(42);
    await().until(() -> held.size() == 1);

    assertThat(held.get(0).exchange().getMessage().getHeader("CamelPahoMqtt5MsgProperties"))
        .isNotNull();
    held.get(0).callback().done(false);
  }

  @Test
  void withoutAUsableCertificateNothingConnectsUntilTheWatchdogFindsOne() throws Exception {
    found.set(CredentialSource.Found.unusable(UNUSABLE));
    start(ingest());

    assertThat(session.status().state()).isEqualTo(StreamState.REFUSED);
    assertThat(session.status().lastReason().text()).isEqualTo(UNUSABLE);
    assertThat(session.verdict()).isEqualTo("fine");
    assertThat(broker.sessions).isEmpty();
    usable("client-1");
    assertThat(session.verdict()).isEqualTo("fine");
    await().until(() -> !broker.sessions.isEmpty() && broker.last().isSubscribed());
  }

  @Test
  void oneThatIsSwitchedOffIsNotAskedForACertificate() {
    found.set(CredentialSource.Found.unusable(UNUSABLE));
    try (CapturedLog log = CapturedLog.open()) {
      assertThat(session.verdict()).isEqualTo("fine");

      assertThat(log.lines(UNUSABLE)).isEmpty();
    }
    assertThat(session.status().state()).isEqualTo(StreamState.STOPPED);
  }

  @Test
  void anotherCertificateTakesTheOldOnesPlaceAndABadOneDoesNot() throws Exception {
    startLive(ingest());
    found.set(CredentialSource.Found.unusable(UNUSABLE));
    session.verdict();
    assertThat(session.status().state()).isEqualTo(StreamState.LIVE);
    usable("client-2");
    session.verdict();

    await().until(() -> broker.sessions.size() == 2 && broker.last().isSubscribed());
    assertThat(broker.sessions.get(0).goodbye).isTrue();
    assertThat(broker.last().endpoint.clientIdentifier()).isEqualTo("client-2");
  }

  @Test
  void aBrokerThatClosesTheConnectionInPlaceOfASubAckIsUnderstood() throws Exception {
    broker.script = n -> ScriptedBroker.Part.DROP_AFTER_CONNACK;
    start(ingest());

    await()
        .until(
            () ->
                session.status().lastReason() != null
                    && session.status().lastReason().kind().equals("filter"));
    assertThat(session.status().lastReason().text()).contains("cardata.highmobility.topic");
  }
}
