// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.cardatabridge.CarEvent;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.SetClock;

/** Rules, memory and outbox as the routes put them together, without routes and without time. */
final class NotifyBench {

  static final String VIN = "WBY00TEST00000001";
  static final String PREFIX = "cardata.sink.notify.";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  final SetClock clock;
  private final Path dir;
  private final Settings settings;
  private final Map<String, CarEvent> newest = new TreeMap<>();
  private Outbox outbox;
  private CarRules cars;
  private AccountRules accounts;
  private boolean restartsAlways;

  /** With settings below {@code cardata.sink.notify.}, name and text in turn. */
  NotifyBench(Path dir, SetClock clock, String... more) {
    this.dir = dir;
    this.clock = clock;
    Map<String, String> all = new TreeMap<>(Settings.defaults().asMap());
    all.put(PREFIX + "enabled", "true");
    all.put(PREFIX + "webhook.url", "http://hook.test/");
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i].startsWith("cardata.") ? more[i] : PREFIX + more[i], more[i + 1]);
    }
    settings = Settings.of(all);
    start();
  }

  /** A process begins: all that it knows is what was kept. */
  void start() {
    NotifySettings own = new NotifySettings(settings, ZoneId.of("UTC"));
    Wording wording = new Wording(own.language(), own.zone());
    Memory memory = new Memory(dir.resolve("notify.json"));
    outbox = new Outbox(own, memory, new Messages(wording), clock);
    Rulebook rules = new Rulebook(own, memory, outbox, wording, clock);
    cars =
        new CarRules(
            rules,
            new KnownCars() {
              @Override
              public Set<String> vins() {
                return newest.values().stream().map(CarEvent::vin).collect(Collectors.toSet());
              }

              @Override
              public List<CarEvent> values(String vin) {
                return newest.values().stream().filter(e -> e.vin().equals(vin)).toList();
              }
            });
    accounts = new AccountRules(rules);
  }

  /** From now on a process begins before everything that happens. */
  NotifyBench restartingAlways() {
    restartsAlways = true;
    return this;
  }

  Outbox outbox() {
    return outbox;
  }

  CarRules cars() {
    return cars;
  }

  /** A value at this moment, of a car called i4. */
  CarEvent event(String key, Object value) {
    return event(key, value, clock.instant());
  }

  CarEvent event(String key, Object value, Instant at) {
    return new CarEvent("main", VIN, "i4", key, value, null, at, clock.instant(), "stream");
  }

  /** What is sent because of a value. */
  List<String> hears(CarEvent event) {
    restart();
    List<String> sent = told(List.of(event));
    CarEvent before = newest.get(event.vin() + event.key());
    if (before == null || !before.timestamp().isAfter(event.timestamp())) {
      newest.put(event.vin() + event.key(), event);
    }
    return sent;
  }

  List<String> hears(String key, Object value) {
    return hears(event(key, value));
  }

  /** What is sent because time has passed. */
  List<String> waits(Duration time) {
    clock.move(time);
    restart();
    return told(cars.vins());
  }

  private void restart() {
    if (restartsAlways) {
      start();
    }
  }

  private List<String> told(Iterable<?> bodies) {
    for (Object body : bodies) {
      Look look = cars.look(body);
      cars.chargeFinished(look);
      cars.chargingStopped(look);
      cars.leftUnlocked(look);
      cars.windowOpen(look);
      cars.tyreLow(look);
      outbox.put(look);
    }
    return send();
  }

  /** What is sent because of a status, given as the accounts' JSON. */
  List<String> sees(String... accountsJson) throws Exception {
    restart();
    JsonNode status = MAPPER.readTree("{\"accounts\":[" + String.join(",", accountsJson) + "]}");
    for (AccountLook look : accounts.accounts(status.toString())) {
      accounts.loginNeeded(look);
      accounts.refreshFailing(look);
      accounts.loginEnding(look);
      accounts.scopeMissing(look);
      accounts.certificateEnding(look);
      accounts.streamRefused(look);
      accounts.streamLost(look);
      accounts.quotaExhausted(look);
      accounts.clientFight(look);
      outbox.put(look);
    }
    return send();
  }

  /** Whether a login is to be begun for a status. */
  boolean lacksCode(String accountJson) throws Exception {
    return accounts.lacksCode(accounts.accounts("{\"accounts\":[" + accountJson + "]}").get(0));
  }

  /** Everything that is due, as a channel that works gets it: title and text. */
  List<String> send() {
    List<String> sent = new ArrayList<>();
    for (Message message : due("notify")) {
      sent.add(message.title() + ": " + message.text());
      outbox.taken(message);
    }
    return sent;
  }

  /** The messages for a sink, or with null for the clock. */
  List<Message> due(String sink) {
    try {
      return outbox.due(sink);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
