// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.bucket.FakeBucket.answer;
import static org.cardatabridge.bucket.FakeBucket.gzipped;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.NotKeptException;
import org.cardatabridge.decode.Rescue;
import org.cardatabridge.journal.EventsComponent;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.JournalSettings;
import org.cardatabridge.routes.DirectBeans;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.CapturedLog;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.SetClock;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shipped routes that read a bucket, with Camel's own S3 component and a bucket in memory. */
@Timeout(120)
class BucketRoutesTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final String APP = "9FBBEDED80595912588FF4FF/level13/";

  @TempDir Path dir;
  private final SetClock clock = new SetClock(NOW);
  private final AtomicLong nanos = new AtomicLong();
  private final FakeBucket bucket = new FakeBucket();
  private final Map<String, String> settings = new TreeMap<>();
  private final List<String> read = new CopyOnWriteArrayList<>();
  private final List<String> topics = new CopyOnWriteArrayList<>();
  private final List<Object> received = new CopyOnWriteArrayList<>();
  private volatile Exception failing;
  private DefaultCamelContext context;
  private Journal journal;
  private BucketWalk walk;
  private TakenObjects taken;

  @AfterEach
  void end() {
    if (context != null) {
      context.stop();
      journal.close();
    }
  }

  private static ShippedRoute[] shipped() {
    return new ShippedRoute[] {
      ShippedRoute.of("ingest-s3"),
      ShippedRoute.of("ingest-s3-object"),
      ShippedRoute.of("ingest-s3-messages")
    };
  }

  private void start() throws Exception {
    start(shipped());
  }

  private void start(ShippedRoute... routes) throws Exception {
    end();
    settings.put("cardata.highmobility.s3.enabled", "true");
    Settings values = Settings.defaults().with(settings);
    context = new DefaultCamelContext();
    journal = new Journal(JournalSettings.in(dir), clock);
    EventsComponent events = new EventsComponent();
    events.setJournal(journal);
    context.addComponent("events", events);
    DirectBeans.installIn(context);
    settings.forEach(context.getPropertiesComponent()::addInitialProperty);
    taken = new TakenObjects(journal.rows(), BucketWalk.place(values), clock, nanos::get);
    walk = new BucketWalk(values, taken, clock, nanos::get, () -> false);
    context.getRegistry().bind("bucketTaken", taken);
    context.getRegistry().bind("bucketWalk", walk);
    context.getRegistry().bind("bucketReader", new ObjectReader(values, clock, () -> false));
    context.getRegistry().bind("bucketClient", bucket);
    context.getRegistry().bind("rescue", new Rescue());
    context
        .getExecutorServiceManager()
        .registerThreadPoolProfile(
            new ThreadPoolProfileBuilder("bucket").poolSize(1).maxPoolSize(1).build());
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:flatten")
                .errorHandler(noErrorHandler())
                .process(
                    exchange -> {
                      if (failing != null) {
                        throw failing;
                      }
                      String text = exchange.getMessage().getBody(String.class);
                      read.add(text.replaceAll(".*\"n\":(\\w+).*", "$1"));
                      topics.add(exchange.getProperty("cardata.topic", String.class));
                      received.add(exchange.getProperty("cardata.received"));
                    })
                .to("events:publish");
          }
        });
    for (ShippedRoute route : routes) {
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(ResourceHelper.fromString(route.file() + ".camel.yaml", route.yaml()));
    }
    AdviceWith.adviceWith(context, "ingest-s3", advice -> advice.replaceFromWith("direct:tick"));
    context.start();
  }

  private void look() {
    assertThat(context.createFluentProducerTemplate().to("direct:tick").send().getException())
        .isNull();
  }

  private void later(Duration by) {
    clock.move(by);
    nanos.addAndGet(by.toNanos());
  }

  private static String message(Object... names) {
    List<String> all = new ArrayList<>();
    for (Object name : names) {
      all.add("{\"message_id\":\"" + name + "\",\"vin\":\"V\",\"data\":{\"n\":" + name + "}}");
    }
    return "[" + String.join(",\n ", all) + "]";
  }

  private void put(String name, Object... messages) {
    bucket.put(name, message(messages), clock.instant());
  }

  private List<String> reasons() {
    return taken.lastSetAside().stream().map(SetAsideObject::text).toList();
  }

  @Test
  void eachObjectIsReadOnceInTheOrderOfItsTime() throws Exception {
    put(APP + "2026/11/22/101500-bb.json", 3, 4);
    put(APP + "2026/11/21/235959-aa.json", 2);
    put(APP + "2026/01/05/000000-cc.json", 1);
    put("second-app/level13/2026/11/22/090000-aa.json", 5);
    start();
    look();
    assertThat(read).containsExactly("1", "2", "3", "4", "5");
    later(Duration.ofMinutes(1));
    put(APP + "2026/11/22/115900-aa.json", 6);
    look();
    look();
    assertThat(read).containsExactly("1", "2", "3", "4", "5", "6");
    assertThat(bucket.gets).hasSize(5);
  }

  @Test
  void monthsWithoutALeadingZeroAreInOrderToo() throws Exception {
    put(APP + "2026/10/1/080000-a.json", 2);
    put(APP + "2026/9/30/080000-a.json", 1);
    start();
    look();
    assertThat(read).containsExactly("1", "2");
    put(APP + "2026/10/2/080000-a.json", 3);
    later(Duration.ofHours(2));
    look();
    look();
    assertThat(read).containsExactly("1", "2", "3");
  }

  @Test
  void messagesAreNamedWithoutTheApplicationAndTimedByTheirWriting() throws Exception {
    bucket.put(APP + "2026/11/21/101500-bb.json", message(1), NOW.minusSeconds(86_400));
    start();
    look();
    assertThat(topics).containsExactly("s3:2026-11-21-101500-bb.json");
    assertThat(received).containsExactly(NOW.minusSeconds(86_400));
    assertThat(walk.snapshot().lastObject()).isEqualTo("2026/11/21/101500-bb.json");
  }

  @Test
  void whatArrivesLateUnderAnOlderDateIsReadWithinAnHour() throws Exception {
    put(APP + "2026/11/22/101500-bb.json", 1);
    start();
    look();
    later(Duration.ofMinutes(1));
    put(APP + "2026/11/22/080000-aa.json", 2);
    put(APP + "2026/11/18/080000-aa.json", 3);
    look();
    assertThat(read).containsExactly("1", "2");
    later(Duration.ofMinutes(60));
    look();
    assertThat(read).containsExactly("1", "2", "3");
  }

  @Test
  void aRestartReadsNothingAgainAndAnObjectWrittenAnewIs() throws Exception {
    put(APP + "2026/11/22/101500-bb.json", 1);
    put(APP + "2026/11/22/101600-bb.json", 2);
    start();
    look();
    start();
    look();
    assertThat(read).containsExactly("1", "2");
    put(APP + "2026/11/22/101500-bb.json", 3);
    look();
    assertThat(read).containsExactly("1", "2", "3");
  }

  @Test
  void whatCannotBeReadIsSetAsideOnceAndTheOthersFollow() throws Exception {
    byte[] gzipped = gzipped(message(7, 8).getBytes(StandardCharsets.UTF_8));
    byte[] half = new byte[gzipped.length / 2];
    System.arraycopy(gzipped, 0, half, 0, half.length);
    String day = APP + "2026/11/22/";
    bucket.put(day + "01-a.json", "perhaps", NOW);
    bucket.put(day + "02-a.json.gz", half, NOW);
    bucket.put(day + "03-a.json", new byte[] {'['}, NOW, 60L << 20);
    bucket.put(
        day + "04-a.json",
        "{\"account\":\"a\",\"vin\":\"V\",\"vehicle\":\"v\",\"key\":\"k\",\"value\":1,"
            + "\"received\":\"t\",\"source\":\"stream\"}",
        NOW);
    bucket.put(day + "05-a.json", "{\"Records\":[{\"eventVersion\":1}]}", NOW);
    bucket.put(day + "06-a.json", message(1).replace("]", ",{\"vin\":"), NOW);
    bucket.put(day + "07-a.json", "", NOW);
    bucket.put(day + "08-a.txt", "a note", NOW);
    bucket.put(day + "09-a.json.gz", gzipped, NOW);
    start();
    try (CapturedLog log = CapturedLog.open()) {
      look();
      assertThat(read).containsExactly("1", "7", "8");
      assertThat(reasons())
          .containsExactlyInAnyOrder(
              "Reading 2026/11/22/01-a.json from the bucket: it is no JSON",
              "Reading 2026/11/22/02-a.json.gz from the bucket: it is not gzipped as it says",
              "Reading 2026/11/22/03-a.json from the bucket: it has 60 MB, and at most 50 are read",
              "Reading 2026/11/22/04-a.json from the bucket: it is an export of a bridge — have the"
                  + " sink s3 or file write to another place",
              "Reading 2026/11/22/05-a.json from the bucket: it holds no messages of High Mobility —"
                  + " set cardata.highmobility.s3.prefix where others write to the bucket too",
              "Reading 2026/11/22/06-a.json from the bucket: it is no JSON");
      assertThat(walk.snapshot().setAside()).isEqualTo(6);
      later(Duration.ofHours(3));
      look();
      start();
      look();
      assertThat(bucket.gets).hasSize(8);
      assertThat(reasons()).hasSize(6);
      assertThat(log.lines("it is no JSON")).hasSize(2);
      assertThat(log.lines("9FBBEDED80595912588FF4FF")).isEmpty();
    }
  }

  @Test
  void filesOfTheSinkS3AreLeftAlone() throws Exception {
    for (int i = 0; i < 30; i++) {
      put("day=2026-11-22/vehicle=V/1200%02d.000000Z-0a.ndjson.gz".formatted(i), 1);
    }
    put("x/level13/2026/11/22/101500-bb.json", 2);
    start();
    look();
    look();
    assertThat(read).containsExactly("2");
    assertThat(reasons()).hasSize(1).allMatch(text -> text.contains("files of the sink s3"));
    assertThat(bucket.gets).hasSize(1);
  }

  @Test
  void anObjectThatMayNotBeReadIsTriedAgainAndHoldsNobodyUp() throws Exception {
    String locked = APP + "2026/11/22/01-a.json";
    put(locked, 1);
    put(APP + "2026/11/22/02-a.json", 2);
    bucket.fault(locked, answer(403, "AccessDenied"));
    start();
    look();
    look();
    assertThat(read).containsExactly("2");
    assertThat(bucket.gets).hasSize(2);
    assertThat(reasons()).hasSize(1).allMatch(text -> text.contains("s3:GetObject"));
    bucket.mend(locked);
    later(Duration.ofHours(2));
    look();
    assertThat(read).containsExactly("2", "1");
    assertThat(reasons()).isEmpty();
  }

  @Test
  void aKeyThatMayListOnlySetsNothingAsideForGood() throws Exception {
    List<String> all = IntStream.range(0, 30).mapToObj(i -> Integer.toString(100 + i)).toList();
    all.forEach(n -> put(APP + "2026/11/22/" + n + "-a.json", n));
    bucket.fault("get", answer(403, "AccessDenied"));
    start();
    look();
    assertThat(bucket.gets).hasSize(20);
    assertThat(walk.snapshot().state()).isEqualTo("down");
    assertThat(walk.snapshot().lastError()).contains("s3:GetObject");
    for (int day = 0; day < 10; day++) {
      later(Duration.ofDays(1));
      look();
    }
    bucket.mend("get");
    later(Duration.ofDays(2));
    look();
    assertThat(read).containsExactlyInAnyOrderElementsOf(all);
    assertThat(walk.snapshot().state()).isEqualTo("waiting");
  }

  @Test
  void aLockedObjectIsGivenUpAfterAWeekInWhichOthersCame() throws Exception {
    String locked = APP + "2026/11/22/01-a.json";
    put(locked, 99);
    bucket.fault(locked, answer(403, "AccessDenied"));
    start();
    look();
    for (int day = 1; day < 12; day++) {
      later(Duration.ofDays(1));
      String date = clock.instant().toString().substring(0, 10).replace('-', '/');
      put(APP + date + "/01-a.json", day);
      look();
    }
    assertThat(taken.days().values()).allMatch(day -> day.isAfter(LocalDate.of(2026, 11, 22)));
    bucket.mend(locked);
    later(Duration.ofDays(1));
    look();
    assertThat(read).doesNotContain("99").hasSize(11);
  }

  @Test
  void aBucketThatSaysNoIsSaidOnceAndAskedLessAndLess() throws Exception {
    bucket.fault("list", answer(403, "RequestTimeTooSkewed"));
    start();
    try (CapturedLog log = CapturedLog.open()) {
      for (int second = 0; second < 3600; second += 10) {
        look();
        later(Duration.ofSeconds(10));
      }
      assertThat(bucket.lists.get()).isBetween(5, 8);
      assertThat(walk.snapshot().lastError())
          .isEqualTo(
              "Reading the bucket: it answers 403 (RequestTimeTooSkewed): this machine's clock is"
                  + " off by minutes; set it, best by NTP — see docs/highmobility-s3.md");
      assertThat(log.lines("off by minutes")).hasSize(1);
      assertThat(log.lines("AKIA")).isEmpty();
      put(APP + "2026/11/22/01-a.json", 1);
      bucket.mend("list");
      later(Duration.ofMinutes(16));
      look();
      assertThat(read).containsExactly("1");
      assertThat(walk.snapshot().lastError()).isNull();
      assertThat(log.lines("it works again")).hasSize(1);
    }
  }

  @Test
  void aBucketThatGoesAwayInTheMiddleLosesNothing() throws Exception {
    put(APP + "2026/11/22/01-a.json", 1);
    put(APP + "2026/11/22/02-a.json", 2);
    put(APP + "2026/11/22/03-a.json", 3);
    bucket.fault(APP + "2026/11/22/02-a.json", FakeBucket.silence());
    start();
    look();
    assertThat(read).containsExactly("1");
    assertThat(walk.snapshot().lastError()).contains("it does not answer in time");
    byte[] whole = message(2).getBytes(StandardCharsets.UTF_8);
    bucket.mend(APP + "2026/11/22/02-a.json");
    bucket.put(APP + "2026/11/22/02-a.json", whole, NOW, whole.length + 5L);
    later(Duration.ofMinutes(2));
    look();
    assertThat(walk.snapshot().lastError()).contains("ended too early");
    bucket.put(APP + "2026/11/22/02-a.json", whole, NOW);
    later(Duration.ofMinutes(10));
    look();
    assertThat(read).containsExactly("1", "2", "2", "3");
    assertThat(reasons()).isEmpty();
  }

  @Test
  void aMessageThatTheJournalCannotKeepIsReadAgain() throws Exception {
    put(APP + "2026/11/22/01-a.json", 1, 2);
    failing = new NotKeptException(new IllegalStateException("full"));
    start();
    look();
    assertThat(walk.snapshot().state()).isEqualTo("down");
    failing = null;
    later(Duration.ofMinutes(2));
    look();
    assertThat(read).containsExactly("1", "2");
  }

  @Test
  void aMessageOnWhichAStepFailsIsKeptAsItCame() throws Exception {
    put(APP + "2026/11/22/01-a.json", 1, 2);
    failing = new IllegalArgumentException("mine");
    start();
    look();
    assertThat(journal.snapshot().unparsed()).isEqualTo(2);
    assertThat(walk.snapshot().taken()).isEqualTo(1);
  }

  @Test
  void aYearOfObjectsIsNotListedAtEachLook() throws Exception {
    for (int day = 0; day < 300; day++) {
      String date = clock.instant().minus(Duration.ofDays(day)).toString().substring(0, 10);
      for (int i = 0; i < 10; i++) {
        put(APP + date.replace('-', '/') + "/%02d0000-a.json".formatted(i), 1);
      }
    }
    start();
    look();
    assertThat(read).hasSize(3000);
    bucket.names.set(0);
    bucket.lists.set(0);
    later(Duration.ofMinutes(1));
    look();
    assertThat(bucket.names.get()).isLessThan(30);
    assertThat(bucket.lists.get()).isLessThanOrEqualTo(3);
    later(Duration.ofHours(1));
    bucket.names.set(0);
    look();
    assertThat(bucket.names.get()).isLessThan(100);
    assertThat(journal.rows().<Integer>read(file -> TakenRows.all(file, "cardata/").size()))
        .isLessThan(100);
  }

  @Test
  @Tag("long")
  @Timeout(600)
  void aHundredThousandObjectsAreReadOnce() throws Exception {
    int objects = 100_000;
    for (int i = 0; i < objects; i++) {
      String date = NOW.minus(Duration.ofDays(i % 365)).toString().substring(0, 10);
      bucket.put(
          APP + date.replace('-', '/') + "/%06d-a.json".formatted(i / 365), message(1, 2, 3), NOW);
    }
    start();
    long began = System.nanoTime();
    look();
    long read = System.nanoTime() - began;
    assertThat(walk.snapshot().taken()).isEqualTo(objects);
    int lists = bucket.lists.getAndSet(0);
    later(Duration.ofMinutes(1));
    began = System.nanoTime();
    look();
    long idle = System.nanoTime() - began;
    int open = journal.rows().<Integer>read(file -> TakenRows.all(file, "cardata/").size());
    System.out.printf(
        "%d objects of 3 messages: %d ms, %d lists; a look afterwards: %d ms, %d lists, %d names in"
            + " all; %d rows stay%n",
        objects,
        read / 1_000_000,
        lists,
        idle / 1_000_000,
        bucket.lists.get(),
        bucket.names.get(),
        open);
    assertThat(open).isLessThan(3_000);
    assertThat(bucket.gets).hasSize(objects);
  }

  @EditsRoute("ingest-s3")
  void aFilterPutInLeavesObjectsWhereTheyAre() throws Exception {
    ShippedRoute[] routes = shipped();
    routes[0] =
        routes[0].before(
            "uri: direct:ingest-s3-object",
            """
            - filter:
                expression: {simple: {expression: "${body.name} contains 'second'"}}
                steps:
                  - stop: {}
            """);
    put("a-second/level13/2026/11/22/01-a.json", 2);
    put("a-second/level13/2026/11/22/02-a.json", 2);
    put("b/level13/2026/11/22/01-a.json", 1);
    start(routes);
    look();
    assertThat(read).containsExactly("1");
  }

  @EditsRoute("ingest-s3")
  void withoutTheOrderNothingIsRead() throws Exception {
    ShippedRoute[] routes = shipped();
    routes[0] = routes[0].without("method: inOrder");
    put(APP + "2026/11/22/01-a.json", 1);
    start(routes);
    look();
    assertThat(read).isEmpty();
    assertThat(walk.snapshot().state()).isEqualTo("down");
  }

  @EditsRoute("ingest-s3-object")
  void withoutTheEndAHalfObjectCountsAsRead() throws Exception {
    ShippedRoute[] routes = shipped();
    routes[1] = routes[1].without("method: end");
    bucket.put(APP + "2026/11/22/01-a.json", "[", NOW);
    start(routes);
    look();
    assertThat(reasons()).isEmpty();
    assertThat(walk.snapshot().taken()).isEqualTo(1);
  }

  @EditsRoute("ingest-s3-object")
  void withoutTheFilterEachLookReadsEverythingAgain() throws Exception {
    ShippedRoute[] routes = shipped();
    routes[1] = routes[1].writing("${header.CamelAwsS3Key} ${header", "${exchangeId} ${header");
    put(APP + "2026/11/22/01-a.json", 1);
    start(routes);
    look();
    look();
    assertThat(read).containsExactly("1", "1");
  }

  @EditsRoute("ingest-s3-messages")
  void aStepPutInSeesEachMessage() throws Exception {
    ShippedRoute[] routes = shipped();
    routes[2] =
        routes[2].before(
            "uri: direct:flatten",
            """
            - filter:
                expression: {simple: {expression: "${bodyAs(String)} contains '\\"n\\":2'"}}
                steps:
                  - stop: {}
            """);
    put(APP + "2026/11/22/01-a.json", 1, 2, 3);
    start(routes);
    look();
    assertThat(read).containsExactly("1", "3");
    assertThat(walk.snapshot().taken()).isEqualTo(1);
  }
}
