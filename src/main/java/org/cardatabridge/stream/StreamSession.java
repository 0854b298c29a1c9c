// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.cardatabridge.Lasting;
import org.cardatabridge.stream.StreamMachine.Now;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session of one account with its broker, as routes and the status page see it (bean {@code
 * stream-<account>}). It feeds {@link StreamMachine} and does what that asks for on one thread of
 * its own. Safe for use by many threads; no method throws for what a broker does.
 */
public final class StreamSession implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StreamSession.class);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);
  private static final Duration LONG_OUTAGE = Duration.ofMinutes(2);
  private static final Duration WAKE_AGAIN = Duration.ofSeconds(1);
  private static final long SECOND = 1_000_000_000L;

  private final String account;
  private final BmwMqttClient client;
  private final Peer peer;
  private final CredentialSource credentials;
  private final BooleanSupplier knownActive;
  private final Supplier<Optional<String>> trouble;
  private final Clock clock;
  private final LongSupplier nanos;
  private final ScheduledExecutorService worker;
  private final List<Consumer<StreamSnapshot>> listeners = new CopyOnWriteArrayList<>();

  private final AtomicLong messages = new AtomicLong();
  private final MessageRate rate;
  private final AtomicLong messageFedAt = new AtomicLong();
  private final AtomicReference<Instant> downSince = new AtomicReference<>();
  private final AtomicBoolean warned = new AtomicBoolean();
  private final AtomicBoolean wasUp = new AtomicBoolean();
  private final AtomicBoolean wakeFailed = new AtomicBoolean();
  private volatile Instant lastMessageAt;
  private volatile StreamSnapshot shown;

  // All below is guarded by this.
  private final StreamMachine machine;
  private ScheduledFuture<?> alarm;

  /**
   * Makes a stopped session with one idle thread, which logs in with tokens.
   *
   * @param tokens the newest tokens; empty where there are none
   * @param forceRefresh asks for one refresh of the tokens, with the reason in words; must not
   *     block
   */
  public StreamSession(
      String account,
      StreamSettings settings,
      BmwMqttClient client,
      Supplier<Optional<Credentials>> tokens,
      Consumer<String> forceRefresh,
      BooleanSupplier knownActive,
      Supplier<Optional<String>> trouble,
      Clock clock,
      LongSupplier nanos,
      RandomGenerator random) {
    this(
        account,
        settings,
        client,
        CredentialSource.ofTokens(tokens, forceRefresh),
        knownActive,
        trouble,
        clock,
        nanos,
        random);
  }

  /**
   * Makes a stopped session with one idle thread.
   *
   * @param account the account's name
   * @param settings the account's settings
   * @param client the client that the account's ingest route consumes from
   * @param credentials what to log in with
   * @param knownActive whether the car is known to be moving or charging, or a REST value is newer
   *     than the newest stream value; only asked where silent-while-active is set
   * @param trouble why messages cannot be kept at present and what to do, in one sentence; empty
   *     where they can
   * @param clock wall clock
   * @param nanos monotonic clock, as {@link System#nanoTime()}
   * @param random jitter of the pauses
   */
  public StreamSession(
      String account,
      StreamSettings settings,
      BmwMqttClient client,
      CredentialSource credentials,
      BooleanSupplier knownActive,
      Supplier<Optional<String>> trouble,
      Clock clock,
      LongSupplier nanos,
      RandomGenerator random) {
    this.account = account;
    this.client = client;
    this.peer = settings.peer();
    this.credentials = credentials;
    this.knownActive = knownActive;
    this.trouble = trouble;
    this.clock = clock;
    this.nanos = nanos;
    this.rate = new MessageRate(nanos.getAsLong());
    this.machine = new StreamMachine(settings, random);
    this.worker =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "stream-" + account);
              thread.setDaemon(true);
              return thread;
            });
    this.shown = machine.snapshot(now(), 0, null);
    client.onNewConsumer(this::cycle);
  }

  /** The ingest route runs: connect as soon as there are tokens. */
  public void start() {
    lookForTrouble();
    CredentialSource.Found found = credentials.look();
    if (found.unusable() != null) {
      feed(now -> machine.unusable(found.unusable(), now));
    }
    feed(now -> machine.start(now, found.credentials()));
  }

  /** Whether there is an id token that has not expired. */
  public boolean canLogIn() {
    Credentials current = credentials.look().credentials();
    return current != null && current.expiresAt().isAfter(clock.instant());
  }

  /** Says goodbye to the broker and stays away; returns when that is done, 3 s at most. */
  public void stop() {
    Future<?> done = feed(machine::stop);
    try {
      done.get(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn(
          "Stopping the stream of {}: {} — {} may refuse the next login",
          account,
          e,
          peer.name(),
          e);
    }
  }

  /** Stops and ends the thread; the session cannot be started again. */
  @Override
  public void close() {
    stop();
    worker.shutdownNow();
  }

  /** The tokens changed; the session takes them from the supplier it was made with. */
  public void tokensChanged() {
    Credentials current = credentials.look().credentials();
    if (current != null) {
      feed(now -> machine.tokensChanged(now, current));
    }
  }

  /** What a person puts in place says nothing of itself: it is looked at. */
  private void lookForCertificate() {
    // A stopped one needs none: its route is off, as where only a bucket is read.
    if (peer.renews() || status().state() == StreamState.STOPPED) {
      return;
    }
    CredentialSource.Found found = credentials.look();
    if (found.unusable() != null) {
      feed(now -> machine.unusable(found.unusable(), now));
    } else {
      feed(now -> machine.tokensChanged(now, found.credentials()));
    }
  }

  /** Only a person can bring new tokens. */
  public void loginRequired() {
    feed(machine::loginRequired);
  }

  /** What the supplier of trouble says may have changed; returns at once. */
  public void troubleChanged() {
    try {
      // On one thread, so that the newest answer is the last that is heard.
      worker.execute(this::lookForTrouble);
    } catch (RejectedExecutionException e) {
      LOG.debug("Telling the stream of {} of trouble: closed already", account);
    }
  }

  private void lookForTrouble() {
    String sentence = trouble.get().orElse(null);
    feed(now -> machine.trouble(sentence, now));
  }

  /**
   * The watchdog's question: {@code fine}, {@code cycle} or {@code rebuild}. It only answers; what
   * follows is the route's to do.
   */
  public String verdict() {
    troubleChanged();
    lookForCertificate();
    boolean connected = client.isConnected();
    boolean active = knownActive.getAsBoolean();
    Verdict verdict;
    String why;
    synchronized (this) {
      verdict = machine.verdict(now(), connected, active);
      why = machine.verdictReason();
    }
    warnOfLongOutage();
    if (verdict != Verdict.FINE) {
      LOG.info("Watching the stream of {}: {} — {}", account, why, verdict.text());
    }
    return verdict.text();
  }

  /** Replaces the session in good order; nothing where there is none to replace. */
  public void cycle() {
    feed(machine::cycle);
  }

  /** Throws the connection and its client away and makes both anew. */
  public void rebuild() {
    feed(machine::rebuild);
  }

  /** The moment a message counts as received, for the ingest route. */
  public Instant received() {
    return clock.instant();
  }

  /** The session as the status page shows it. */
  public synchronized StreamSnapshot status() {
    return machine.snapshot(now(), messages.get(), lastMessageAt);
  }

  /** Messages a minute over the last five minutes. */
  public double messagesPerMinute() {
    return rate.perMinute(nanos.getAsLong());
  }

  /** Calls {@code listener} at each change of the shown state, on the session's own thread. */
  public void onChange(Consumer<StreamSnapshot> listener) {
    listeners.add(listener);
  }

  private Future<?> feed(Function<Now, List<StreamAction>> event) {
    synchronized (this) {
      List<StreamAction> actions = event.apply(now());
      schedule();
      StreamSnapshot before = shown;
      shown = status();
      StreamSnapshot after = shown;
      boolean changed = before.state() != after.state();
      try {
        return worker.submit(
            () -> {
              actions.forEach(this::perform);
              if (changed) {
                publish(before, after);
              }
            });
      } catch (RejectedExecutionException e) {
        LOG.debug("Feeding the stream of {}: closed already", account);
        return CompletableFuture.completedFuture(null);
      }
    }
  }

  private void schedule() {
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
    Now now = now();
    Duration at = machine.wakeAt(now);
    if (at != null && !worker.isShutdown()) {
      long millis = Math.max(0, at.minus(now.mono()).toMillis() + 1);
      alarm = worker.schedule(this::wake, millis, TimeUnit.MILLISECONDS);
    }
  }

  /** Nobody looks at what becomes of the alarm, and without the next one the session stands. */
  private void wake() {
    try {
      if (status().state().isWaiting()) {
        lookForCertificate();
      }
      feed(machine::wake);
      wakeFailed.set(false);
    } catch (RuntimeException | LinkageError e) {
      if (!wakeFailed.getAndSet(true)) {
        LOG.error(
            "Waking the stream of {}: {} — trying again each second; please report this",
            account,
            e,
            e);
      }
      synchronized (this) {
        if (alarm != null) {
          alarm.cancel(false);
        }
        if (!worker.isShutdown()) {
          alarm = worker.schedule(this::wake, WAKE_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        }
      }
    }
  }

  private void perform(StreamAction action) {
    try {
      if (action instanceof StreamAction.Connect connect) {
        client.connect(connect.credentials(), new Attempt(connect.attempt()));
      } else if (action instanceof StreamAction.Disconnect) {
        client.hangUp();
      } else if (action instanceof StreamAction.Refresh refresh) {
        credentials.renew(refresh.reason());
      } else if (action instanceof StreamAction.Announce announce) {
        announce(announce);
      }
    } catch (RuntimeException e) {
      LOG.error("Running the stream of {}: {} — the watchdog will try again", account, e, e);
    }
  }

  private void announce(StreamAction.Announce announce) {
    if (announce.mustAct()) {
      LOG.warn("{} (account {})", announce.sentence(), account);
    } else {
      LOG.info("{} (account {})", announce.sentence(), account);
    }
  }

  private void publish(StreamSnapshot before, StreamSnapshot after) {
    LOG.debug("Stream of {}: {} after {}", account, after.state(), before.state());
    if (after.state().isSubscribed()) {
      Instant since = downSince.getAndSet(null);
      if (since != null && warned.getAndSet(false)) {
        String outage = Lasting.text(Duration.between(since, clock.instant()));
        LOG.info("{} of {} is back after {}", peer.stream(), account, outage);
      } else if (!wasUp.getAndSet(true)) {
        LOG.info("{} of {} is up", peer.stream(), account);
      }
    } else {
      downSince.compareAndSet(null, clock.instant());
    }
    for (Consumer<StreamSnapshot> listener : listeners) {
      try {
        listener.accept(after);
      } catch (RuntimeException e) {
        LOG.error("Telling of the stream of {}: {} — please report this", account, e, e);
      }
    }
  }

  /** Short outages are nobody's business; a long one is said once, and once when it is over. */
  private void warnOfLongOutage() {
    Instant since = downSince.get();
    StreamSnapshot now = status();
    if (since == null
        || !now.state().isWaiting()
        || now.nextAttemptAt() == null // halted, which was said when it began
        || Duration.between(since, clock.instant()).compareTo(LONG_OUTAGE) < 0
        || warned.getAndSet(true)) {
      return;
    }
    LOG.warn(
        "Keeping {} of {}: {} — next attempt at {}",
        peer.stream(),
        account,
        now.lastReason() == null ? now.state().text() : now.lastReason().text(),
        now.nextAttemptAt());
  }

  private Now now() {
    return new Now(clock.instant(), Duration.ofNanos(nanos.getAsLong()));
  }

  /** Carries what one connection says into the machine. */
  private final class Attempt implements BmwMqttClient.Listener {

    private final int number;

    Attempt(int number) {
      this.number = number;
    }

    @Override
    public void connected() {
      feed(now -> machine.connected(number, now));
    }

    @Override
    public void subscribed() {
      feed(now -> machine.subscribed(number, now));
    }

    @Override
    public void ended(Ending ending) {
      feed(now -> machine.ended(number, ending, now));
    }

    /** The hot path: counts, and tells the machine once a second, or when it ends a silence. */
    @Override
    public void message() {
      messages.incrementAndGet();
      lastMessageAt = clock.instant();
      long now = nanos.getAsLong();
      rate.count(now);
      long before = messageFedAt.get();
      boolean due = before == 0 || now - before >= SECOND || shown.state() == StreamState.QUIET;
      if (due && messageFedAt.compareAndSet(before, now)) {
        feed(machine::message);
      }
    }
  }
}
