// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.cardatabridge.journal.EventsComponent;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.Pauses;
import org.cardatabridge.journal.SinkSnapshot;
import org.cardatabridge.routes.AccountFunction;
import org.cardatabridge.routes.AccountRoutes;
import org.cardatabridge.routes.RouteFile;
import org.cardatabridge.routes.RouteFolder;
import org.cardatabridge.testing.CapturedLog;
import org.cardatabridge.testing.SetClock;
import org.cardatabridge.web.RouteProblem;
import org.cardatabridge.web.RouteProblems;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Route files that are dropped in, changed and removed while everything runs. */
@Timeout(240)
class RouteReloadTest {

  private static final Instant NOON = Instant.parse("2026-07-27T12:00:00Z");

  @TempDir Path folder;
  private final Journal journal = Journal.temporary(Clock.systemUTC());
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final ProducerTemplate publisher = context.createProducerTemplate();
  private final EventsComponent events = new EventsComponent();
  private final Target target = new Target();
  private final SetClock clock = new SetClock(NOON);
  private final RouteProblems problems = new RouteProblems();
  private RouteFolder routes;

  /** What a sink delivers to: collects, refuses or hangs. */
  public static final class Target {
    private final List<String> got = new CopyOnWriteArrayList<>();
    private final AtomicInteger inside = new AtomicInteger();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean isPatient;

    /** One event with the word of the route that brings it. */
    public void take(Exchange exchange) throws InterruptedException {
      inside.incrementAndGet();
      try {
        CountDownLatch closed = gate;
        while (closed.getCount() > 0) {
          try {
            closed.await();
          } catch (InterruptedException e) {
            if (!isPatient) {
              throw e;
            }
          }
        }
        CarEvent event = exchange.getMessage().getBody(CarEvent.class);
        got.add(exchange.getMessage().getHeader("word") + " " + event.value());
      } finally {
        inside.decrementAndGet();
      }
    }
  }

  /** A bean as a file binds one. */
  public static final class Word {
    private String word;

    /** Sets it. */
    public void setWord(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  @BeforeEach
  void start() {
    events.setJournal(journal);
    events.setPauses(new Pauses(Duration.ofMillis(1), Duration.ofMillis(5), () -> 0.5));
    context.addComponent("events", events);
    context.getRegistry().bind("target", target);
    context
        .getPropertiesComponent()
        .addPropertiesFunction(new AccountFunction((account, key) -> account + "-" + key));
    context.start();
  }

  @AfterEach
  void stop() {
    target.gate.countDown();
    context.stop();
    journal.close();
  }

  private List<RouteFile> load() {
    routes =
        new RouteFolder(
            context,
            new AccountRoutes(context, List.of("main", "wife")),
            new JournalSinkNews(journal, problems),
            clock);
    return routes.load(RouteFolder.Choice.all(folder), () -> {});
  }

  /** Looks as often as a settled change needs. */
  private void look() {
    routes.look();
    routes.look();
    routes.look();
  }

  private void lookUntilQuiet() {
    look();
    await().until(() -> !routes.look());
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name + RouteFolder.SUFFIX), text);
  }

  private void delete(String name) throws IOException {
    Files.delete(folder.resolve(name + RouteFolder.SUFFIX));
  }

  private static String sink(String id, String name, String word) {
    return """
    - route:
        id: %s
        from:
          uri: events:%s
          steps:
            - setHeader:
                name: word
                expression:
                  constant:
                    expression: "%s"
            - bean:
                ref: target
                method: take
    """
        .formatted(id, name, word);
  }

  private static String direct(String id, String word) {
    return """
    - route:
        id: %s
        from:
          uri: direct:%s
          steps:
            - setBody:
                expression:
                  constant:
                    expression: "%s"
    """
        .formatted(id, id, word);
  }

  private void publish(long from, long to) {
    LongStream.rangeClosed(from, to)
        .mapToObj(RouteReloadTest::event)
        .forEach(event -> publisher.sendBody("events:publish", event));
  }

  private static CarEvent event(long n) {
    Instant at = NOON.plusSeconds(n);
    return new CarEvent("main", "WBY00TEST00000001", "car", "a.b", n, "km", at, at, "stream");
  }

  private Optional<SinkSnapshot> status(String sink) {
    return journal.sinks().stream().filter(s -> s.name().equals(sink)).findFirst();
  }

  private List<Long> numbers() {
    return target.got.stream().map(got -> Long.parseLong(got.split(" ")[1])).toList();
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void aFileThatIsDroppedInIsLiveAtTheSecondLook() throws IOException {
    load();
    write("sink-hook", sink("sink-hook", "hook", "new"));
    routes.look();
    assertThat(context.getRoute("sink-hook")).isNull();

    routes.look();
    publish(1, 2);

    await().until(() -> target.got.equals(List.of("new 1", "new 2")));
    assertThat(status("hook")).get().extracting(SinkSnapshot::state).hasToString("UP");
  }

  @Test
  void aFileThatIsStillBeingWrittenIsWaitedFor() throws IOException {
    load();
    String whole = sink("sink-hook", "hook", "new");
    try (CapturedLog log = CapturedLog.open()) {
      for (int length : new int[] {0, 0, 0, 20, 60, whole.length() / 2}) {
        write("sink-hook", whole.substring(0, length));
        routes.look();
      }
      write("sink-hook", whole);
      look();
      assertThat(log.warnings()).isEmpty();
    }
    assertThat(context.getRoute("sink-hook")).isNotNull();
  }

  @Test
  void anEmptiedFileChangesNothing() throws IOException {
    write("sink-hook", sink("sink-hook", "hook", "old"));
    load();
    write("sink-hook", "");
    look();
    assertThat(context.getRoute("sink-hook")).isNotNull();
  }

  @Test
  void aFileThatIsTouchedKeepsItsRoutes() throws IOException {
    write("sink-hook", sink("sink-hook", "hook", "old"));
    load();
    Object before = context.getRoute("sink-hook");
    Files.setLastModifiedTime(
        folder.resolve("sink-hook.camel.yaml"), java.nio.file.attribute.FileTime.from(NOON));
    look();
    assertThat(context.getRoute("sink-hook")).isSameAs(before);
  }

  @Test
  void aFileThatAnEditorReplacesByRenamingIsAChangeAndNoRemoval() throws IOException {
    write("sink-hook", sink("sink-hook", "hook", "old"));
    load();
    delete("sink-hook");
    write("sink-other", sink("sink-other", "other", "x"));
    routes.look();
    assertThat(context.getRoute("sink-hook")).isNotNull();
    Path part = Files.writeString(folder.resolve(".sink-hook.swp"), sink("sink-hook", "hook", "n"));
    Files.move(part, folder.resolve("sink-hook.camel.yaml"));
    look();

    publish(1, 1);
    await().until(() -> target.got.contains("n 1"));
  }

  @Test
  void changesUnderLoadLoseAndRepeatNothing() throws Exception {
    write("sink-hook", sink("sink-hook", "hook", "v0"));
    load();
    int all = 6_000;
    Thread load = new Thread(() -> publish(1, all));
    load.start();
    for (int version = 1; version <= 10; version++) {
      int before = target.got.size();
      await().until(() -> target.got.size() > before || !load.isAlive());
      write("sink-hook", sink("sink-hook", "hook", "v" + version));
      lookUntilQuiet();
    }
    load.join();

    await().atMost(Duration.ofSeconds(60)).until(() -> target.got.size() >= all);
    assertThat(numbers()).isEqualTo(range(1, all));
    assertThat(status("hook")).get().extracting(SinkSnapshot::failed).isEqualTo(0L);
    assertThat(target.got.stream().map(got -> got.split(" ")[0]).distinct().toList())
        .as("several versions delivered")
        .hasSizeGreaterThan(3);
  }

  @Test
  void aDeletedFileStopsItsRoutesAndItsPositionIsKept() throws IOException {
    write("sink-hook", sink("sink-hook", "hook", "old"));
    write("sink-other", sink("sink-other", "other", "other"));
    load();
    publish(1, 2);
    await().until(() -> target.got.size() == 4);

    delete("sink-hook");
    lookUntilQuiet();
    assertThat(context.getRoute("sink-hook")).isNull();
    assertThat(status("hook")).isEmpty();
    publish(3, 4);
    await().until(() -> target.got.containsAll(List.of("other 3", "other 4")));
    assertThat(target.got).doesNotContain("old 3");

    write("sink-hook", sink("sink-hook", "hook", "again"));
    lookUntilQuiet();
    await().until(() -> target.got.containsAll(List.of("again 3", "again 4")));
    assertThat(target.got).hasSize(8);
  }

  @Test
  void aBrokenFileIsShownWithItsLineAndHarmsNoOther() throws IOException {
    write("sink-other", sink("sink-other", "other", "other"));
    load();
    Object before = context.getRoute("sink-other");
    try (CapturedLog log = CapturedLog.open()) {
      write("sink-hook", sink("sink-hook", "hook", "new").replace("steps:", "stepz:"));
      look();
      look();

      assertThat(log.warnings())
          .singleElement()
          .asString()
          .contains("sink-hook.camel.yaml: line 5: ", "stepz");
    }
    SinkSnapshot broken = status("hook").orElseThrow();
    assertThat(broken.state()).isEqualTo(SinkSnapshot.State.BROKEN);
    assertThat(broken.lastError()).startsWith("sink-hook.camel.yaml, line 5: ");
    assertThat(context.getRoute("sink-other")).isSameAs(before);

    delete("sink-hook");
    look();
    assertThat(status("hook")).isEmpty();
  }

  @Test
  void aRefusedFileWithAnotherNameIsShownAtTheSinkThatItReadsFor() throws IOException {
    write("tele", sink("tele", "tele", "x").replace("steps:", "stepz:"));
    load();
    assertThat(status("tele"))
        .get()
        .satisfies(s -> assertThat(s.lastError()).startsWith("tele.camel.yaml, line 5: "));

    write("tele", sink("tele", "other", "x").replace("steps:", "stepz:"));
    look();
    assertThat(status("tele")).isEmpty();
    assertThat(status("other")).get().extracting(SinkSnapshot::state).hasToString("BROKEN");

    write("tele", sink("tele", "tele", "x"));
    lookUntilQuiet();
    assertThat(status("other")).isEmpty();
    assertThat(status("tele")).get().extracting(SinkSnapshot::state).hasToString("UP");
  }

  @Test
  void aRefusedFileThatIsNoSinksIsInTheListOfProblemsUntilItIsMendedOrGone() throws IOException {
    write("errors", "- routeConfiguration:\n    onExeption: []\n");
    write("sink-hook", sink("sink-hook", "hook", "x"));
    write("tele", sink("sink-hook", "hook", "copy"));
    load();
    assertThat(problems.all())
        .extracting(RouteProblem::file)
        .containsExactly("errors.camel.yaml", "tele.camel.yaml");
    assertThat(problems.all().get(0).problem())
        .startsWith("line 2: ")
        .endsWith(" — the file is skipped, all others run");
    assertThat(status("hook")).get().extracting(SinkSnapshot::state).hasToString("UP");

    write("errors", "- routeConfiguration: {}\n");
    delete("tele");
    lookUntilQuiet();
    assertThat(problems.all()).isEmpty();
  }

  @Test
  void aLongReasonIsCutAndNotWhatGoesOn() throws IOException {
    write("sink-hook", sink("sink-hook", "hook", "old"));
    load();
    write(
        "sink-hook", sink("sink-hook", "hook", "x").replace("bean:", "b" + "e.".repeat(300) + ":"));
    look();
    assertThat(status("hook").orElseThrow().lastError())
        .contains("…")
        .hasSizeLessThan(400)
        .endsWith(" — the version before it goes on");
  }

  @Test
  void theLogOfARefusedFileShowsNoQueryAndNoPassword() throws IOException {
    try (CapturedLog log = CapturedLog.open()) {
      write(
          "sink-hook",
          sink("sink-hook", "hook", "x")
              .replace("events:hook", "events:hook?from=https://me:hunter2@host/in?token=abcdef"));
      load();
      assertThat(log.warnings())
          .singleElement()
          .asString()
          .contains("sink-hook.camel.yaml")
          .doesNotContain("abcdef", "hunter2");
    }
  }

  @Test
  void anOptionOfEventsThatIsNotThereIsNamed() throws IOException {
    write("sink-hook", sink("sink-hook", "hook?batchSize=5", "x"));
    load();
    assertThat(status("hook").orElseThrow().lastError())
        .startsWith("sink-hook.camel.yaml, line 4: events has no option 'batchSize' — ");
  }

  @Test
  void aSwapIsNotShownAsSwitchedOff() throws Exception {
    write("sink-hook", sink("sink-hook", "hook", "v0"));
    load();
    target.gate = new CountDownLatch(1);
    publish(1, 1);
    await().until(() -> target.inside.get() == 1);
    write("sink-hook", sink("sink-hook", "hook", "v1"));
    look();
    assertThat(status("hook")).get().extracting(SinkSnapshot::state).hasToString("UP");

    AtomicBoolean isOver = new AtomicBoolean();
    List<String> seen = new CopyOnWriteArrayList<>();
    Thread watcher =
        new Thread(
            () -> {
              while (!isOver.get()) {
                status("hook").map(s -> s.state() + " " + s.enabled()).ifPresent(seen::add);
                java.util.concurrent.locks.LockSupport.parkNanos(100_000);
              }
            });
    watcher.start();
    target.gate.countDown();
    lookUntilQuiet();
    isOver.set(true);
    watcher.join();
    assertThat(seen).isNotEmpty().containsOnly("UP true");

    write(
        "sink-hook",
        sink("sink-hook", "hook", "v2")
            .replace("id: sink-hook", "id: sink-hook\n    autoStartup: false"));
    lookUntilQuiet();
    assertThat(status("hook")).get().extracting(SinkSnapshot::state).hasToString("DISABLED");
  }

  @Test
  void aBrokenEditLeavesTheVersionBeforeItRunningUntilItIsMended() throws IOException {
    write("sink-hook", sink("sink-hook", "hook", "old"));
    load();
    for (String wrong :
        List.of(
            sink("sink-hook", "hook", "bad") + "- nonsense\n",
            sink("sink-hook", "hook", "bad") + "  x: [",
            sink("sink-hook", "hook", "bad").replace("bean:", "ben:"),
            "- route: 5\n",
            "# nothing\n",
            sink("sink-hook", "hook", "bad").replace("ref: target", "ref: noSuchBean"),
            sink("sink-hook", "hook", "bad").replace("\"bad\"", "\"{{no.such.setting}}\""),
            sink("sink-hook", "hook?from=never", "bad"))) {
      write("sink-hook", wrong);
      lookUntilQuiet();
      assertThat(status("hook"))
          .as(wrong)
          .get()
          .satisfies(
              s -> {
                assertThat(s.state()).isEqualTo(SinkSnapshot.State.BROKEN);
                assertThat(s.enabled()).isTrue();
                assertThat(s.lastError())
                    .startsWith("sink-hook.camel.yaml, ")
                    .endsWith(" — the version before it goes on");
              });
    }
    publish(1, 3);
    await().until(() -> numbers().equals(range(1, 3)));
    assertThat(target.got).allMatch(got -> got.startsWith("old"));

    write("sink-hook", sink("sink-hook", "hook", "mended"));
    lookUntilQuiet();
    publish(4, 4);
    await().until(() -> target.got.contains("mended 4"));
    assertThat(status("hook")).get().extracting(SinkSnapshot::state).hasToString("UP");
  }

  /** A bean that has something to close. */
  public static final class Door {
    private final AtomicInteger closed = new AtomicInteger();

    /** Named in {@code destroyMethod}. */
    public void shut() {
      closed.incrementAndGet();
    }
  }

  @Test
  void aBeanIsEndedWhenItsVersionIsReplacedAndNotWhenAnEditIsOnlyLookedAt() throws IOException {
    String door =
        "- beans:\n    - name: door\n      type: %s\n      destroyMethod: shut\n"
            .formatted(Door.class.getName());
    write("my-own", direct("my-own", "x"));
    write("sink-hook", door + sink("sink-hook", "hook", "old"));
    load();
    Door old = context.getRegistry().lookupByNameAndType("door", Door.class);

    write("sink-hook", door + sink("sink-hook", "hook?from=never", "new"));
    lookUntilQuiet();
    assertThat(status("hook").orElseThrow().state()).isEqualTo(SinkSnapshot.State.BROKEN);
    assertThat(context.getRegistry().lookupByName("door")).isSameAs(old);
    assertThat(old.closed).as("it goes on").hasValue(0);

    write("sink-hook", "- beans: []\n" + sink("sink-hook", "hook", "new") + "- nonsense\n");
    lookUntilQuiet();
    assertThat(context.getRegistry().lookupByName("door")).isSameAs(old);
    assertThat(old.closed).hasValue(0);

    write("sink-hook", door + sink("sink-hook", "hook", "new"));
    lookUntilQuiet();
    Door current = context.getRegistry().lookupByNameAndType("door", Door.class);
    assertThat(current).isNotSameAs(old);
    assertThat(old.closed).as("its version is over").hasValue(1);
    assertThat(current.closed).hasValue(0);

    delete("sink-hook");
    lookUntilQuiet();
    assertThat(current.closed).hasValue(1);
  }

  private static String bean(String name, String word) {
    return "- beans:\n    - name: %s\n      type: %s\n      properties:\n        word: %s\n"
        .formatted(name, Word.class.getName(), word);
  }

  @Test
  void aFileThatNamesABeanOfTheBridgeIsRefusedAndTheBeanStays() throws IOException {
    write("sink-first", bean("target", "first") + sink("sink-first", "first", "x"));
    assertThat(load().get(0).problem())
        .isEqualTo(
            "the bean name 'target' is taken by the bridge or another file — give the bean in"
                + " sink-first.camel.yaml a name of its own");
    assertThat(context.getRegistry().lookupByName("target")).isSameAs(target);

    write("sink-hook", bean("target", "new") + sink("sink-hook", "hook", "x"));
    lookUntilQuiet();
    assertThat(status("hook").orElseThrow().lastError())
        .contains("the bean name 'target' is taken");
    delete("sink-hook");
    lookUntilQuiet();
    assertThat(context.getRegistry().lookupByName("target")).isSameAs(target);
  }

  @Test
  void aBrokenEditLeavesTheBeansOfTheVersionBeforeItAndAGoodOneReplacesThem() throws IOException {
    write("sink-hook", bean("mine", "old") + sink("sink-hook", "hook", "old"));
    load();
    Object old = context.getRegistry().lookupByName("mine");

    write(
        "sink-hook",
        bean("mine", "new")
            + bean("other", "new")
            + sink("sink-hook", "hook", "new").replace("ref: target", "ref: noSuchBean"));
    lookUntilQuiet();
    assertThat(status("hook").orElseThrow().state()).isEqualTo(SinkSnapshot.State.BROKEN);
    assertThat(context.getRegistry().lookupByName("mine")).asString().isEqualTo("old");

    write("sink-hook", bean("mine", "new") + sink("sink-hook", "hook", "no").replace("e:", "ee:"));
    lookUntilQuiet();
    assertThat(context.getRegistry().lookupByName("mine")).asString().isEqualTo("old");
    assertThat(context.getRegistry().lookupByName("other")).isNull();
    assertThat(old).asString().isEqualTo("old");

    write("sink-hook", bean("mine", "new") + sink("sink-hook", "hook", "new"));
    lookUntilQuiet();
    assertThat(context.getRegistry().lookupByName("mine")).asString().isEqualTo("new");
  }

  @Test
  void anEditThatIsTakenBackIsNoTroubleAnyMore() throws IOException {
    write("sink-hook", sink("sink-hook", "hook", "old"));
    load();
    Object before = context.getRoute("sink-hook");
    write("sink-hook", "- nonsense");
    look();
    assertThat(status("hook")).get().extracting(SinkSnapshot::state).hasToString("BROKEN");

    write("sink-hook", sink("sink-hook", "hook", "old"));
    look();
    assertThat(status("hook")).get().extracting(SinkSnapshot::state).hasToString("UP");
    assertThat(context.getRoute("sink-hook")).isSameAs(before);
  }

  @Test
  void anEndpointThatIsNotThereIsNamedWithItsLine() throws IOException {
    write(
        "sink-early",
        sink("sink-early", "early", "x")
            .replace("- bean:\n", "- to:\n")
            .replace("ref: target", "uri: telegram:bots")
            .replace("            method: take\n", ""));
    List<RouteFile> files = load();
    assertThat(files.get(0).problem())
        .startsWith("line 11: no Camel component 'telegram' is part of the bridge");

    write(
        "sink-late",
        Files.readString(folder.resolve("sink-early.camel.yaml")).replace("early", "late"));
    look();
    assertThat(status("late"))
        .get()
        .extracting(SinkSnapshot::lastError)
        .asString()
        .startsWith("sink-late.camel.yaml, line 11: no Camel component 'telegram'");
  }

  @Test
  void aRouteIdThatIsTakenIsRefusedAndUsedWhenItIsFree() throws IOException {
    write("sink-a", sink("mine", "a", "a"));
    write("sink-b", sink("mine", "b", "b"));
    List<RouteFile> files = load();
    String sentence =
        "the route id 'mine' is taken by sink-a.camel.yaml — give the route in sink-b.camel.yaml an"
            + " id of its own";
    assertThat(files.get(1).problem()).isEqualTo(sentence);
    assertThat(status("b")).get().extracting(SinkSnapshot::lastError).asString().contains(sentence);

    write("sink-c", sink("mine", "c", "c"));
    look();
    assertThat(status("c"))
        .get()
        .extracting(SinkSnapshot::lastError)
        .asString()
        .contains("taken by sink-a.camel.yaml", "in sink-c.camel.yaml");
    publish(1, 1);
    await().until(() -> target.got.equals(List.of("a 1")));

    delete("sink-a");
    delete("sink-c");
    lookUntilQuiet();
    publish(2, 2);
    await().until(() -> target.got.equals(List.of("a 1", "b 2")));
    assertThat(journal.sinks()).extracting(SinkSnapshot::name).containsExactly("b");
  }

  @Test
  void aNameThatAnotherFileReadsUnderIsRefused() throws IOException {
    write("sink-a", sink("sink-a", "hook", "a"));
    load();
    write("sink-hook", sink("sink-hook", "hook", "b"));
    try (CapturedLog log = CapturedLog.open()) {
      look();
      assertThat(log.warnings())
          .singleElement()
          .asString()
          .contains(
              "sink-a.camel.yaml reads events:hook already — give the sink in"
                  + " sink-hook.camel.yaml a name of its own");
    }
    assertThat(status("hook")).get().extracting(SinkSnapshot::state).hasToString("UP");
  }

  @Test
  void aChangeWaitsForATargetThatHangsAndOthersDoNot() throws Exception {
    events.setLongestStop(Duration.ofMillis(200));
    target.gate = new CountDownLatch(1);
    target.isPatient = true;
    write("sink-hook", sink("sink-hook", "hook", "old"));
    load();
    publish(1, 3);
    await().until(() -> target.inside.get() == 1);

    write("sink-hook", sink("sink-hook", "hook", "new"));
    look();
    clock.set(NOON.plusSeconds(3));
    assertThat(routes.look()).isTrue();
    assertThat(status("hook"))
        .get()
        .satisfies(
            s -> {
              assertThat(s.state()).isEqualTo(SinkSnapshot.State.DOWN);
              assertThat(s.lastError())
                  .startsWith("sink-hook.camel.yaml was changed, but its last run has not ended");
            });
    write("my-own", direct("my-own", "x"));
    look();
    assertThat(context.getRoute("my-own")).isNotNull();

    clock.set(NOON.plusSeconds(31));
    look();
    assertThat(routes.look()).as("it is not even done when interrupted").isTrue();
    assertThat(status("hook")).get().extracting(SinkSnapshot::state).hasToString("DOWN");

    target.gate.countDown();
    await().until(() -> !routes.look());
    await().until(() -> numbers().size() >= 3);
    assertThat(numbers().stream().distinct().toList()).isEqualTo(range(1, 3));
    assertThat(target.got).contains("old 1", "new 3");
    assertThat(status("hook")).get().extracting(SinkSnapshot::state).hasToString("UP");
  }

  @Test
  void aTargetThatAnswersLateLosesAndRepeatsNothing() throws Exception {
    target.gate = new CountDownLatch(1);
    write("sink-hook", sink("sink-hook", "hook", "old"));
    load();
    publish(1, 3);
    await().until(() -> target.inside.get() == 1);
    write("sink-hook", sink("sink-hook", "hook", "new"));
    look();
    assertThat(target.got).isEmpty();

    target.gate.countDown();
    await().until(() -> !routes.look());
    await().until(() -> target.got.equals(List.of("old 1", "new 2", "new 3")));
  }

  @Test
  void aChangedErrorPolicyHoldsForTheSinksAtOnce() throws IOException {
    write(
        "sink-hook",
        sink("sink-hook", "hook", "x")
            .replace(
                "- bean:\n            ref: target\n            method: take",
                "- throwException:\n            exceptionType: java.lang.IllegalStateException\n"
                    + "            message: no"));
    load();
    publish(1, 1);
    await().until(() -> status("hook").orElseThrow().state() == SinkSnapshot.State.DOWN);

    write(
        "errors",
        """
        - routeConfiguration:
            onException:
              - onException:
                  exception:
                    - java.lang.IllegalStateException
                  handled:
                    constant:
                      expression: "true"
        """);
    lookUntilQuiet();
    await().until(() -> status("hook").orElseThrow().failed() == 1);

    delete("errors");
    lookUntilQuiet();
    publish(2, 2);
    await().until(() -> status("hook").orElseThrow().state() == SinkSnapshot.State.DOWN);
    assertThat(context.getRouteConfigurationDefinitions()).isEmpty();
  }

  @Test
  void aChangedErrorPolicyHoldsForASinkWhoseLastEditIsBroken() throws IOException {
    String failing =
        sink("sink-hook", "hook", "x")
            .replace(
                "- bean:\n            ref: target\n            method: take",
                "- throwException:\n            exceptionType: java.lang.IllegalStateException\n"
                    + "            message: no");
    write("sink-hook", failing);
    load();
    write("sink-hook", failing.replace("steps:", "stepz:"));
    lookUntilQuiet();
    assertThat(status("hook").orElseThrow().state()).isEqualTo(SinkSnapshot.State.BROKEN);

    write(
        "errors",
        """
        - routeConfiguration:
            onException:
              - onException:
                  exception:
                    - java.lang.IllegalStateException
                  handled:
                    constant:
                      expression: "true"
        """);
    lookUntilQuiet();
    publish(1, 1);
    await().until(() -> status("hook").orElseThrow().failed() == 1);
    assertThat(status("hook").orElseThrow().state()).isEqualTo(SinkSnapshot.State.BROKEN);
    assertThat(status("hook").orElseThrow().lastError()).contains("stepz", "goes on");

    write("sink-hook", sink("sink-hook", "hook", "mended"));
    lookUntilQuiet();
    publish(2, 2);
    await().until(() -> target.got.contains("mended 2"));
    assertThat(status("hook").orElseThrow().state()).isEqualTo(SinkSnapshot.State.UP);
  }

  @Test
  void aRouteThatOthersCallIsReplacedWithoutAFailedCall() throws Exception {
    write("my-own", direct("my-own", "v0"));
    load();
    List<Object> answers = new CopyOnWriteArrayList<>();
    AtomicBoolean isOver = new AtomicBoolean();
    Thread caller =
        new Thread(
            () -> {
              while (!isOver.get()) {
                answers.add(publisher.requestBody("direct:my-own", "?"));
              }
            });
    AtomicReference<Throwable> failure = new AtomicReference<>();
    caller.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
    caller.start();
    for (int version = 1; version <= 5; version++) {
      write("my-own", direct("my-own", "v" + version));
      String wanted = "v" + version;
      // With the pauses of the bridge: a call that has just found its route needs a moment.
      await()
          .pollInterval(Duration.ofMillis(100))
          .until(
              () -> {
                routes.look();
                return answers.contains(wanted) || failure.get() != null;
              });
    }
    isOver.set(true);
    caller.join();
    assertThat(failure.get()).isNull();
  }

  @Test
  void aTemplateIsReplacedForEachAccount() throws IOException {
    String template =
        """
        - routeTemplate:
            id: ask
            parameters:
              - name: account
            from:
              uri: direct:ask-{{account}}
              steps:
                - setBody:
                    expression:
                      constant:
                        expression: "old {{account}}"
        """;
    write("auth-ask", template);
    load();
    write("auth-ask", template.replace("old", "new"));
    lookUntilQuiet();

    assertThat(publisher.requestBody("direct:ask-wife", "?")).isEqualTo("new wife");
    assertThat(context.getRouteTemplateDefinitions()).hasSize(1);
    delete("auth-ask");
    write("my-own", direct("my-own", "x"));
    lookUntilQuiet();
    assertThat(context.getRoutes()).extracting(r -> r.getId()).containsExactly("my-own");
    assertThat(context.getRouteTemplateDefinitions()).isEmpty();
  }

  @Test
  void aSinkThatIsSwitchedOffByAnEditIsShownAsDisabled() throws IOException {
    String on = sink("sink-hook", "hook", "x");
    write("sink-hook", on);
    load();
    write(
        "sink-hook",
        on.replace("    from:", "    autoStartup: \"{{cardata.x:false}}\"\n    from:"));
    lookUntilQuiet();
    assertThat(status("hook")).get().extracting(SinkSnapshot::state).hasToString("DISABLED");
  }

  @Test
  void aFolderThatLosesAllItsFilesIsADiskThatWentAway() throws IOException {
    write("sink-hook", sink("sink-hook", "hook", "x"));
    load();
    delete("sink-hook");
    try (CapturedLog log = CapturedLog.open()) {
      look();
      look();
      assertThat(log.warnings()).singleElement().asString().contains("all its files are gone");
    }
    assertThat(context.getRoute("sink-hook")).isNotNull();
  }

  @Test
  void aThousandReloadsLeaveNothingBehind() throws Exception {
    String policy =
        "- routeConfiguration:\n    id: own\n    onException:\n      - onException:\n"
            + "          exception:\n            - java.io.IOException\n"
            + "          handled:\n            constant:\n              expression: \"true\"\n";
    String beans = "- beans:\n    - name: list\n      type: java.util.ArrayList\n" + policy;
    write("my-own", direct("my-own", "x"));
    write("sink-hook", beans + sink("sink-hook", "hook", "v0"));
    load();
    reload(beans, 1, 200);
    Map<String, Integer> before = counts();
    long memory = usedMemory();
    reload(beans, 201, 1_200);
    long grown = usedMemory() - memory;

    assertThat(counts()).isEqualTo(before);
    assertThat(grown).as("bytes after 1000 reloads").isLessThan(3L << 20);
    publish(1, 1);
    await().until(() -> target.got.contains("v1200 1"));
    assertThat(context.getRegistry().lookupByName("list")).isNotNull();
  }

  private void reload(String beans, int from, int to) throws IOException {
    for (int version = from; version <= to; version++) {
      // The parameters make an endpoint of its own of each.
      write(
          "sink-hook",
          beans
              + sink("sink-hook", "hook", "v" + version)
              + "        - to:\n            uri: log:n"
              + version
              + "?level=OFF\n");
      routes.look();
      routes.look();
    }
  }

  private Map<String, Integer> counts() {
    return Map.of(
        "routes", context.getRoutes().size(),
        "definitions", context.getRouteDefinitions().size(),
        "policies", context.getRouteConfigurationDefinitions().size(),
        "endpoints", context.getEndpoints().size(),
        "sinks", journal.sinks().size(),
        "threads",
            (int)
                Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().contains("events-"))
                    .count());
  }

  private static long usedMemory() {
    Set<Long> seen = new java.util.TreeSet<>();
    for (int i = 0; i < 5; i++) {
      System.gc();
      seen.add(Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
    }
    return seen.iterator().next();
  }
}
