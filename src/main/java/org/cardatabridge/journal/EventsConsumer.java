// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeExtension;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands a sink's route one thing after the other on a thread of its own. A failed exchange is
 * repeated; one that the route's error policy marked as handled is set aside.
 */
final class EventsConsumer extends DefaultConsumer implements Suspendable {

  /** Exchange property with the sink's name; the global error policy asks for it. */
  static final String SINK = "cardata.sink";

  /**
   * Exchange property that says, on an exchange that failed, that the target takes nothing for now:
   * the headers of its answer, or the text of its {@code Retry-After} alone, which may be empty.
   */
  static final String RETRY_AFTER = "cardata.retry-after";

  private static final int DEEPEST_CAUSE = 20;
  private static final Logger LOG = LoggerFactory.getLogger(EventsConsumer.class);
  private static final Duration LONGEST_SUSPEND = Duration.ofSeconds(1);

  private final EventsEndpoint endpoint;
  private final Journal journal;
  private final Sink sink;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Runnable wake = this::signal;
  private ExecutorService executor;
  private Run current;
  private boolean held;
  private long heldSince;
  private boolean busy;
  private volatile boolean waits;

  /**
   * One life of the thread, from a start to a stop. It holds the sink until its thread ends, so
   * that a step that is stuck never meets the next run.
   */
  private static final class Run {
    private volatile boolean stopping;
  }

  EventsConsumer(EventsEndpoint endpoint, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
    this.journal = endpoint.journal();
    this.sink = journal.sink(endpoint.getName());
    setHealthCheck(new SinkHealthCheck(sink));
  }

  /** A route that is to run gets what is published from now on, however late it starts. */
  @Override
  public void setRoute(Route route) {
    super.setRoute(route);
    if (Boolean.TRUE.equals(route.isAutoStartup())) {
      sink.begin(endpoint.getFrom(), endpoint.isOfMessages());
    }
  }

  @Override
  protected void doStart() throws Exception {
    Delivery delivery = delivery();
    Run run = new Run();
    if (!sink.claim(run)) {
      throw new IllegalStateException(
          "Reading events:"
              + sink.name()
              + (sink.holder() instanceof Run last && last.stopping
                  ? ": the last run has not ended, its target does not answer — start the route"
                      + " again later"
                  : ": another route reads under this name — give this route's sink a name of its"
                      + " own"));
    }
    try {
      super.doStart();
      sink.begin(endpoint.getFrom(), endpoint.isOfMessages());
      sink.claim(run);
      sink.enabled(true);
      sink.suspended(false);
      begin(run);
      executor =
          getEndpoint()
              .getCamelContext()
              .getExecutorServiceManager()
              .newSingleThreadExecutor(this, "events-" + sink.name());
      journal.wakes(wake);
      executor.execute(() -> run(run, delivery));
    } catch (Exception e) {
      sink.release(run);
      throw e;
    }
  }

  private void begin(Run run) {
    lock.lock();
    try {
      current = run;
      held = false;
      busy = false;
    } finally {
      lock.unlock();
    }
  }

  private Delivery delivery() {
    SinkFilter filter =
        SinkFilter.of(setting("include", ""), setting("exclude", ""), setting("vins", ""));
    if (blursHome()) {
      filter = filter.blurring(new HomeZone(circle()));
    }
    sink.reads(filter);
    Delivery delivery =
        new Delivery(
            sink,
            journal.log(),
            filter,
            endpoint.isOfMessages(),
            endpoint.getBatch(),
            attempts(),
            endpoint.getComponent().pauses(),
            this::deliver);
    delivery.gather(endpoint.longestGather(), sink.clock());
    return delivery;
  }

  private int attempts() {
    String text = setting("attempts", "10");
    try {
      int attempts = Integer.parseInt(text);
      if (attempts > 0) {
        return attempts;
      }
    } catch (NumberFormatException e) {
      LOG.debug("Not a number", e);
    }
    throw new BadSettingException(key("attempts"), text, "a whole number from 1 on");
  }

  private boolean blursHome() {
    String text = setting("blur-home", "false");
    if (!text.equalsIgnoreCase("true")) {
      if (text.equalsIgnoreCase("false")) {
        return false;
      }
      throw new BadSettingException(key("blur-home"), text, "true or false");
    }
    if (endpoint.isOfMessages()) {
      throw new BadSettingException(
          key("blur-home")
              + ": got 'true', but this sink hands on whole messages, which are never changed — set"
              + " false, or switch the sink off");
    }
    return true;
  }

  private HomeZone.Circle circle() {
    try {
      return new HomeZone.Circle(
          Double.parseDouble(value("cardata.home.latitude", "")),
          Double.parseDouble(value("cardata.home.longitude", "")),
          Settings.parseMetres(value("cardata.home.radius", "500m")).orElseThrow());
    } catch (NumberFormatException | NoSuchElementException e) {
      // The cause would show a coordinate.
      throw new BadSettingException(
          key("blur-home")
              + ": got 'true', but there is no home zone — set cardata.home.latitude, .longitude"
              + " and .radius");
    }
  }

  private String key(String setting) {
    return "cardata.sink." + sink.name() + "." + setting;
  }

  private String setting(String setting, String otherwise) {
    return value(key(setting), otherwise);
  }

  private String value(String key, String otherwise) {
    return getEndpoint()
        .getCamelContext()
        .resolvePropertyPlaceholders("{{" + key + ":" + otherwise + "}}")
        .trim();
  }

  private void run(Run run, Delivery delivery) {
    try {
      while (mayGoOn(run)) {
        Delivery.Next next = step(delivery);
        if (!next.idle() && !next.pause().isZero()) {
          await(run, () -> true, next.pause());
          continue;
        }
        // A replay goes on beside what comes in, but never into a pause.
        Delivery.Next again = replayStep();
        if (next.idle() && again.idle()) {
          Duration longest = next.pause().isZero() ? Duration.ofDays(1) : next.pause();
          await(run, () -> nothingToRead() && sink.replay() == null, longest);
        } else if (next.idle() && !again.pause().isZero()) {
          await(run, this::nothingToRead, again.pause());
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("Sink {} was interrupted while waiting; it ends", sink.name(), e);
      Thread.currentThread().interrupt();
    } finally {
      sink.endReplays();
      sink.release(run);
      parked(run);
    }
  }

  private Delivery.Next step(Delivery delivery) {
    try {
      return delivery.step();
    } catch (Throwable e) {
      // Whatever it was, an Error among it: without its thread the sink would stand still for ever.
      LOG.error("Reading for sink {}: {} — it is tried again", sink.name(), ErrorText.of(e), e);
      sink.failed(e);
      return new Delivery.Next(false, endpoint.getComponent().pauses().after(1));
    }
  }

  private Delivery.Next replayStep() {
    ReplayRun replay = sink.replay();
    if (replay == null) {
      return Delivery.Next.IDLE;
    }
    Pauses pauses = endpoint.getComponent().pauses();
    try {
      return replay.step(this::deliver, endpoint.getBatch(), attempts(), pauses);
    } catch (Throwable e) {
      LOG.debug("Reading for a replay to sink {}; it is tried again", sink.name(), e);
      return new Delivery.Next(false, pauses.after(1));
    }
  }

  private boolean nothingToRead() {
    Position cursor = sink.cursor();
    return cursor == null || journal.log().next().message() <= cursor.message();
  }

  /** Waits while held; false when it is to end. */
  private boolean mayGoOn(Run run) throws InterruptedException {
    lock.lock();
    try {
      busy = false;
      changed.signalAll();
      while (held && !run.stopping) {
        changed.await();
      }
      busy = !run.stopping;
      return !run.stopping;
    } finally {
      lock.unlock();
    }
  }

  private void await(Run run, BooleanSupplier condition, Duration limit)
      throws InterruptedException {
    lock.lock();
    try {
      busy = false;
      changed.signalAll();
      long left = limit.toNanos();
      // Set before the condition is looked at: whoever changes it afterwards sees that we wait.
      waits = true;
      while (left > 0 && !run.stopping && !held && condition.getAsBoolean()) {
        left = changed.awaitNanos(left);
      }
    } finally {
      waits = false;
      lock.unlock();
    }
  }

  /** Called for each message: a sink that is at work anyway is not disturbed. */
  private void signal() {
    if (!waits) {
      return;
    }
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void parked(Run run) {
    lock.lock();
    try {
      if (current == run) {
        current = null;
        busy = false;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void awaitParked(Duration limit) throws InterruptedException {
    lock.lock();
    try {
      long left = limit.toNanos();
      while (busy && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private Delivery.Outcome deliver(List<Delivery.Item> items) {
    Exchange exchange = createExchange(false);
    try {
      fill(exchange, items);
      getProcessor().process(exchange);
    } catch (Throwable e) {
      exchange.setException(e);
    }
    try {
      return outcome(exchange);
    } finally {
      releaseExchange(exchange, false);
    }
  }

  private void fill(Exchange exchange, List<Delivery.Item> items) {
    exchange.setProperty(SINK, sink.name());
    Refusal.expect(exchange);
    if (endpoint.isOfMessages()) {
      CarMessage message = items.get(0).message();
      exchange.setProperty(CarMessage.ACCOUNT, message.account());
      exchange.setProperty(CarMessage.SOURCE, message.source());
      exchange.setProperty(CarMessage.TOPIC, message.topic());
      exchange.setProperty(CarMessage.RECEIVED, message.received());
      exchange.getMessage().setBody(message.payload());
    } else if (endpoint.getBatch() > 1) {
      exchange.getMessage().setBody(events(items));
    } else {
      exchange.getMessage().setBody(items.get(0).event());
    }
  }

  private static List<CarEvent> events(List<Delivery.Item> items) {
    List<CarEvent> events = new ArrayList<>(items.size());
    for (Delivery.Item item : items) {
      events.add(item.event());
    }
    return Collections.unmodifiableList(events);
  }

  private Delivery.Outcome outcome(Exchange exchange) {
    Exception error = exchange.getException();
    if (error != null) {
      return failure(exchange, error);
    }
    if (exchange.isRollbackOnly() || exchange.isRollbackOnlyLast()) {
      return new Delivery.Outcome.Failed(new IllegalStateException("the route rolled back"));
    }
    ExchangeExtension marks = exchange.getExchangeExtension();
    if (marks.isErrorHandlerHandledSet() && marks.isErrorHandlerHandled()) {
      Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
      return new Delivery.Outcome.Refused(
          caught == null ? new EventRefusedException("the route's error policy took it") : caught);
    }
    Throwable refused = Refusal.of(exchange);
    return refused == null
        ? new Delivery.Outcome.Delivered()
        : new Delivery.Outcome.Refused(refused);
  }

  private Delivery.Outcome failure(Exchange exchange, Exception error) {
    Throwable cause = error;
    for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
      if (cause instanceof TargetAwayException) {
        return new Delivery.Outcome.Away(cause);
      }
      if (cause instanceof TryLaterException later) {
        return new Delivery.Outcome.Later(later, later.pause());
      }
      cause = cause.getCause();
    }
    Object answer = exchange.getProperty(RETRY_AFTER);
    return answer == null
        ? new Delivery.Outcome.Failed(error)
        : new Delivery.Outcome.Later(error, RetryAfter.parse(retryAfter(answer), sink.now()));
  }

  private static String retryAfter(Object answer) {
    if (!(answer instanceof Map<?, ?> headers)) {
      return answer.toString();
    }
    return headers.entrySet().stream()
        .filter(header -> "Retry-After".equalsIgnoreCase(String.valueOf(header.getKey())))
        .map(header -> String.valueOf(header.getValue()))
        .findFirst()
        .orElse(null);
  }

  @Override
  protected void doSuspend() throws Exception {
    hold(true);
    awaitParked(LONGEST_SUSPEND);
    super.doSuspend();
  }

  @Override
  protected void doResume() throws Exception {
    super.doResume();
    hold(false);
  }

  private void hold(boolean isHeld) {
    lock.lock();
    try {
      held = isHeld;
      heldSince = System.nanoTime();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    sink.suspended(isHeld);
  }

  /** Ends at once in a pause, else when the exchange under way is done. */
  @Override
  protected void doStop() throws Exception {
    Duration longest = endpoint.getComponent().longestStop();
    lock.lock();
    try {
      if (held) {
        // Who holds it waits already.
        Duration waited = Duration.ofNanos(System.nanoTime() - heldSince);
        longest = waited.compareTo(longest) < 0 ? longest.minus(waited) : Duration.ZERO;
      }
      if (current != null) {
        current.stopping = true;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    journal.wakesNoLonger(wake);
    // One that never got the name leaves the sink of whoever has it alone.
    if (executor != null) {
      executor.shutdown();
      if (!executor.awaitTermination(longest.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn(
            "Stopping sink {}: its target did not answer within {} s — interrupted; the event comes"
                + " again at the next start",
            sink.name(),
            endpoint.getComponent().longestStop().toSeconds());
      }
      getEndpoint().getCamelContext().getExecutorServiceManager().shutdownNow(executor);
      executor = null;
      sink.enabled(false);
    }
    super.doStop();
  }
}
