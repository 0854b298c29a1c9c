// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.journal.EventsComponent;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.JournalSettings;
import org.cardatabridge.journal.Pauses;
import org.cardatabridge.journal.SinkSnapshot;
import org.cardatabridge.settings.Settings;

/**
 * A shipped sink's route on a real journal, with the error policy and short pauses, in a Camel
 * context of its own. A second one in the same directory goes on where the first ended.
 */
public final class SinkRig implements AutoCloseable {

  private final DefaultCamelContext context = new DefaultCamelContext();
  private final String sink;
  private final Settings settings;
  private final Journal journal;

  private SinkRig(Path dir, String sink, Map<String, String> values) {
    this.sink = sink;
    Map<String, String> all = new TreeMap<>(Settings.defaults().asMap());
    all.put("cardata.data-dir", dir.toString());
    all.put("cardata.sink." + sink + ".enabled", "true");
    all.putAll(values);
    this.settings = Settings.of(all);
    this.journal = new Journal(JournalSettings.in(dir), Clock.systemUTC());
  }

  /** Starts a route; {@code beans} binds what it names. */
  public static SinkRig start(
      Path dir,
      ShippedRoute route,
      Map<String, String> values,
      BiConsumer<Registry, Settings> beans)
      throws Exception {
    return start(dir, route, values, Duration.ofMillis(50), beans);
  }

  /** The same with a longest pause between attempts. */
  public static SinkRig start(
      Path dir,
      ShippedRoute route,
      Map<String, String> values,
      Duration longestPause,
      BiConsumer<Registry, Settings> beans)
      throws Exception {
    SinkRig rig = new SinkRig(dir, route.file().substring("sink-".length()), values);
    EventsComponent events = new EventsComponent();
    events.setJournal(rig.journal);
    events.setPauses(new Pauses(Duration.ofMillis(20), longestPause, () -> 0.5));
    rig.context.addComponent("events", events);
    Properties properties = new Properties();
    properties.putAll(rig.settings.asMap());
    rig.context.getPropertiesComponent().setOverrideProperties(properties);
    beans.accept(rig.context.getRegistry(), rig.settings);
    rig.context.start();
    try {
      rig.load("errors", ShippedRoute.of("errors").yaml());
      rig.load(route.file(), route.yaml());
    } catch (Exception e) {
      rig.close();
      throw e;
    }
    return rig;
  }

  private void load(String file, String yaml) throws Exception {
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(ResourceHelper.fromString(file + ".camel.yaml", yaml));
  }

  /** Its Camel context. */
  public DefaultCamelContext context() {
    return context;
  }

  /** Its journal. */
  public Journal journal() {
    return journal;
  }

  /** Hands the journal one message with these data points and waits until they are safe. */
  public void publish(List<CarEvent> events) throws Exception {
    CompletableFuture<Void> safe = new CompletableFuture<>();
    journal.publish(
        new CarMessage("main", "stream", "gcid/vin", received(events), new byte[] {1}, events),
        false,
        failure -> {
          if (failure == null) {
            safe.complete(null);
          } else {
            safe.completeExceptionally(failure);
          }
        });
    safe.get(40, TimeUnit.SECONDS);
  }

  private static Instant received(List<CarEvent> events) {
    return events.get(0).received();
  }

  /** How the sink does. */
  public SinkSnapshot status() {
    return journal.sinks().stream().filter(s -> s.name().equals(sink)).findFirst().orElseThrow();
  }

  /** Whether it has delivered all there is. */
  public boolean isDone() {
    return status().lag() == 0;
  }

  @Override
  public void close() {
    context.stop();
    journal.close();
  }
}
