// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.CarMessage;
import org.cardatabridge.NotKeptException;
import org.cardatabridge.decode.FlattenBeans;
import org.cardatabridge.decode.Rescue;
import org.cardatabridge.journal.EventsComponent;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.routes.DirectBeans;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.CapturedLog;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shipped YAML files with the real component against a scripted server. */
class StreamRoutesTest {

  private record Held(Exchange exchange, AsyncCallback callback) {}

  private final List<Held> held = new CopyOnWriteArrayList<>();
  private final AtomicReference<Credentials> tokens = new AtomicReference<>();
  private final Journal journal = Journal.temporary(Clock.systemUTC());
  private ScriptedBroker broker;
  private DefaultCamelContext context;
  private StreamSession session;
  private BmwMqttClient client;

  @BeforeEach
  void begin() throws Exception {
    broker = new ScriptedBroker();
    context = new DefaultCamelContext();
    DirectBeans.installIn(context);
    StreamSettings settings =
        new StreamSettings(
            "tcp://localhost:" + broker.port(),
            "{gcid}",
            Duration.ofSeconds(30),
            Duration.ofHours(24),
            Duration.ofMinutes(10),
            Duration.ofHours(6),
            Duration.ofSeconds(30),
            null,
            MqttProtocol.MQTT_5);
    client = BmwMqttClient.of("main", settings, null);
    tokens.set(new BmwCredentials("gcid-1", "token", Instant.now().plusSeconds(3600)));
    session =
        new StreamSession(
            "main",
            settings,
            client,
            () -> Optional.ofNullable(tokens.get()),
            reason -> {},
            () -> false,
            Optional::empty,
            Clock.systemUTC(),
            System::nanoTime,
            new Random(1));
    context.getRegistry().bind("bmwClient-main", client);
    context.getRegistry().bind("stream-main", session);
    context.getRegistry().bind("received-main", new ReceiptTime(session));
    context.getRegistry().bind("streamPolicy-main", new StreamPolicy(session, client));
    context.getPropertiesComponent().addPropertiesFunction(new AccountSettings());
  }

  @AfterEach
  void end() throws IOException {
    context.close();
    session.close();
    broker.close();
    journal.close();
  }

  /** Stands for the bridge's own function that looks up an account's setting. */
  private static final class AccountSettings implements PropertiesFunction {
    @Override
    public String getName() {
      return "account";
    }

    @Override
    public String apply(String remainder) {
      return Map.of("main:stream.topics", "{gcid}/+, {gcid}/#", "main:stream.qos", "1")
          .get(remainder);
    }
  }

  private void load(ShippedRoute file) throws Exception {
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(ResourceHelper.fromString(file.file() + ".camel.yaml", file.yaml()));
  }

  private static ShippedRoute ingest() {
    return ShippedRoute.of("ingest-stream");
  }

  private void startIngest(ShippedRoute ingest) throws Exception {
    load(ingest);
    context.getRegistry().bind("rescue", new Rescue());
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
    startIngest();
  }

  private void startIngest(ShippedRoute ingest, ShippedRoute flatten) throws Exception {
    Settings settings = Settings.of(Map.of());
    new FlattenBeans(settings, Clock.systemUTC()).byName().forEach(context.getRegistry()::bind);
    context.getRegistry().bind(EventsComponent.JOURNAL_BEAN, journal);
    load(flatten);
    load(ingest);
    startIngest();
  }

  private void startIngest() throws Exception {
    context.addRouteFromTemplate("ingest-stream-main", "ingest-stream", Map.of("account", "main"));
    context.start();
    await().until(() -> !broker.sessions.isEmpty() && broker.last().isSubscribed());
  }

  @Test
  void aMessageIsAcknowledgedOnlyWhenTheRestOfTheProgramHasCompleted() throws Exception {
    startIngest(ingest());
    broker.send(1);
    broker.send(2);
    await().until(() -> held.size() == 2);
    assertThat(broker.unacknowledged).as("both are taken in, neither is safe").contains(1, 2);

    held.get(0).callback().done(false);
    await().until(() -> !broker.unacknowledged.contains(1));

    assertThat(broker.unacknowledged).containsExactly(2);
    held.get(1).callback().done(false);
    await().until(() -> broker.unacknowledged.isEmpty());
  }

  @Test
  void aMessageThatTheJournalCannotKeepIsNotAcknowledgedAndGivesItsPlaceBack() throws Exception {
    startIngest(ingest());
    broker.send(1);
    await().until(() -> held.size() == 1);
    held.get(0)
        .exchange()
        .setException(new NotKeptException(new IllegalStateException("disk full")));
    held.get(0).callback().done(false);
    await().until(() -> client.inFlight() == 0);

    assertThat(broker.unacknowledged).containsExactly(1);
    session.cycle();
    await().until(() -> held.size() == 2);
    held.get(1).callback().done(false);
    await().until(() -> broker.unacknowledged.isEmpty());
  }

  private static ShippedRoute failingFlatten() {
    return ShippedRoute.of("flatten")
        .before(
            "uri: events:publish",
            """
            - setBody:
                expression:
                  constant:
                    expression: something else
            - throwException:
                exceptionType: java.lang.UnsupportedOperationException
                message: my step
            """);
  }

  @EditsRoute("flatten")
  void messagesOnWhichAStepAlwaysFailsAreKeptAsTheyCameAndNeverStopTheIntake() throws Exception {
    int many = 2 * BmwMqttClient.IN_FLIGHT + 1;
    try (CapturedLog log = CapturedLog.open()) {
      startIngest(ingest(), failingFlatten());
      for (int i = 0; i < many; i++) {
        broker.send(i);
      }
      await().until(() -> journal.snapshot().messages() == many);
      await().until(() -> broker.unacknowledged.isEmpty());

      assertThat(journal.snapshot().unparsed()).isEqualTo(many);
      assertThat(client.inFlight()).isZero();
      assertThat(log.warnings())
          .filteredOn(line -> !line.startsWith("reading a message: the JSON is no object"))
          .singleElement()
          .asString()
          .contains("UnsupportedOperationException", "flatten.camel.yaml");
    }
  }

  @EditsRoute("flatten")
  void aBodyThatTheJournalDoesNotTakeIsAStepThatFailed() throws Exception {
    startIngest(ingest(), failingFlatten().without("exceptionType:"));
    broker.send(1);
    await().until(() -> broker.unacknowledged.isEmpty());

    assertThat(journal.snapshot().unparsed()).isEqualTo(1);
  }

  @EditsRoute("flatten")
  void whatFailsIsNotAcknowledgedWhereTheJournalCannotKeepItsBytesEither() throws Exception {
    journal.close();
    startIngest(ingest(), failingFlatten());
    broker.send(1);
    await().until(() -> session.status().messages() == 1 && client.inFlight() == 0);

    assertThat(broker.unacknowledged).containsExactly(1);
  }

  @EditsRoute({"flatten", "ingest-stream"})
  void withoutTheRescueWhatFailsIsNotAcknowledged() throws Exception {
    startIngest(ingest().writing("java.lang.Exception", "java.io.IOException"), failingFlatten());
    broker.send(1);
    await().until(() -> session.status().messages() == 1 && client.inFlight() == 0);

    assertThat(broker.unacknowledged).containsExactly(1);
  }

  @Test
  void theMessageCarriesWhatTheFlattenRouteNeedsAndNothingSticky() throws Exception {
    startIngest(ingest());
    broker.send(42);
    await().until(() -> held.size() == 1);
    Exchange seen = held.get(0).exchange();

    assertThat(seen.getMessage().getBody(byte[].class))
        .isEqualTo("42".getBytes(StandardCharsets.UTF_8));
    assertThat(seen.getProperty(CarMessage.ACCOUNT)).isEqualTo("main");
    assertThat(seen.getProperty(CarMessage.SOURCE)).isEqualTo("stream");
    assertThat(seen.getProperty(CarMessage.TOPIC)).isEqualTo("gcid-1/WBY00TEST00000001");
    assertThat(seen.getProperty(CarMessage.RECEIVED)).isInstanceOf(Instant.class);
    assertThat(seen.getMessage().getHeader("CamelPahoMqtt5MsgProperties")).isNull();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .as("the thread that logs does not show the GCID")
        .contains("bmw-main")
        .doesNotContain("MQTT Call: gcid-1");
    held.get(0).callback().done(false);
  }

  @EditsRoute("ingest-stream")
  void withoutTheRemoveHeaderStepPahosObjectGoesOn() throws Exception {
    startIngest(ingest().without("name: CamelPahoMqtt5MsgProperties"));
    broker.send(42);
    await().until(() -> held.size() == 1);

    assertThat(held.get(0).exchange().getMessage().getHeader("CamelPahoMqtt5MsgProperties"))
        .isNotNull();
    held.get(0).callback().done(false);
  }

  @EditsRoute("ingest-stream")
  void aFilterPutInKeepsAMessageFromTheJournalAndIsAcknowledged() throws Exception {
    startIngest(
        ingest()
            .before(
                "uri: direct:flatten",
                """
                - filter:
                    expression:
                      simple:
                        expression: "${bodyAs(String)} == '42'"
                    steps:
                      - stop: {}
                """));
    broker.send(42);
    broker.send(43);
    await().until(() -> held.size() == 1);

    assertThat(held.get(0).exchange().getMessage().getBody(byte[].class))
        .isEqualTo("43".getBytes(StandardCharsets.UTF_8));
    held.get(0).callback().done(false);
    await().until(() -> broker.unacknowledged.isEmpty());
  }

  @Test
  void theFiltersComeFromTheSettingsThroughTheRoute() throws Exception {
    startIngest(ingest());

    assertThat(broker.last().filters).containsExactly("gcid-1/+", "gcid-1/#");
  }

  @Test
  void whoStopsTheRouteSaysGoodbyeToBmwAndWhoStartsItIsBack() throws Exception {
    startIngest(ingest());
    context.getRouteController().stopRoute("ingest-stream-main");
    await().until(() -> broker.last().goodbye);
    assertThat(session.status().state()).isEqualTo(StreamState.STOPPED);
    context.getRouteController().startRoute("ingest-stream-main");
    await().until(() -> broker.sessions.size() == 2 && broker.last().isSubscribed());
    broker.send(5);
    await().until(() -> held.size() == 1);
    held.get(0).callback().done(false);
    await().until(() -> broker.unacknowledged.isEmpty());

    assertThat(broker.mostOpen).isEqualTo(1);
  }

  /** Answers what the test says and notes what it was told. */
  public static final class FakeSession {
    private volatile String verdict;
    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<String> beats = new CopyOnWriteArrayList<>();

    FakeSession(String verdict) {
      this.verdict = verdict;
    }

    /** The answer. */
    public String verdict() {
      calls.add("verdict");
      return verdict;
    }

    /** Notes the call. */
    public void cycle() {
      calls.add("cycle");
      verdict = "fine";
    }

    /** Notes that the watchdog of the account is alive. */
    public void beat(String account) {
      beats.add(account);
    }

    /** Notes the call. */
    public void rebuild() {
      calls.add("rebuild");
      verdict = "fine";
    }
  }

  private FakeSession watch(String verdict, ShippedRoute watchdog) throws Exception {
    FakeSession fake = new FakeSession(verdict);
    Properties properties = new Properties();
    properties.setProperty("cardata.watchdog.tick", "20ms");
    context.getPropertiesComponent().setOverrideProperties(properties);
    context.getRegistry().unbind("stream-main");
    context.getRegistry().bind("stream-main", fake);
    context.getRegistry().bind("health", fake);
    load(watchdog);
    context.addRouteFromTemplate("watchdog-main", "watchdog", Map.of("account", "main"));
    context.start();
    await().until(() -> fake.calls.size() >= 4);
    return fake;
  }

  @ParameterizedTest
  @CsvSource({"cycle", "rebuild"})
  void theWatchdogDoesWhatTheVerdictSaysOnce(String verdict) throws Exception {
    FakeSession fake = watch(verdict, ShippedRoute.of("watchdog"));

    assertThat(fake.calls).startsWith("verdict", verdict, "verdict", "verdict");
    await().until(() -> fake.beats.contains("main"));
  }

  @Test
  void theWatchdogLeavesAFineSessionAlone() throws Exception {
    FakeSession fake = watch("fine", ShippedRoute.of("watchdog"));

    assertThat(fake.calls).containsOnly("verdict");
  }

  @EditsRoute("watchdog")
  void withoutItsBranchForRebuildTheWatchdogOnlyWatches() throws Exception {
    FakeSession fake = watch("rebuild", ShippedRoute.of("watchdog").without("== 'rebuild'"));

    assertThat(fake.calls).containsOnly("verdict");
  }

  @ParameterizedTest
  @CsvSource({"ingest-stream.camel.yaml", "watchdog.camel.yaml"})
  void aRouteFileFitsOnAScreen(String file) throws IOException {
    assertThat(Files.readAllLines(Path.of("routes", file))).hasSizeLessThanOrEqualTo(60);
  }
}
