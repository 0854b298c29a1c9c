// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.JournalSnapshot;
import org.cardatabridge.journal.SinkSnapshot;

/**
 * The answer of {@code /observe/metrics}: journal, sinks, streams, REST calls and the basics of the
 * JVM, as Prometheus text. Labels are sink and account, never a vehicle. Safe for use by many
 * threads.
 */
public final class Metrics implements AutoCloseable {

  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Journal journal;
  private final Supplier<List<AccountStatus>> accounts;
  private final Function<String, Map<String, Long>> calls;
  private final Set<String> known = new HashSet<>();

  // Made at the first request: most bridges are never asked, and start and memory are dear.
  private PrometheusMeterRegistry registry;
  private JvmGcMetrics garbage;

  /**
   * What is supplied is asked for at each request.
   *
   * @param calls REST calls of an account since the start, by the class of their status
   */
  public Metrics(
      Journal journal,
      Supplier<List<AccountStatus>> accounts,
      Function<String, Map<String, Long>> calls) {
    this.journal = journal;
    this.accounts = accounts;
    this.calls = calls;
  }

  private void make() {
    registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    garbage = new JvmGcMetrics();
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    garbage.bindTo(registry);
    total("cardata.messages", "Messages received", JournalSnapshot::messages);
    total("cardata.points", "Data points received, duplicates too", JournalSnapshot::points);
    total("cardata.duplicates", "Data points kept from the sinks", JournalSnapshot::duplicates);
    total("cardata.unparsed.messages", "Unreadable messages", JournalSnapshot::unparsed);
    gauge("cardata.journal.points", "Data points the journal holds", JournalSnapshot::events);
    gauge("cardata.journal.bytes", "Room they take", JournalSnapshot::bytes);
    Gauge.builder("cardata.journal.up", journal, j -> j.trouble().isEmpty() ? 1 : 0)
        .description("1 where the journal keeps what it takes")
        .register(registry);
  }

  /** {@code GET /observe/metrics}. */
  public synchronized Answer scrape() {
    if (registry == null) {
      make();
    }
    journal.sinks().forEach(sink -> sinkMeters(sink.name()));
    accounts.get().forEach(account -> accountMeters(account.name()));
    accounts.get().forEach(this::quotaMeters);
    accounts.get().forEach(this::certificateMeter);
    return new Answer(200, TYPE, registry.scrape());
  }

  private void total(String name, String what, ToDoubleFunction<JournalSnapshot> value) {
    FunctionCounter.builder(name, journal, j -> value.applyAsDouble(j.snapshot()))
        .description(what)
        .register(registry);
  }

  private void gauge(String name, String what, ToDoubleFunction<JournalSnapshot> value) {
    Gauge.builder(name, journal, j -> value.applyAsDouble(j.snapshot()))
        .description(what)
        .register(registry);
  }

  private void sinkMeters(String name) {
    if (!known.add("sink " + name)) {
      return;
    }
    sinkTotal("cardata.events", "Taken by the target", name, SinkSnapshot::delivered);
    sinkTotal("cardata.failed.events", "Set aside", name, SinkSnapshot::failed);
    sinkTotal(
        "cardata.lost.events", "Dropped from a full journal, unread", name, SinkSnapshot::lost);
    sinkGauge("cardata.lag.events", "Still to be read", name, SinkSnapshot::lag);
    sinkGauge(
        "cardata.sink.up",
        "1 where the sink delivers",
        name,
        sink -> sink.state() == SinkSnapshot.State.UP ? 1 : 0);
  }

  private void sinkTotal(
      String meter, String what, String name, ToDoubleFunction<SinkSnapshot> value) {
    FunctionCounter.builder(meter, journal, j -> ofSink(name, value))
        .description(what)
        .tag("sink", name)
        .register(registry);
  }

  private void sinkGauge(
      String meter, String what, String name, ToDoubleFunction<SinkSnapshot> value) {
    Gauge.builder(meter, journal, j -> ofSink(name, value))
        .description(what)
        .tag("sink", name)
        .register(registry);
  }

  private double ofSink(String name, ToDoubleFunction<SinkSnapshot> value) {
    return journal.sinks().stream()
        .filter(sink -> sink.name().equals(name))
        .mapToDouble(value)
        .findFirst()
        .orElse(0);
  }

  private void accountMeters(String name) {
    if (!known.add("account " + name)) {
      return;
    }
    FunctionCounter.builder(
            "cardata.stream.messages", this, m -> m.ofStream(name, StreamStatus::messages))
        .description("Messages the stream delivered")
        .tag("account", name)
        .register(registry);
    FunctionCounter.builder(
            "cardata.stream.reconnects", this, m -> m.ofStream(name, StreamStatus::reconnects))
        .description("How often the stream connected again")
        .tag("account", name)
        .register(registry);
    Gauge.builder("cardata.stream.up", this, m -> m.ofStream(name, Metrics::isUp))
        .description("1 where the stream is live or quiet")
        .tag("account", name)
        .register(registry);
  }

  /** Where nobody has looked into the ledger yet, there are none. */
  private void quotaMeters(AccountStatus account) {
    String name = account.name();
    calls.apply(name).keySet().forEach(status -> callMeter(name, status));
    if (account.quota() == null
        || account.quota().remaining() == null
        || !known.add("quota " + name)) {
      return;
    }
    quotaGauge("cardata.api.quota.limit", "REST calls within 24 hours", name, QuotaStatus::limit);
    quotaGauge("cardata.api.quota.used", "Those that were made", name, QuotaStatus::used);
    quotaGauge(
        "cardata.api.quota.remaining",
        "Those that may be made now, the reserve too",
        name,
        QuotaStatus::remaining);
    quotaGauge(
        "cardata.api.quota.reset.timestamp.seconds",
        "When the next call is given back",
        name,
        quota -> quota.resetsAt() == null ? null : quota.resetsAt().getEpochSecond());
  }

  private void certificateMeter(AccountStatus account) {
    String name = account.name();
    if (account.certificate() != null && known.add("certificate " + name)) {
      Gauge.builder("cardata.highmobility.certificate.expiry.seconds", this, m -> m.expiry(name))
          .description("When the certificate ends, in seconds since 1970")
          .tag("account", name)
          .register(registry);
    }
  }

  private double expiry(String account) {
    return accounts.get().stream()
        .filter(status -> status.name().equals(account))
        .map(AccountStatus::certificate)
        .filter(certificate -> certificate != null && certificate.expiresAt() != null)
        .mapToDouble(certificate -> certificate.expiresAt().getEpochSecond())
        .findFirst()
        .orElse(Double.NaN);
  }

  private void callMeter(String account, String status) {
    if (known.add("calls " + account + " " + status)) {
      FunctionCounter.builder(
              "cardata.api.calls", calls, c -> c.apply(account).getOrDefault(status, 0L))
          .description("REST calls, by the class of their status")
          .tag("account", account)
          .tag("status", status)
          .register(registry);
    }
  }

  private void quotaGauge(
      String meter, String what, String name, Function<QuotaStatus, Number> value) {
    Gauge.builder(meter, this, m -> m.ofQuota(name, value))
        .description(what)
        .tag("account", name)
        .register(registry);
  }

  private double ofQuota(String account, Function<QuotaStatus, Number> value) {
    return accounts.get().stream()
        .filter(status -> status.name().equals(account))
        .map(AccountStatus::quota)
        .filter(Objects::nonNull)
        .map(value)
        .filter(Objects::nonNull)
        .mapToDouble(Number::doubleValue)
        .findFirst()
        .orElse(Double.NaN);
  }

  private static double isUp(StreamStatus stream) {
    return stream.state().equals("live") || stream.state().equals("quiet") ? 1 : 0;
  }

  private double ofStream(String account, ToDoubleFunction<StreamStatus> value) {
    return accounts.get().stream()
        .filter(status -> status.name().equals(account))
        .map(AccountStatus::stream)
        .mapToDouble(value)
        .findFirst()
        .orElse(0);
  }

  /** Lets go of the JVM's notifications. */
  @Override
  public synchronized void close() {
    if (registry != null) {
      garbage.close();
      registry.close();
    }
  }
}
