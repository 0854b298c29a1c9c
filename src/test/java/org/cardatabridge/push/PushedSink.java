// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.push;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.CarEvent;
import org.cardatabridge.journal.EventsComponent;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.Pauses;
import org.cardatabridge.journal.SinkSnapshot;
import org.cardatabridge.settings.Settings;

/** A shipped sink's route file with a journal and the error policy, fed by a test. */
final class PushedSink implements AutoCloseable {

  static final String VIN = "WBY00TEST00000001";
  static final String KEY = "vehicle.vehicle.travelledDistance";
  static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private final DefaultCamelContext context = new DefaultCamelContext();
  private final Journal journal = Journal.temporary(Clock.systemUTC());
  private final ProducerTemplate publisher;
  private final String name;

  /** Of a name and with settings, both of the sink; the keys without what they begin with. */
  PushedSink(String name, String yaml, Map<String, String> settings) throws Exception {
    this.name = name;
    Map<String, String> all = new TreeMap<>(Settings.defaults().asMap());
    settings.forEach((key, value) -> all.put("cardata.sink." + name + "." + key, value));
    Settings read = Settings.of(all);
    Properties properties = new Properties();
    properties.putAll(all);
    context.getPropertiesComponent().setOverrideProperties(properties);
    context.getRegistry().bind("influxdb", new InfluxDb(read, Clock.systemUTC()));
    context.getRegistry().bind("webhook", new Webhook(read, Clock.systemUTC()));
    for (String sink : new String[] {"influxdb", "http"}) {
      context
          .getRegistry()
          .bind(
              sink.equals("http") ? "webhookClient" : "influxdbClient",
              new PushClient(read, sink, Path.of("")));
    }
    EventsComponent events = new EventsComponent();
    events.setJournal(journal);
    events.setPauses(new Pauses(Duration.ofMillis(1), Duration.ofMillis(20), () -> 0.5));
    context.addComponent("events", events);
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(
            PluginHelper.getResourceLoader(context)
                .resolveResource("file:routes/errors.camel.yaml"));
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(ResourceHelper.fromString("sink.camel.yaml", yaml));
    context.start();
    publisher = context.createProducerTemplate();
  }

  static CarEvent event(String key, Object value, int second) {
    Instant at = NOON.plusSeconds(second);
    return new CarEvent("main", VIN, "ix", key, value, "km", at, at.plusMillis(250), "stream");
  }

  static CarEvent distance(long value) {
    return event(KEY, value, (int) value);
  }

  /** Journals one message with these points, so that they may become one batch. */
  void publish(CarEvent... events) {
    publisher.sendBody("events:publish", List.of(events));
  }

  /** The same with a row of distances. */
  void publish(long from, long to) {
    publish(
        LongStream.rangeClosed(from, to).mapToObj(PushedSink::distance).toArray(CarEvent[]::new));
  }

  SinkSnapshot snapshot() {
    return journal.sinks().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  boolean isDone() {
    return snapshot().lag() == 0;
  }

  DefaultCamelContext context() {
    return context;
  }

  @Override
  public void close() {
    context.stop();
    journal.close();
  }
}
