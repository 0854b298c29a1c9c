// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routetest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.impl.DefaultCamelContext;
import org.cardatabridge.BridgePlugin;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.journal.EventsComponent;
import org.cardatabridge.journal.EventsEndpoint;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.Pauses;
import org.cardatabridge.journal.SinkSnapshot;
import org.cardatabridge.journal.UnreadableJournalException;
import org.cardatabridge.mqtt.Newest;
import org.cardatabridge.mqtt.Topics;
import org.cardatabridge.routes.AccountRoutes;
import org.cardatabridge.routes.RouteFile;
import org.cardatabridge.routes.RouteFolder;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.settings.SettingsLoader;

/**
 * One run of one test: a bridge in a temporary directory, whose every way out is a mock. Used once,
 * by one thread.
 */
final class Rehearsal implements AutoCloseable {

  private static final Pattern SWITCH =
      Pattern.compile("\\{\\{(cardata\\.sink\\.[a-z0-9-]+\\.enabled)[:}]");

  private static final Pattern LINE = Pattern.compile("^line (\\d+): ");

  /** Steps behind which more may come though all sinks are through. */
  private static final Pattern LATE =
      Pattern.compile("(?m)^\\s*- (aggregate|resequence|delay|wireTap|threads):");

  private static final Duration STEP = Duration.ofMillis(3);
  private static final Pauses SHORT =
      new Pauses(Duration.ofMillis(2), Duration.ofMillis(10), () -> 0.5);

  /** How long a journal in a new folder may take. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final RouteTest test;
  private final List<Path> files;
  private final Path route;
  private final Mocks mocks;
  private final Stage stage;
  private final Path directory;
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final List<Exchange> replies = new ArrayList<>();
  private List<String> accounts = List.of();
  private List<String> certificates = List.of();
  private boolean isLoaded = true;

  /**
   * For a test.
   *
   * @param files all route files to load, the one under test among them
   */
  Rehearsal(RouteTest test, Path route, List<Path> files) throws IOException {
    this.test = test;
    this.route = route;
    this.files = List.copyOf(files);
    this.mocks = new Mocks(test.mocks());
    this.stage = new Stage(context, mocks, test.named());
    this.directory = Files.createTempDirectory("cardata-test");
  }

  /** Runs it and says what differs, a line each; empty where all is as expected. */
  List<String> run() throws Exception {
    Consumer<String> nobody = text -> {};
    LoadedSettings settings = settings();
    accounts = settings.settings().bmwAccounts();
    certificates = settings.settings().certificates();
    context.getRegistry().bind(BridgePlugin.SETTINGS, settings);
    context.getRegistry().bind(BridgePlugin.TERMINAL, nobody);
    stage.prepare();
    context.start();
    stage.takeOver();
    Journal journal =
        context.getRegistry().lookupByNameAndType(EventsComponent.JOURNAL_BEAN, Journal.class);
    Topics topics = context.getRegistry().lookupByNameAndType("topics", Topics.class);
    context
        .getRegistry()
        .bind(
            "newest",
            new Newest(
                topics, () -> CompletableFuture.completedFuture(null), journal.newest()::newest));
    context.getComponent("events", EventsComponent.class).setPauses(SHORT);

    List<String> routeIds = new ArrayList<>();
    for (Path file : files) {
      RouteFile loaded = load(file);
      if (loaded.broken()) {
        isLoaded = false;
        Matcher line = LINE.matcher(loaded.problem());
        String where = line.find() ? file + ":" + line.group(1) : file.toString();
        return List.of(where + ": cannot be loaded: " + line.replaceFirst(""));
      }
      if (file.equals(route)) {
        routeIds.addAll(loaded.routeIds());
      }
    }
    awaitOpen(journal);
    List<String> differences = new ArrayList<>(give(journal, routeIds));
    differences.addAll(outcome(journal));
    return differences;
  }

  /** Whether all route files could be loaded; known when it was run. */
  boolean isLoaded() {
    return isLoaded;
  }

  private LoadedSettings settings() throws IOException {
    Map<String, String> settings = new TreeMap<>();
    settings.put("cardata.journal.sync", "normal");
    Matcher switches = SWITCH.matcher(Files.readString(route));
    while (switches.find()) {
      settings.put(switches.group(1), "true");
    }
    settings.putAll(test.settings());
    settings.put("cardata.data-dir", directory.resolve("data").toString());
    settings.put("cardata.http.port", "0");
    Files.createDirectories(directory.resolve("data"));
    LoadedSettings loaded = SettingsLoader.load(directory, Map.of(), settings);
    if (!loaded.problems().isEmpty()) {
      throw test.part().find("settings").orElse(test.part()).wrong(loaded.problems().get(0));
    }
    return loaded;
  }

  private RouteFile load(Path file) {
    String name = file.getFileName().toString();
    RouteFolder.Choice choice =
        new RouteFolder.Choice(
            file.toAbsolutePath().getParent(),
            Set.of(name.substring(0, name.length() - RouteFolder.SUFFIX.length())));
    return new RouteFolder(context, new AccountRoutes(context, accounts, certificates))
        .load(choice, () -> {})
        .get(0);
  }

  // ---- what comes in ------------------------------------------------------------------------

  private List<String> give(Journal journal, List<String> routeIds) throws Exception {
    List<String> differences = new ArrayList<>();
    List<CarEvent> together = new ArrayList<>();
    for (Given given : test.given()) {
      if (given instanceof Given.Event event) {
        together.add(event.event());
        continue;
      }
      publish(journal, together);
      if (given instanceof Given.Message message) {
        if (message.to().isEmpty() && readsMessages(routeIds)) {
          publish(journal, message.message());
        } else {
          send(message, routeIds, differences);
        }
      } else if (given instanceof Given.Direct direct) {
        send(direct, routeIds, differences);
      }
    }
    publish(journal, together);
    return differences;
  }

  private boolean readsMessages(List<String> routeIds) {
    return routeIds.stream()
        .map(context::getRoute)
        .map(Route::getEndpoint)
        .anyMatch(e -> e instanceof EventsEndpoint events && events.getOf().equals("messages"));
  }

  private static void publish(Journal journal, List<CarEvent> events) throws InterruptedException {
    if (!events.isEmpty()) {
      CarEvent first = events.get(0);
      byte[] payload = BodyText.json(events).getBytes(StandardCharsets.UTF_8);
      publish(
          journal,
          new CarMessage(
              first.account(),
              first.source(),
              "gcid/" + first.vin(),
              first.received(),
              payload,
              events));
      events.clear();
    }
  }

  private static void publish(Journal journal, CarMessage message) throws InterruptedException {
    CountDownLatch kept = new CountDownLatch(1);
    journal.publish(message, false, failure -> kept.countDown());
    if (!kept.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw silent();
    }
  }

  private void send(Given.Message given, List<String> routeIds, List<String> differences)
      throws Exception {
    CarMessage message = given.message();
    Map<String, Object> properties = new TreeMap<>();
    properties.put(CarMessage.ACCOUNT, message.account());
    properties.put(CarMessage.SOURCE, message.source());
    properties.put(CarMessage.TOPIC, message.topic());
    properties.put(CarMessage.RECEIVED, message.received());
    send(
        new Given.Direct(message.payload(), Map.of(), properties, given.to(), given.line()),
        routeIds,
        differences);
  }

  private void send(Given.Direct given, List<String> routeIds, List<String> differences)
      throws Exception {
    String id = given.to().orElse(routeIds.isEmpty() ? "" : routeIds.get(0));
    Route to = context.getRoute(id);
    if (to == null) {
      differences.add(
          test.part().file()
              + ":"
              + given.line()
              + ": there is no route '"
              + id
              + "' — the file has "
              + String.join(", ", routeIds));
      return;
    }
    Exchange exchange = to.getEndpoint().createExchange();
    exchange.getMessage().setBody(given.body());
    given.headers().forEach(exchange.getMessage()::setHeader);
    given.properties().forEach(exchange::setProperty);
    to.getConsumer().getProcessor().process(exchange);
    replies.add(exchange);
  }

  // ---- what came out ------------------------------------------------------------------------

  private List<String> outcome(Journal journal) throws IOException {
    long end = System.nanoTime() + test.within().toNanos();
    boolean moreMayCome = LATE.matcher(Files.readString(route)).find();
    while (true) {
      boolean isLate = System.nanoTime() > end;
      if (isOpen(journal) && (isLate || isSettled(journal))) {
        List<String> differences = stage.differences(test, journal, replies);
        if (differences.isEmpty() || !moreMayCome || isLate) {
          return differences;
        }
      }
      LockSupport.parkNanos(STEP.toNanos());
    }
  }

  /**
   * A journal opens its file while others go on: what asks it before that is told to come again.
   */
  private static void awaitOpen(Journal journal) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!isOpen(journal)) {
      if (System.nanoTime() > end) {
        throw silent();
      }
      LockSupport.parkNanos(STEP.toNanos());
    }
  }

  private static IllegalStateException silent() {
    return new IllegalStateException(
        "the test's journal did not answer within " + PATIENCE.toSeconds() + " s");
  }

  private static boolean isOpen(Journal journal) {
    try {
      journal.setAside();
      return true;
    } catch (UnreadableJournalException e) {
      return false;
    }
  }

  private boolean isSettled(Journal journal) {
    List<SinkSnapshot> sinks = journal.sinks();
    boolean isDelivered =
        sinks.stream().mapToLong(SinkSnapshot::lag).sum() == 0
            && context.getInflightRepository().size() == 0;
    // What is set aside is in the file a moment later.
    boolean isKept =
        sinks.stream().mapToLong(SinkSnapshot::failed).sum() <= journal.setAside().size();
    return isKept && (isDelivered || mocks.isOutage());
  }

  @Override
  public void close() throws IOException {
    context.close();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
