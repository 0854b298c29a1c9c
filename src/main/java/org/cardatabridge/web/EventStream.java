// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.cardatabridge.CarEvent;
import org.cardatabridge.journal.Journal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /api/events}: the status and each newest value as server-sent events. A handler of the
 * HTTP server, as a Camel route would hold a thread for each listener. Nothing is read, noted or
 * timed while nobody listens. Safe for use by many threads.
 *
 * <p>Who publishes only notes the data point; all else happens four times a second on the server's
 * own thread. A value that is replaced before it was sent is never sent, so that neither a flood
 * nor a slow reader lets anything grow.
 */
public final class EventStream implements Handler<RoutingContext>, AutoCloseable {

  /** How many may listen at the same time. */
  static final int MOST = 20;

  /** Where it is served. */
  static final String PATH = "/api/events";

  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
  private static final long TICK_MILLIS = 250;
  private static final long STATUS_EVERY = Duration.ofSeconds(1).toNanos();
  private static final long STATUS_AT_LEAST = Duration.ofSeconds(30).toNanos();

  private final Journal journal;
  private final StatusApi status;
  private final LongSupplier nanos;
  private final Consumer<CarEvent> ear = this::hear;
  private final Object noting = new Object();

  // Guarded by noting.
  private Map<EventListener.Point, CarEvent> heard = new LinkedHashMap<>();

  // All below is guarded by this.
  private final List<EventListener> listeners = new ArrayList<>();
  private Vertx vertx;
  private long timer;
  private boolean ended;
  private boolean asking;
  private long askedAt;
  private long toldAt;
  private JsonNode told;

  /**
   * Tells what these say.
   *
   * @param nanos a clock that only goes on, as {@link System#nanoTime()}
   */
  public EventStream(Journal journal, StatusApi status, LongSupplier nanos) {
    this.journal = journal;
    this.status = status;
    this.nanos = nanos;
  }

  /** How many listen. */
  synchronized int listeners() {
    return listeners.size();
  }

  /** How many data points wait for slow readers. */
  synchronized int waiting() {
    return listeners.stream().mapToInt(EventListener::waiting).sum();
  }

  /** How many readers took nothing when they were to get something last. */
  synchronized int slow() {
    return (int) listeners.stream().filter(EventListener::isSlow).count();
  }

  @Override
  public void handle(RoutingContext context) {
    String wanted = context.request().getParam("vin");
    String vin = null;
    if (wanted != null && !wanted.isBlank()) {
      vin = journal.newest().find(wanted.trim()).orElse(null);
      if (vin == null) {
        Guard.refuse(context, 404, "no vehicle with this VIN was heard of");
        return;
      }
    }
    synchronized (this) {
      if (ended || listeners.size() >= MOST) {
        context.response().putHeader("Retry-After", "10");
        Guard.refuse(
            context,
            503,
            ended
                ? "the bridge ends"
                : "as many pages listen as may, which is " + MOST + "; close one of them");
        return;
      }
      listen(context, vin);
    }
  }

  private void listen(RoutingContext context, String vin) {
    HttpServerResponse response = context.response();
    response
        .putHeader("Content-Type", "text/event-stream; charset=utf-8")
        .putHeader("X-Accel-Buffering", "no");
    if (context.request().method().equals(HttpMethod.HEAD)) {
      response.end();
      return;
    }
    response.setChunked(true);
    EventListener listener = new EventListener(response, vin, nanos.getAsLong());
    response.closeHandler(closed -> forget(listener));
    response.exceptionHandler(e -> forget(listener));
    if (listeners.isEmpty()) {
      wake(context.vertx());
    }
    listeners.add(listener);
    listener.open();
    askStatus();
  }

  private void wake(Vertx server) {
    vertx = server;
    timer = vertx.setPeriodic(TICK_MILLIS, id -> tick());
    journal.onNewest(ear);
  }

  private synchronized void forget(EventListener listener) {
    if (listeners.remove(listener) && listeners.isEmpty()) {
      rest();
    }
  }

  /** Nobody listens any more. */
  private void rest() {
    journal.onNewestNoLonger(ear);
    vertx.cancelTimer(timer);
    vertx = null;
    told = null;
    take();
  }

  /** Called by whoever publishes: no more than a note. */
  private void hear(CarEvent event) {
    synchronized (noting) {
      heard.put(new EventListener.Point(event.vin(), event.key()), event);
    }
  }

  private Map<EventListener.Point, CarEvent> take() {
    synchronized (noting) {
      Map<EventListener.Point, CarEvent> all = heard;
      if (!all.isEmpty()) {
        heard = new LinkedHashMap<>();
      }
      return all;
    }
  }

  private synchronized void tick() {
    if (vertx == null) {
      return;
    }
    Map<EventListener.Point, EventListener.Text> points = new LinkedHashMap<>();
    take().forEach((point, event) -> points.put(point, new EventListener.Text(event)));
    long now = nanos.getAsLong();
    List<EventListener> stuck = new ArrayList<>();
    for (EventListener listener : listeners) {
      listener.add(points);
      if (!listener.flush(now)) {
        stuck.add(listener);
      }
    }
    // It comes again by itself, and until then another one has its place.
    stuck.forEach(EventListener::drop);
    stuck.forEach(this::forget);
    if (vertx != null && now - askedAt >= STATUS_EVERY) {
      askStatus();
    }
  }

  /** Asking may wait for a lock, which the server's own thread must not. */
  private void askStatus() {
    if (asking) {
      return;
    }
    asking = true;
    askedAt = nanos.getAsLong();
    vertx
        .executeBlocking(() -> Answer.tree(status.current()), false)
        .onComplete(asked -> answered(asked.result(), asked.cause()));
  }

  private synchronized void answered(JsonNode now, Throwable failure) {
    asking = false;
    if (now == null) {
      LOG.debug("Asking for the status", failure);
      return;
    }
    if (vertx == null) {
      return;
    }
    long at = nanos.getAsLong();
    JsonNode steady = SteadyStatus.of(now);
    boolean isNews = told == null || !steady.equals(told) || at - toldAt >= STATUS_AT_LEAST;
    if (isNews) {
      told = steady;
      toldAt = at;
    }
    Buffer text = EventListener.event("status", Buffer.buffer(now.toString()));
    for (EventListener listener : listeners) {
      if (isNews || listener.wantsStatus()) {
        listener.status(text);
      }
    }
    boolean isWanted = listeners.stream().anyMatch(EventListener::wantsStatus);
    tick();
    if (isWanted && vertx != null) {
      askStatus();
    }
  }

  /** Takes listeners again; they are refused behind {@link #close}. */
  synchronized void open() {
    ended = false;
  }

  /** Has each stream ended in order, before whatever the server is asked for next. */
  @Override
  public synchronized void close() {
    ended = true;
    if (vertx != null) {
      vertx.runOnContext(now -> endAll());
    }
  }

  private synchronized void endAll() {
    List<EventListener> all = List.copyOf(listeners);
    all.forEach(EventListener::end);
    all.forEach(this::forget);
  }
}
