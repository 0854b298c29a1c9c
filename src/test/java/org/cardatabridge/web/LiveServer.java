// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.ShippedRoute;

/** A journal, the shipped web routes that a test names, and a real server with the live stream. */
final class LiveServer implements AutoCloseable {

  static final String VIN = "WBY00TEST00000001";
  static final String OTHER = "WBY00TEST00000002";

  final Journal journal;
  final AtomicLong nanos = new AtomicLong();
  final DefaultCamelContext context = new DefaultCamelContext();
  final EventStream stream;
  final WebServer server;
  volatile List<AccountStatus> accounts = new ArrayList<>();

  LiveServer(Clock clock, Map<String, String> settings) {
    journal = Journal.temporary(clock);
    StatusApi status =
        new StatusApi("1.2.3", Instant.EPOCH, () -> accounts, journal, new RouteProblems());
    stream = new EventStream(journal, status, nanos::get);
    PageFiles page = new PageFiles();
    bind("status", status);
    bind("page", page);
    Map<String, String> all = new TreeMap<>(settings);
    all.putIfAbsent("cardata.http.port", "0");
    server = new WebServer(Settings.of(all), page, Clock.systemUTC());
    server.stream(stream);
  }

  LiveServer bind(String name, Object bean) {
    context.getRegistry().bind(name, bean);
    return this;
  }

  Http start(ShippedRoute... routes) throws Exception {
    for (ShippedRoute file : routes) {
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(ResourceHelper.fromString(file.file() + ".camel.yaml", file.yaml()));
    }
    context.addService(server, true, false);
    context.start();
    return new Http(server.port());
  }

  static CarEvent event(String vin, String key, Object value, String unit, Instant at) {
    return new CarEvent("main", vin, vin, key, value, unit, at, at.plusSeconds(1), "stream");
  }

  /** Publishes one message with these points and waits until it is safe. */
  void publish(CarEvent... events) throws InterruptedException {
    publish("{}", events);
  }

  void publish(String payload, CarEvent... events) throws InterruptedException {
    AtomicBoolean done = new AtomicBoolean();
    journal.publish(
        new CarMessage(
            "main",
            "stream",
            "gcid-1/" + events[0].vin(),
            events[0].received(),
            payload.getBytes(StandardCharsets.UTF_8),
            List.of(events)),
        false,
        failure -> done.set(true));
    await().untilTrue(done);
  }

  @Override
  public void close() {
    context.stop();
    journal.close();
  }
}
