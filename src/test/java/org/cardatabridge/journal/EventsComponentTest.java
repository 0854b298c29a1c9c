// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.cardatabridge.journal.Samples.NOON;
import static org.cardatabridge.journal.Samples.SHORT;
import static org.cardatabridge.journal.Samples.VIN;
import static org.cardatabridge.journal.Samples.bytes;
import static org.cardatabridge.journal.Samples.event;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class EventsComponentTest {

  private final Journal journal = Journal.temporary(Clock.systemUTC());
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final ProducerTemplate publisher = context.createProducerTemplate();
  private final List<Object> got = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void prepare() {
    context.getRegistry().bind("journal", journal);
    context.getShutdownStrategy().setTimeout(10);
    context.getComponent("events", EventsComponent.class).setPauses(SHORT);
  }

  @AfterEach
  void end() {
    context.stop();
    journal.close();
  }

  /** A step of a route under test. */
  private interface Step {
    void take(Object body) throws Exception;
  }

  private void route(String id, String uri, Step step) throws Exception {
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            errorHandler(defaultErrorHandler().logExhausted(false));
            from(uri).routeId(id).process(exchange -> step.take(exchange.getMessage().getBody()));
          }
        });
  }

  private void publish(Object body) {
    publisher.sendBody("events:publish", body);
  }

  private void publishNumbers(long from, long to) {
    for (long n = from; n <= to; n++) {
      publish(event(n));
    }
  }

  private List<Object> values() {
    synchronized (got) {
      return got.stream().map(body -> ((CarEvent) body).value()).toList();
    }
  }

  private static Object[] numbers(long from, long to) {
    return java.util.stream.LongStream.rangeClosed(from, to).boxed().toArray();
  }

  private SinkSnapshot sink(String name) {
    return journal.sinks().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void aSinkGetsEachDataPointInOrderAndDuplicatesAreLeftOut() throws Exception {
    route("r", "events:test", got::add);
    context.start();
    publish(List.of(event(1), event(2)));
    publish(List.of(event(2), event(3)));
    publish(event(4));
    await().untilAsserted(() -> assertThat(values()).containsExactly(1L, 2L, 3L, 4L));
    assertThat(journal.snapshot().duplicates()).isOne();
    await().until(() -> sink("test").lag() == 0);
    assertThat(sink("test"))
        .isEqualTo(new SinkSnapshot("test", true, SinkSnapshot.State.UP, 4, 0, 0, 0, null));
  }

  @Test
  void aSlowAndAFailingSinkLeaveAFastOneUndisturbed() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger failures = new AtomicInteger();
    route("slow", "events:slow", body -> never.await());
    route(
        "failing",
        "events:failing",
        body -> {
          failures.incrementAndGet();
          throw new IllegalStateException("target is down");
        });
    route("fast", "events:fast", got::add);
    context.start();
    publishNumbers(1, 2_000);
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(() -> assertThat(got).hasSizeGreaterThanOrEqualTo(2_000));
    assertThat(values()).containsExactly(numbers(1, 2_000));
    assertThat(sink("slow").lag()).isEqualTo(2_000);
    assertThat(sink("failing").lag()).isEqualTo(2_000);
    assertThat(sink("failing").failed()).isZero();
    assertThat(sink("failing").state()).isEqualTo(SinkSnapshot.State.DOWN);
    await().until(() -> failures.get() > 5);
    never.countDown();
  }

  @Test
  void aFailingEventIsTriedAgainUntilItPassesAndNothingOvertakesIt() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    route(
        "r",
        "events:test",
        body -> {
          if (calls.incrementAndGet() < 5) {
            throw new IllegalStateException("not yet");
          }
          got.add(body);
        });
    context.start();
    publishNumbers(1, 3);
    await().untilAsserted(() -> assertThat(values()).containsExactly(1L, 2L, 3L));
    await().until(() -> sink("test").state() == SinkSnapshot.State.UP);
    assertThat(sink("test").delivered()).isEqualTo(3);
  }

  @Test
  void theNumberOfAttemptsIsASetting() throws Exception {
    context.getPropertiesComponent().addOverrideProperty("cardata.sink.test.attempts", "2");
    AtomicInteger tries = new AtomicInteger();
    route(
        "r",
        "events:test",
        body -> {
          if (((CarEvent) body).value().equals(1L)) {
            tries.incrementAndGet();
            throw new IllegalStateException("poison");
          }
          got.add(body);
        });
    context.start();
    publish(List.of(event(1), event(2)));
    await().untilAsserted(() -> assertThat(values()).containsExactly(2L));
    await().until(() -> sink("test").failed() == 1);
    assertThat(tries).hasValue(3);
    assertThat(journal.setAside()).extracting(SetAside::event).containsExactly(event(1));
  }

  @Test
  void aWrongNumberOfAttemptsIsNamed() throws Exception {
    context.getPropertiesComponent().addOverrideProperty("cardata.sink.test.attempts", "many");
    route("r", "events:test", got::add);
    assertThatThrownBy(context::start)
        .hasMessage("cardata.sink.test.attempts: got 'many', takes a whole number from 1 on");
  }

  @Test
  void filtersOfASinkAreSettings() throws Exception {
    context
        .getPropertiesComponent()
        .addOverrideProperty("cardata.sink.test.include", "vehicle.*,location");
    context.getPropertiesComponent().addOverrideProperty("cardata.sink.test.exclude", "*.secret");
    route("r", "events:test", got::add);
    context.start();
    publish(
        List.of(
            event("vehicle.a", 1L, NOON),
            event("other.a", 2L, NOON),
            event("vehicle.secret", 3L, NOON),
            event("location", 4L, NOON)));
    await().untilAsserted(() -> assertThat(values()).containsExactly(1L, 4L));
    await().until(() -> sink("test").lag() == 0);
  }

  private static final String LATITUDE =
      "vehicle.cabin.infotainment.navigation.currentLocation.latitude";

  private void set(String key, String value) {
    context.getPropertiesComponent().addOverrideProperty(key, value);
  }

  @Test
  void aSinkThatBlursHomeGetsNoExactPositionThereNeitherLiveNorFromAReplay() throws Exception {
    set("cardata.sink.test.blur-home", "true");
    set("cardata.home.latitude", "50.12345");
    set("cardata.home.longitude", "8.98765");
    route("test", "events:test", got::add);
    route("other", "events:other", body -> {});
    context.start();
    publish(event(LATITUDE, 50.1241, NOON));
    publish(event(LATITUDE, 51.5, NOON.plusSeconds(60)));
    await().untilAsserted(() -> assertThat(values()).containsExactly(50.12, 51.5));
    journal.replay(null, null, java.util.Set.of("test"), 0, false);
    await().untilAsserted(() -> assertThat(values()).containsExactly(50.12, 51.5, 50.12, 51.5));
  }

  @Test
  void blurringWithoutAZoneIsRefusedInWords() throws Exception {
    set("cardata.sink.test.blur-home", "true");
    set("cardata.home.latitude", "50.12345");
    route("test", "events:test", got::add);
    assertThatThrownBy(context::start)
        .hasMessage(
            "cardata.sink.test.blur-home: got 'true', but there is no home zone — set"
                + " cardata.home.latitude, .longitude and .radius");
  }

  @Test
  void blurringOfWholeMessagesIsRefusedInWords() throws Exception {
    set("cardata.sink.test.blur-home", "true");
    route("test", "events:test?of=messages", got::add);
    assertThatThrownBy(context::start)
        .hasMessageStartingWith("cardata.sink.test.blur-home")
        .hasMessageContaining("whole messages, which are never changed");
  }

  @Test
  void aBatchIsAListOfWhatIsThere() throws Exception {
    context.start();
    publish(List.of(event(1), event(2), event(3)));
    route("r", "events:test?batch=100&from=beginning", got::add);
    await().until(() -> got.size() == 1);
    assertThat(got.get(0)).isEqualTo(List.of(event(1), event(2), event(3)));
    publish(event(4));
    await().until(() -> got.size() == 2);
    assertThat(got.get(1)).isEqualTo(List.of(event(4)));
  }

  @Test
  void wholeMessagesComeWithTheirBytesAndPropertiesDuplicatesAndUnreadableOnesToo()
      throws Exception {
    List<Map<String, Object>> properties = Collections.synchronizedList(new ArrayList<>());
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("events:raw?of=messages")
                .process(
                    exchange -> {
                      got.add(exchange.getMessage().getBody());
                      properties.add(
                          Map.of(
                              "account", exchange.getProperty(CarMessage.ACCOUNT),
                              "source", exchange.getProperty(CarMessage.SOURCE),
                              "topic", exchange.getProperty(CarMessage.TOPIC),
                              "received", exchange.getProperty(CarMessage.RECEIVED)));
                    });
            from("events:points").process(exchange -> got.add(exchange.getMessage().getBody()));
          }
        });
    context.start();
    byte[] payload = bytes("{\"vin\":1}");
    byte[] odd = {(byte) 0xff, 0x00, 0x7b};
    Map<String, Object> from =
        Map.of(
            CarMessage.ACCOUNT,
            "main",
            CarMessage.SOURCE,
            "stream",
            CarMessage.TOPIC,
            "gcid/" + VIN,
            CarMessage.RECEIVED,
            NOON,
            CarMessage.PAYLOAD,
            payload);
    for (int i = 0; i < 2; i++) {
      publisher.send("events:publish", with(List.of(event(1)), from));
    }
    publisher.send("events:publish", with(odd, from));
    await().until(() -> properties.size() == 3 && got.size() == 4);
    assertThat(got.stream().filter(byte[].class::isInstance))
        .containsExactly(payload, payload, odd);
    assertThat(got).contains(event(1));
    assertThat(properties)
        .allSatisfy(
            map ->
                assertThat(map)
                    .isEqualTo(
                        Map.of(
                            "account",
                            "main",
                            "source",
                            "stream",
                            "topic",
                            "gcid/" + VIN,
                            "received",
                            NOON)));
    assertThat(journal.snapshot().unparsed()).isOne();
    assertThat(journal.snapshot().duplicates()).isOne();
  }

  private static org.apache.camel.Processor with(Object body, Map<String, Object> properties) {
    return exchange -> {
      exchange.getMessage().setBody(body);
      properties.forEach(exchange::setProperty);
    };
  }

  @Test
  void aSourceOfOnesOwnPublishesJustEventsAndTheirJsonStandsForTheMessage() throws Exception {
    route("raw", "events:raw?of=messages", body -> got.add(new String((byte[]) body, "UTF-8")));
    context.start();
    publish(event(7));
    await().until(() -> got.size() == 1);
    assertThat(got.get(0))
        .isEqualTo(
            "{\"account\":\"main\",\"vin\":\"WBY00TEST00000001\",\"vehicle\":\"WBY00TEST00000001\","
                + "\"key\":\"vehicle.vehicle.travelledDistance\",\"value\":7,\"unit\":\"km\","
                + "\"timestamp\":\"2026-07-27T12:00:07Z\",\"received\":\"2026-07-27T12:00:07.100Z\","
                + "\"source\":\"stream\"}");
  }

  @Test
  void anythingElseIsRefusedWithASentence() {
    context.start();
    assertThatThrownBy(() -> publish("text"))
        .isInstanceOf(CamelExecutionException.class)
        .cause()
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("events:publish takes a CarEvent, a list of CarEvent")
        .hasMessageEndingWith("got java.lang.String");
    assertThatThrownBy(() -> publish(null)).cause().hasMessageEndingWith("got nothing");
    assertThatThrownBy(() -> publish(List.of(event(1), "x")))
        .cause()
        .hasMessageEndingWith("got a list with java.lang.String");
    assertThatThrownBy(() -> publish(bytes("{}")))
        .cause()
        .hasMessageContaining("without that property");
    assertThatThrownBy(
            () ->
                publisher.sendBodyAndProperty(
                    "events:publish", event(1), CarMessage.RECEIVED, "yesterday"))
        .cause()
        .hasMessageContaining("cardata.received as Instant");
    assertThat(journal.snapshot().messages()).isZero();
  }

  @Test
  void publishIsAsynchronousAndCallsBackWhenTheJournalHasIt() throws Exception {
    context.start();
    AtomicInteger messagesThen = new AtomicInteger(-1);
    AsyncProducer producer = context.getEndpoint("events:publish").createAsyncProducer();
    producer.start();
    Exchange exchange = new DefaultExchange(context);
    exchange.getMessage().setBody(event(1));
    boolean synchronous =
        producer.process(exchange, sync -> messagesThen.set((int) journal.snapshot().messages()));
    assertThat(synchronous).isFalse();
    await().until(() -> messagesThen.get() == 1);
    producer.stop();
  }

  @Test
  void aNewSinkBeginsNowUnlessItAsksForTheBeginningOrATime() throws Exception {
    context.start();
    publishNumbers(1, 3);
    List<Object> all = Collections.synchronizedList(new ArrayList<>());
    List<Object> since = Collections.synchronizedList(new ArrayList<>());
    route("now", "events:now", got::add);
    route("all", "events:all?from=beginning", body -> all.add(((CarEvent) body).value()));
    route(
        "since",
        "events:since?from=2026-07-27T12:00:02Z",
        body -> since.add(((CarEvent) body).value()));
    publishNumbers(4, 5);
    await().untilAsserted(() -> assertThat(values()).containsExactly(4L, 5L));
    await().untilAsserted(() -> assertThat(all).containsExactly(numbers(1, 5)));
    await().untilAsserted(() -> assertThat(since).containsExactly(numbers(2, 5)));
  }

  @Test
  void aRouteThatIsToRunMissesNothingFromARouteThatStartsBeforeIt() throws Exception {
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("timer:once?repeatCount=1&delay=-1")
                .startupOrder(1)
                .process(exchange -> exchange.getMessage().setBody(event(1)))
                .to("events:publish");
            from("direct:between").startupOrder(2).to("log:x");
            from("events:late")
                .startupOrder(3)
                .process(exchange -> got.add(exchange.getMessage().getBody()));
          }
        });
    context.addStartupListener((camel, alreadyStarted) -> assertThat(alreadyStarted).isFalse());
    context.start();
    await().untilAsserted(() -> assertThat(values()).containsExactly(1L));
  }

  @Test
  void aStoppedRouteKeepsItsPositionAndTakesUpWhereItWas() throws Exception {
    route("r", "events:test", got::add);
    context.start();
    publishNumbers(1, 3);
    await().until(() -> sink("test").delivered() == 3);
    context.getRouteController().stopRoute("r");
    assertThat(sink("test").state()).isEqualTo(SinkSnapshot.State.DISABLED);
    publishNumbers(4, 6);
    assertThat(values()).containsExactly(numbers(1, 3));
    context.getRouteController().startRoute("r");
    await().untilAsserted(() -> assertThat(values()).containsExactly(numbers(1, 6)));
  }

  @Test
  void aRouteThatIsRemovedAndAddedAgainTakesUpWhereItWas() throws Exception {
    route("r", "events:test", got::add);
    context.start();
    publishNumbers(1, 3);
    await().until(() -> sink("test").delivered() == 3);
    context.getRouteController().stopRoute("r");
    context.removeRoute("r");
    publishNumbers(4, 6);
    route("r2", "events:test", got::add);
    await().untilAsserted(() -> assertThat(values()).containsExactly(numbers(1, 6)));
  }

  @Test
  void aSuspendedRouteWaitsAndGoesOnWhenResumed() throws Exception {
    route("r", "events:test", got::add);
    context.start();
    publishNumbers(1, 2);
    await().until(() -> sink("test").delivered() == 2);
    context.getRouteController().suspendRoute("r");
    publishNumbers(3, 4);
    assertThat(sink("test").state()).isEqualTo(SinkSnapshot.State.DISABLED);
    assertThat(sink("test").lag()).isEqualTo(2);
    assertThat(values()).hasSize(2);
    context.getRouteController().resumeRoute("r");
    await().untilAsserted(() -> assertThat(values()).containsExactly(numbers(1, 4)));
    assertThat(sink("test").state()).isEqualTo(SinkSnapshot.State.UP);
  }

  @Test
  void aRouteInALongPauseStopsAtOnceAndTheEventComesAgain() throws Exception {
    context
        .getComponent("events", EventsComponent.class)
        .setPauses(new Pauses(Duration.ofMinutes(5), Duration.ofMinutes(5), () -> 0));
    AtomicBoolean down = new AtomicBoolean(true);
    route(
        "r",
        "events:test",
        body -> {
          if (down.get()) {
            throw new IllegalStateException("down");
          }
          got.add(body);
        });
    context.start();
    publishNumbers(1, 2);
    await().until(() -> sink("test").state() == SinkSnapshot.State.DOWN);
    long before = System.nanoTime();
    context.getRouteController().stopRoute("r");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
    down.set(false);
    context.getRouteController().startRoute("r");
    await().untilAsserted(() -> assertThat(values()).containsExactly(1L, 2L));
  }

  @Test
  void stoppingWaitsForTheEventUnderWayAndHandsOverNoFurtherOne() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    route(
        "r",
        "events:test",
        body -> {
          inside.countDown();
          goOn.await();
          got.add(body);
        });
    context.start();
    publishNumbers(1, 3);
    inside.await();
    Thread stopper = new Thread(() -> stop("r"));
    stopper.start();
    await()
        .until(
            () ->
                context.getRouteController().getRouteStatus("r").isStopping()
                    || stopper.getState() == Thread.State.TIMED_WAITING);
    goOn.countDown();
    stopper.join();
    assertThat(values()).containsExactly(1L);
    assertThat(sink("test").delivered()).isOne();
    assertThat(sink("test").lag()).isEqualTo(2);
  }

  @Test
  void aRouteIsNotStartedAgainWhileTheStepOfItsLastRunIsStuck() throws Exception {
    context.getShutdownStrategy().setTimeout(1);
    context.getComponent("events", EventsComponent.class).setLongestStop(Duration.ofMillis(100));
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger inside = new AtomicInteger();
    List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
    route(
        "r",
        "events:test",
        body -> {
          inside.incrementAndGet();
          threads.add(Thread.currentThread());
          while (goOn.getCount() > 0) {
            try {
              goOn.await();
            } catch (InterruptedException e) {
              // Like a target's driver that knows no interrupt.
            }
          }
          got.add(body);
        });
    try {
      context.start();
      publishNumbers(1, 3);
      await().until(() -> inside.get() == 1);
      String refusal =
          "Reading events:test: the last run has not ended, its target does not answer — start the"
              + " route again later";
      Consumer consumer = context.getRoute("r").getConsumer();
      consumer.stop();
      assertThatThrownBy(consumer::start).hasStackTraceContaining(refusal);
      context.getRouteController().stopRoute("r");
      assertThatThrownBy(() -> context.getRouteController().startRoute("r"))
          .hasStackTraceContaining(refusal);
      assertThat(inside).hasValue(1);
    } finally {
      goOn.countDown();
    }
    await().until(() -> !threads.get(0).isAlive());
    assertThat(values()).as("no further one on the old thread").hasSize(1);
    context.getRouteController().startRoute("r");
    await().until(() -> sink("test").lag() == 0);
    assertThat(values()).as("the first may come again").endsWith(2L, 3L);
    assertThat(values().stream().filter(value -> !value.equals(1L))).containsExactly(2L, 3L);
  }

  private void stop(String routeId) {
    try {
      context.getRouteController().stopRoute(routeId);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void eachSinkHasAThreadOfItsOwnThatEndsWithItsRoute() throws Exception {
    List<String> threads = Collections.synchronizedList(new ArrayList<>());
    route("a", "events:a", body -> threads.add(Thread.currentThread().getName()));
    route("b", "events:b", body -> threads.add(Thread.currentThread().getName()));
    context.start();
    publishNumbers(1, 20);
    await().until(() -> threads.size() == 40);
    assertThat(threads.stream().distinct()).hasSize(2);
    context.stop();
    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .doesNotContainAnyElementsOf(threads));
  }

  @Test
  void aSecondRouteUnderANameIsRefusedWithASentence() throws Exception {
    route("first", "events:test", got::add);
    context.start();
    assertThatThrownBy(() -> route("second", "events:test?batch=5", got::add))
        .hasMessage(
            "Reading events:test: another route reads under this name — give this route's sink a"
                + " name of its own");
    assertThatThrownBy(() -> route("third", "events:test", got::add))
        .hasMessage(
            "Reading events:test: another route reads under this name — give this route's sink a"
                + " name of its own");
    publishNumbers(1, 1);
    await().untilAsserted(() -> assertThat(values()).containsExactly(1L));
  }

  @Test
  void namesAndOptionsAreChecked() {
    context.start();
    assertThatThrownBy(() -> context.getEndpoint("events:Bad_Name"))
        .hasRootCauseMessage(
            "Reading events:Bad_Name: the name takes a-z, 0-9 and - only — choose another one for"
                + " this sink");
    assertThatThrownBy(() -> context.getEndpoint("events:a?of=things"))
        .hasRootCauseMessage("Reading events:a: option of got 'things', takes points or messages");
    assertThatThrownBy(() -> context.getEndpoint("events:a?batch=0"))
        .hasRootCauseMessage(
            "Reading events:a: option batch got '0', takes a whole number from 1 on");
    assertThatThrownBy(() -> context.getEndpoint("events:a?from=yesterday"))
        .hasMessageContaining("option from got 'yesterday'");
    assertThatThrownBy(() -> context.getEndpoint("events:a?size=3")).hasMessageContaining("size=3");
    assertThatThrownBy(() -> context.getEndpoint("events:a").createProducer())
        .hasMessage("Writing to events:a: only events:publish can be written to");
    assertThatThrownBy(() -> route("r", "events:publish", got::add))
        .hasMessageContaining("that name is for writing");
  }

  @Test
  void aSwitchedOffRouteIsShownAsDisabledAndKeepsNothing() throws Exception {
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("events:off").routeId("off").autoStartup(false).to("log:x");
          }
        });
    context.start();
    publishNumbers(1, 3);
    assertThat(sink("off"))
        .isEqualTo(new SinkSnapshot("off", false, SinkSnapshot.State.DISABLED, 0, 0, 0, 0, null));
  }

  @Test
  void aRouteUnderAdviceWorksLikeAnyOther() throws Exception {
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("events:test").routeId("r").to("seda:target");
            from("direct:in").routeId("in").to("events:publish");
          }
        });
    AdviceWith.adviceWith(
        context,
        "r",
        advice -> {
          advice.replaceFromWith("direct:instead");
          advice.interceptSendToEndpoint("seda:target").skipSendToOriginalEndpoint().to("mock:t");
        });
    AdviceWith.adviceWith(
        context,
        "in",
        advice ->
            advice
                .interceptSendToEndpoint("events:publish")
                .skipSendToOriginalEndpoint()
                .to("mock:journal"));
    context.start();
    MockEndpoint target = context.getEndpoint("mock:t", MockEndpoint.class);
    target.expectedBodiesReceived(event(1));
    publisher.sendBody("direct:instead", event(1));
    target.assertIsSatisfied();
    MockEndpoint published = context.getEndpoint("mock:journal", MockEndpoint.class);
    published.expectedBodiesReceived(event(2));
    publisher.sendBody("direct:in", event(2));
    published.assertIsSatisfied();
  }

  @Test
  void itMakesAJournalOfItsOwnWhereThereIsNoneAndClosesIt() throws Exception {
    Journal own;
    try (DefaultCamelContext alone = new DefaultCamelContext()) {
      alone.start();
      own = alone.getComponent("events", EventsComponent.class).getJournal();
      alone.createProducerTemplate().sendBody("events:publish", event(1));
      assertThat(own.snapshot().messages()).isOne();
    }
    assertThatThrownBy(() -> own.publish(Samples.message(event(2)), false, failure -> {}))
        .hasMessage("publishing to the journal: it is closed");
  }

  @Test
  void anAsynchronousTargetKeepsTheOrder() throws Exception {
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("events:test")
                .threads(4)
                .delay(1)
                .asyncDelayed()
                .process(exchange -> got.add(exchange.getMessage().getBody()));
          }
        });
    context.start();
    publishNumbers(1, 100);
    await().untilAsserted(() -> assertThat(values()).containsExactly(numbers(1, 100)));
  }

  @Test
  void anExchangeNamesItsSinkForTheErrorPolicy() throws Exception {
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("events:test")
                .process(exchange -> got.add(exchange.getProperty(EventsConsumer.SINK)));
          }
        });
    context.start();
    publish(event(1));
    await().untilAsserted(() -> assertThat(got).containsExactly("test"));
  }

  @Test
  void anErrorEndsNeitherTheThreadOfASinkNorItsEvent() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            // Without an error handler an Error comes out as it is thrown.
            errorHandler(noErrorHandler());
            from("events:test")
                .process(
                    new org.apache.camel.AsyncProcessor() {
                      @Override
                      public void process(Exchange exchange) {
                        take(exchange);
                      }

                      @Override
                      public boolean process(
                          Exchange exchange, org.apache.camel.AsyncCallback callback) {
                        take(exchange);
                        callback.done(true);
                        return true;
                      }

                      @Override
                      public java.util.concurrent.CompletableFuture<Exchange> processAsync(
                          Exchange exchange) {
                        throw new UnsupportedOperationException();
                      }

                      private void take(Exchange exchange) {
                        if (calls.incrementAndGet() < 3) {
                          throw new OutOfMemoryError("as if");
                        }
                        got.add(exchange.getMessage().getBody());
                      }
                    });
          }
        });
    context.start();
    publish(event(1));
    await().untilAsserted(() -> assertThat(values()).containsExactly(1L));
    await().until(() -> sink("test").delivered() == 1);
  }

  @Test
  void aRolledBackExchangeCountsAsFailed() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("events:test")
                .process(
                    exchange -> {
                      if (calls.incrementAndGet() < 3) {
                        exchange.setRollbackOnly(true);
                      } else {
                        got.add(exchange.getMessage().getBody());
                      }
                    });
          }
        });
    context.start();
    publish(event(1));
    await().untilAsserted(() -> assertThat(values()).containsExactly(1L));
    assertThat(calls).hasValue(3);
  }

  /** What the error policy file says, with and without its first rule. */
  @Test
  void theShippedErrorPolicySetsAsideWhatItListsAndNothingElse() throws Exception {
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(
            PluginHelper.getResourceLoader(context)
                .resolveResource("file:routes/errors.camel.yaml"));
    ErrorPolicy.route(context, "test", got);
    context.start();
    publish(event(1));
    publish(event("k", "refuse", NOON));
    publish(event("k", "status 422", NOON));
    publish(event("k", "status 413", NOON));
    publish(event(2));
    await().untilAsserted(() -> assertThat(values()).containsExactly(1L, 2L));
    assertThat(sink("test").failed()).isEqualTo(3);
    assertThat(sink("test").state()).isEqualTo(SinkSnapshot.State.UP);
    for (String outage : List.of("status 401", "status 404", "status 429", "status 503", "down")) {
      publish(event("k", outage, NOON));
      await()
          .untilAsserted(() -> assertThat(sink("test").state()).isEqualTo(SinkSnapshot.State.DOWN));
      assertThat(sink("test").failed()).isEqualTo(3);
      ErrorPolicy.recover(context);
      await().until(() -> sink("test").lag() == 0);
      ErrorPolicy.fail(context);
    }
    assertThat(sink("test").failed()).isEqualTo(3);
  }

  @EditsRoute("errors")
  void withoutTheRuleInTheErrorPolicyFileTheEventIsTriedAgainInsteadOfSetAside() throws Exception {
    String yaml =
        ShippedRoute.of("errors").without("- org.cardatabridge.journal.EventRefused").yaml();
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(org.apache.camel.support.ResourceHelper.fromString("errors.camel.yaml", yaml));
    ErrorPolicy.route(context, "test", got);
    context.start();
    publish(event("k", "refuse", NOON));
    await()
        .untilAsserted(() -> assertThat(sink("test").state()).isEqualTo(SinkSnapshot.State.DOWN));
    assertThat(sink("test").failed()).isZero();
  }

  private static final String SPLITTING =
      """
      - route:
          id: splitting
          autoStartup: false
          from:
            uri: events:splitting
            parameters:
              batch: 10
              from: beginning
            steps:
              - %s:
                  %s
                  steps:
                    - bean:
                        ref: picky
                        method: take
      """;

  /** A target that refuses the second event in one way and the fourth in another. */
  public static final class Picky {
    private final List<Object> taken = new CopyOnWriteArrayList<>();

    /** Takes one event, or a list of them. */
    public void take(Object body) throws Exception {
      List<?> events = body instanceof List<?> list ? list : List.of(body);
      for (Object event : events) {
        Object value = ((CarEvent) event).value();
        if (value.equals(2L)) {
          throw new EventRefusedException("no such field");
        }
        if (value.equals(4L)) {
          throw new org.apache.camel.http.base.HttpOperationFailedException(
              "http://target/write", 422, "no", null, Map.of(), "");
        }
        taken.add(value);
      }
    }
  }

  private Picky splits(String policy, String step, String how) throws Exception {
    Picky picky = new Picky();
    context.getRegistry().bind("picky", picky);
    for (String yaml : List.of(policy, SPLITTING.formatted(step, how))) {
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(org.apache.camel.support.ResourceHelper.fromString("a.camel.yaml", yaml));
    }
    context.start();
    publishNumbers(1, 5);
    context.getRouteController().startRoute("splitting");
    await().until(() -> sink("splitting").lag() == 0);
    return picky;
  }

  private static final String EACH = "expression: {simple: {expression: \"${body}\"}}";

  @Test
  void whatIsRefusedInsideASplitIsSetAsideAndNotCountedAsDelivered() throws Exception {
    Picky picky = splits(ShippedRoute.of("errors").yaml(), "split", EACH);
    assertThat(sink("splitting").failed()).isEqualTo(2);
    assertThat(sink("splitting").delivered()).isEqualTo(3);
    assertThat(picky.taken).contains(1L, 3L, 5L).doesNotContain(2L, 4L);
    await().until(() -> journal.setAside().size() == 2);
    assertThat(journal.setAside())
        .extracting(refused -> refused.event().value())
        .containsExactly(2L, 4L);
  }

  @Test
  void whatIsRefusedInsideAMulticastIsSetAsideToo() throws Exception {
    splits(ShippedRoute.of("errors").yaml(), "multicast", "parallelProcessing: true");
    assertThat(sink("splitting").failed()).isEqualTo(2);
    assertThat(sink("splitting").delivered()).isEqualTo(3);
  }

  private static String withoutNote(String step) {
    String other = "- log: {message: refused}";
    return ShippedRoute.of("errors").after(step, other).without(step).yaml();
  }

  @EditsRoute("errors")
  void withoutItsNoteARefusalByAStepInsideASplitIsLost() throws Exception {
    splits(withoutNote("refused-by-a-step"), "split", EACH);
    assertThat(sink("splitting").failed()).isOne();
  }

  @EditsRoute("errors")
  void withoutItsNoteARefusalByAServerInsideASplitIsLost() throws Exception {
    splits(withoutNote("refused-by-a-server"), "split", EACH);
    assertThat(sink("splitting").failed()).isOne();
  }

  private static final String BUSY =
      """
      - route:
          id: busy
          autoStartup: false
          from:
            uri: events:busy
            parameters:
              batch: 10
              from: beginning
            steps:
              - bean:
                  ref: busy
                  method: take
      """;

  /** A target that answers 429 to each batch. */
  public static final class Busy {
    private final List<Integer> sizes = new CopyOnWriteArrayList<>();

    /** Takes nothing. */
    public void take(List<CarEvent> events) throws Exception {
      sizes.add(events.size());
      throw new org.apache.camel.http.base.HttpOperationFailedException(
          "http://target/write", 429, "slow down", null, Map.of("retry-after", "0"), "");
    }
  }

  private Busy busy(String policy) throws Exception {
    Busy busy = new Busy();
    context.getRegistry().bind("busy", busy);
    for (String yaml : List.of(policy, BUSY)) {
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(org.apache.camel.support.ResourceHelper.fromString("a.camel.yaml", yaml));
    }
    context.start();
    publishNumbers(1, 8);
    context.getRouteController().startRoute("busy");
    await().until(() -> busy.sizes.size() >= 6);
    return busy;
  }

  @Test
  void aTargetThatAsksForAPauseGetsTheSameBatchAgain() throws Exception {
    assertThat(busy(ShippedRoute.of("errors").yaml()).sizes).containsOnly(8);
    assertThat(sink("busy").failed()).isZero();
  }

  @EditsRoute("errors")
  void withoutThePropertyABusyTargetsBatchIsHalved() throws Exception {
    String yaml =
        ShippedRoute.of("errors").writing("name: cardata.retry-after", "name: mine").yaml();
    assertThat(busy(yaml).sizes).startsWith(8, 4, 2, 1);
  }

  @Test
  void theErrorPolicyLeavesRoutesThatAreNoSinksAlone() throws Exception {
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(
            PluginHelper.getResourceLoader(context)
                .resolveResource("file:routes/errors.camel.yaml"));
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:ingest")
                .process(
                    exchange -> {
                      throw new EventRefusedException("no");
                    });
          }
        });
    context.start();
    Exchange exchange = publisher.send("direct:ingest", e -> e.getMessage().setBody("x"));
    assertThat(exchange.getException()).isInstanceOf(EventRefusedException.class);
  }

  @Test
  void camelsHealthTellsThatATargetIsDownAndThatItIsBack() throws Exception {
    java.util.concurrent.atomic.AtomicBoolean down =
        new java.util.concurrent.atomic.AtomicBoolean(true);
    route(
        "r",
        "events:test",
        body -> {
          if (down.get()) {
            throw new java.net.ConnectException("refused");
          }
        });
    context.start();
    org.apache.camel.health.HealthCheck check =
        ((org.apache.camel.health.HealthCheckAware) context.getRoute("r").getConsumer())
            .getHealthCheck();
    assertThat(check.call().getState()).isEqualTo(org.apache.camel.health.HealthCheck.State.UP);
    publish(event(1));
    await()
        .untilAsserted(
            () -> {
              var result = check.call();
              assertThat(result.getState())
                  .isEqualTo(org.apache.camel.health.HealthCheck.State.DOWN);
              assertThat(result.getMessage().orElseThrow()).contains("test", "ConnectException");
            });
    down.set(false);
    await().until(() -> check.call().getState() == org.apache.camel.health.HealthCheck.State.UP);
  }

  @Test
  void aSecondRouteOfANameLeavesTheFirstOnesSinkAsItIs() throws Exception {
    route("first", "events:test", got::add);
    context.start();
    assertThatThrownBy(() -> route("second", "events:test", got::add))
        .hasMessageContaining("another route reads under this name");
    context.removeRoute("second");
    publish(event(1));
    await().until(() -> sink("test").delivered() == 1);
    assertThat(sink("test").enabled()).isTrue();
    assertThat(sink("test").state()).isEqualTo(SinkSnapshot.State.UP);
  }

  @Test
  void aTestOfAUsersRouteCanPutItsOwnEndsInPlaceOfTheJournal() throws Exception {
    route("own", "events:own", got::add);
    org.apache.camel.builder.AdviceWith.adviceWith(
        context, "own", advice -> advice.replaceFromWith("direct:own"));
    context.start();
    publisher.sendBody("direct:own", event(7));
    assertThat(values()).containsExactly(7L);
  }

  @Test
  void aMessageForSomeSinksIsKeptFromTheOthers() throws Exception {
    List<Object> others = Collections.synchronizedList(new ArrayList<>());
    route("meant", "events:meant", got::add);
    route("other", "events:other", others::add);
    context.start();
    publisher.sendBodyAndProperty(
        "events:publish", event(1), org.cardatabridge.CarMessage.SINKS, "meant,third");
    publish(event(2));
    await().until(() -> others.size() == 1 && got.size() == 2);
    assertThat(values()).containsExactly(1L, 2L);
    assertThat(((CarEvent) others.get(0)).value()).isEqualTo(2L);
    assertThat(sink("other").lag()).isZero();
  }

  @Test
  void aSinkThatWaitsForItsBatchStopsAtOnceAndHasItWaitingAtTheNextStart() throws Exception {
    route("gathers", "events:gathers?from=beginning&batch=100&gather=400d", got::add);
    context.start();
    publishNumbers(1, 1);
    await().until(() -> journal.sinks().get(0).lag() == 1);
    assertTimeoutPreemptively(
        Duration.ofSeconds(40), () -> context.getRouteController().stopRoute("gathers"));
    assertThat(got).isEmpty();
    assertThat(journal.sinks().get(0).lag()).isEqualTo(1);
    context.removeRoute("gathers");
    route("again", "events:gathers?batch=100&gather=1ms", got::add);
    await().until(() -> got.size() == 1);
    assertThat(got.get(0)).isEqualTo(List.of(event(1)));
  }
}
