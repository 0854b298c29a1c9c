// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.api.Ledger;
import org.cardatabridge.api.Mappings;
import org.cardatabridge.api.RestNotes;
import org.cardatabridge.api.StoredNotes;
import org.cardatabridge.auth.BmwTrust;
import org.cardatabridge.decode.Rescue;
import org.cardatabridge.decode.Vehicles;
import org.cardatabridge.journal.JournalSettings;
import org.cardatabridge.journal.NewestValues;
import org.cardatabridge.journal.SafeRows;
import org.cardatabridge.routes.AccountFunction;
import org.cardatabridge.routes.AccountRoutes;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.settings.SettingsLoader;
import org.cardatabridge.simulator.Behaviour;
import org.cardatabridge.simulator.SentMessage.Fate;
import org.cardatabridge.simulator.SessionEvent;
import org.cardatabridge.stream.BmwMqttClient;
import org.cardatabridge.testing.CapturedLog;
import org.cardatabridge.testing.ShippedRoute;
import org.cardatabridge.web.StreamStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An account with its ingest route between a simulated BMW and a journal that says no. */
@Timeout(120)
class JournalTroubleTest {

  private static final String FULL = "writing the journal: the disk is full — free some space";

  private final FakeJournal journal = new FakeJournal();
  private final DefaultCamelContext context = new DefaultCamelContext();
  private StreamBench bench;
  private AccountParts account;

  /** Takes messages, and completes none of them while it is in trouble. */
  private static final class FakeJournal extends AsyncProcessorSupport {

    private final ExecutorService writer = Executors.newSingleThreadExecutor();
    private final List<AsyncCallback> waiting = new ArrayList<>();
    private String trouble;

    @Override
    public synchronized boolean process(Exchange exchange, AsyncCallback callback) {
      waiting.add(callback);
      write();
      return false;
    }

    synchronized void trouble(String sentence) {
      trouble = sentence;
      write();
    }

    synchronized Optional<String> trouble() {
      return Optional.ofNullable(trouble);
    }

    synchronized int waiting() {
      return waiting.size();
    }

    private void write() {
      if (trouble == null) {
        waiting.forEach(callback -> writer.execute(() -> callback.done(false)));
        waiting.clear();
      }
    }
  }

  private static AccountParts.Rest rest(SafeRows rows, Settings settings, Clock clock) {
    RestNotes notes = new StoredNotes(rows, clock);
    return new AccountParts.Rest(
        new Ledger(rows, clock, System::nanoTime),
        notes,
        new Mappings(notes, new Vehicles(settings), vin -> {}),
        account -> null);
  }

  private void start(Path dir) throws Exception {
    bench = new StreamBench(dir, 1, Behaviour.likeBmw().keepSessions(true));
    bench.logIn(0, Duration.ofHours(1));
    LoadedSettings loaded = SettingsLoader.load(dir, Map.of(), bench.settings());
    Settings settings = loaded.orThrow();
    Clock clock = Clock.systemUTC();
    account =
        AccountParts.of(
            bench.name(0),
            settings,
            new BmwTrust(bench.simulator().caFile()),
            new NewestValues(clock),
            journal::trouble,
            rest(new SafeRows(JournalSettings.in(dir)), settings, clock),
            clock,
            text -> {},
            secret -> {},
            name -> Optional.empty(),
            List.of());
    account.bind(context.getRegistry());
    context.getRegistry().bind("rescue", new Rescue());
    context
        .getPropertiesComponent()
        .addPropertiesFunction(
            new AccountFunction((name, key) -> settings.forAccount(name).find(key).orElse(null)));
    context.getShutdownStrategy().setTimeout(1);
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:flatten").process(journal);
          }
        });
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(
            ResourceHelper.fromString(
                "ingest-stream.camel.yaml", ShippedRoute.of("ingest-stream").yaml()));
    new AccountRoutes(context, List.of(bench.name(0))).addMissing();
    context.start();
    await().atMost(Duration.ofSeconds(40)).until(() -> subscriptions() == 1);
  }

  @AfterEach
  void end() throws IOException {
    context.close();
    account.stream().close();
    journal.writer.shutdownNow();
    bench.close();
  }

  private long subscriptions() {
    return bench.count(0, SessionEvent.Kind.SUBSCRIBED);
  }

  private StreamStatus shown() {
    return account.status().stream();
  }

  private void trouble(String sentence) {
    journal.trouble(sentence);
    account.stream().troubleChanged();
  }

  @Test
  void intakeStopsInOrderAndResumesByItselfWithEverythingThatWasSent(@TempDir Path dir)
      throws Exception {
    start(dir);
    bench.flood(0, 20);
    await().until(() -> bench.simulator().count(Fate.ACKNOWLEDGED) == 20);
    try (CapturedLog log = CapturedLog.open()) {
      trouble(FULL);
      bench.flood(0, 300);
      await().until(() -> journal.waiting() == BmwMqttClient.IN_FLIGHT);
      assertThat(shown().state()).as("a short trouble only presses back").isEqualTo("live");
      await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> bench.count(0, SessionEvent.Kind.CLIENT_DISCONNECT) == 1);
      assertThat(shown().state()).isEqualTo("backing-off");
      assertThat(shown().lastReason().text()).contains(FULL);
      assertThat(shown().nextAttemptAt()).isNull();
      bench.flood(0, 50);
      await()
          .during(Duration.ofSeconds(3))
          .atMost(Duration.ofSeconds(40))
          .until(() -> bench.count(0, SessionEvent.Kind.CONNECTED) == 1);
      assertThat(bench.simulator().count(Fate.ACKNOWLEDGED)).isEqualTo(20);
      assertThat(bench.simulator().count(Fate.HELD)).isEqualTo(350);

      Instant over = Instant.now();
      trouble(null);
      await().until(() -> subscriptions() == 2);
      Instant back = bench.events(0).get(bench.events(0).size() - 1).at();
      assertThat(StreamBench.millis(over, back)).isLessThan(15_000);
      await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> bench.simulator().count(Fate.ACKNOWLEDGED) == 370);
      await().until(() -> account.client().inFlight() == 0);
      await().until(() -> shown().state().equals("live"));
      assertThat(log.warnings()).singleElement().asString().contains(FULL);
    }
  }

  @Test
  void theRouteStopsInBoundedTimeWhileMessagesWait(@TempDir Path dir) throws Exception {
    start(dir);
    trouble(FULL);
    bench.flood(0, 300);
    await().until(() -> journal.waiting() == BmwMqttClient.IN_FLIGHT);
    long begin = System.nanoTime();
    account.stream().stop();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
    assertThat(shown().state()).isEqualTo("stopped");
    trouble(null);

    await().until(() -> account.client().inFlight() == 0);
    assertThat(bench.simulator().count(Fate.ACKNOWLEDGED)).isZero();
    assertThat(bench.count(0, SessionEvent.Kind.CONNECTED)).isEqualTo(1);
  }
}
