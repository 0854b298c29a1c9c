// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.cardatabridge.CarEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a data point pass unless the topics already show a newer one by the car's own clock. Of two
 * with the same timestamp the later arrival wins; one that lies more than a day in the future
 * passes never. One of unknown age ({@link CarEvent#isOfUnknownAge}) gives its place to any that
 * has a time.
 *
 * <p>What counts is what was confirmed: a batch that fails is judged afresh when it comes again.
 * What the topics showed before this process began is learnt from the broker. Safe for use by many
 * threads.
 */
public final class Newest {

  /** How far ahead of its receipt a timestamp may lie. */
  public static final Duration MAX_AHEAD = Duration.ofHours(24);

  private static final Logger LOG = LoggerFactory.getLogger(Newest.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Longer than the broker may take to confirm. */
  private static final Duration TURN = Duration.ofSeconds(40);

  private final Topics topics;
  private final Supplier<? extends CompletionStage<Void>> learnt;
  private final BiFunction<String, String, Optional<CarEvent>> known;
  private final BiFunction<String, String, Optional<Instant>> undated;
  private final JsonFactory json = new JsonFactory();
  private final Map<String, Instant> retained = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Instant>> shown = new HashMap<>();
  private final List<Map<String, Map<String, Instant>>> offered = new ArrayList<>();
  private boolean ready;
  private boolean repeating;

  /**
   * A filter for the tree of these topics.
   *
   * @param learnt complete when {@link #learn} has been given everything that is retained; asked
   *     before the first data point passes
   */
  public Newest(Topics topics, Supplier<? extends CompletionStage<Void>> learnt) {
    this(topics, learnt, (vin, key) -> Optional.empty());
  }

  /**
   * The same, where values may come a second time.
   *
   * @param known the newest data point of a VIN and a key, whoever has seen it; of a replay nothing
   *     else passes
   */
  public Newest(
      Topics topics,
      Supplier<? extends CompletionStage<Void>> learnt,
      BiFunction<String, String, Optional<CarEvent>> known) {
    this(topics, learnt, known, (vin, key) -> Optional.empty());
  }

  /**
   * The same, where values of unknown age give their place to others.
   *
   * @param undated the time of receipt of such a value of a VIN and a key that was known before
   */
  public Newest(
      Topics topics,
      Supplier<? extends CompletionStage<Void>> learnt,
      BiFunction<String, String, Optional<CarEvent>> known,
      BiFunction<String, String, Optional<Instant>> undated) {
    this.topics = topics;
    this.learnt = learnt;
    this.known = known;
    this.undated = undated;
  }

  /** Takes a retained topic of the broker; anything that carries no timestamp is left out. */
  public void learn(String topic, byte[] payload) {
    time(payload).ifPresent(time -> retained.put(topic, time));
  }

  /**
   * Takes what a broker shows in place of a data point of ours. It counts only where somebody else
   * put it there, being newer than all we know: what we published ourselves and the broker never
   * confirmed comes again whole, older values of its batch too.
   */
  void learnInstead(CarEvent ours, String topic, byte[] payload) {
    Instant newest =
        known.apply(ours.vin(), ours.key()).map(CarEvent::timestamp).orElse(ours.timestamp());
    time(payload).filter(newest::isBefore).ifPresent(time -> retained.put(topic, time));
  }

  private Optional<Instant> time(byte[] payload) {
    if (payload.length == 0 || payload[0] != '{') {
      return Optional.empty();
    }
    try (JsonParser parser = json.createParser(payload)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean timestamp = parser.currentName().equals("timestamp");
        if (parser.nextToken() == JsonToken.VALUE_STRING && timestamp) {
          return Optional.of(Instant.parse(parser.getText()));
        }
        parser.skipChildren();
      }
    } catch (IOException | DateTimeException e) {
      // Topics below ours that somebody else filled; the payload stays out of the log.
      LOG.debug("reading a retained topic: no data point ({})", e.getClass().getSimpleName());
    }
    return Optional.empty();
  }

  /**
   * The data points of the body that may be shown, in their order.
   *
   * @return a new list, empty where all are old
   * @throws BrokerUnavailableException while the retained topics could not be read yet
   */
  public List<CarEvent> filter(Exchange exchange)
      throws BrokerUnavailableException, InterruptedException {
    awaitLearnt();
    awaitRepeated();
    return offer(exchange, false);
  }

  /**
   * The data points of the body that are shown a second time, in their order: those that are still
   * the newest. What {@link #filter} is asked for meanwhile waits until the exchange has ended, so
   * that nothing newer is overtaken.
   *
   * @return a new list, empty where all are old
   * @throws BrokerUnavailableException while the retained topics could not be read yet
   */
  public List<CarEvent> again(Exchange exchange)
      throws BrokerUnavailableException, InterruptedException {
    awaitLearnt();
    synchronized (this) {
      repeating = true;
      exchange.getExchangeExtension().addOnCompletion(new Repeated());
    }
    return offer(exchange, true);
  }

  private List<CarEvent> offer(Exchange exchange, boolean anew) {
    Object body = exchange.getMessage().getBody();
    Collection<?> events = body instanceof Collection<?> many ? many : List.of(body);
    List<CarEvent> passed = new ArrayList<>(events.size());
    Map<String, Map<String, Instant>> mine = new HashMap<>();
    synchronized (this) {
      for (Object item : events) {
        CarEvent event = (CarEvent) item;
        if (!isTooFarAhead(event.timestamp(), event)
            && isNewest(event, mine)
            && !((anew || event.source().equals("replay")) && isOutdated(event))) {
          mine.computeIfAbsent(event.vin(), vin -> new HashMap<>())
              .put(event.key(), event.isOfUnknownAge() ? Instant.MIN : event.timestamp());
          passed.add(event);
        }
      }
      if (!mine.isEmpty()) {
        offered.add(mine);
        exchange.getExchangeExtension().addOnCompletion(new Outcome(mine));
      }
    }
    return passed;
  }

  private void awaitLearnt() throws BrokerUnavailableException, InterruptedException {
    synchronized (this) {
      if (ready) {
        return;
      }
    }
    try {
      learnt.get().toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      if (e.getCause() instanceof BrokerUnavailableException away) {
        throw away;
      }
      throw new BrokerUnavailableException(
          "reading the retained values of the local broker: no answer — it is asked again; check"
              + " that the broker runs",
          e);
    }
    synchronized (this) {
      ready = true;
    }
  }

  /** What is shown again holds up the sink no longer than the broker may take to confirm it. */
  private synchronized void awaitRepeated()
      throws BrokerUnavailableException, InterruptedException {
    long end = System.nanoTime() + TURN.toNanos();
    while (repeating) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw new BrokerUnavailableException(
            "publishing data points: the broker does not confirm what it had forgotten — it is"
                + " tried again; check that the broker runs",
            null);
      }
      wait(left);
    }
  }

  private synchronized void endRepeat() {
    repeating = false;
    notifyAll();
  }

  /** Of a value and its correction with the same time, the first alone may come again. */
  private boolean isOutdated(CarEvent event) {
    CarEvent newest = known.apply(event.vin(), event.key()).orElse(null);
    return newest != null
        && !event.timestamp().isAfter(newest.timestamp())
        && !(event.timestamp().equals(newest.timestamp())
            && Objects.equals(event.value(), newest.value()));
  }

  private static boolean isTooFarAhead(Instant timestamp, CarEvent event) {
    // Nearly none lies ahead at all.
    return timestamp.isAfter(event.received())
        && timestamp.isAfter(event.received().plus(MAX_AHEAD));
  }

  private boolean isNewest(CarEvent event, Map<String, Map<String, Instant>> mine) {
    if (isNewerIn(mine, event) || isNewerIn(shown, event)) {
      return false;
    }
    for (Map<String, Map<String, Instant>> others : offered) {
      if (isNewerIn(others, event)) {
        return false;
      }
    }
    if (retained.isEmpty()) {
      return true;
    }
    String topic = topics.topicOf(event);
    Instant kept = topic == null ? null : retained.get(topic);
    return kept == null
        || !kept.isAfter(event.timestamp())
        || isTooFarAhead(kept, event)
        || isUndated(kept, event);
  }

  /** The topic shows a value of unknown age, which has given its place to this one. */
  private boolean isUndated(Instant kept, CarEvent event) {
    return undated
        .apply(event.vin(), event.key())
        .filter(at -> at.truncatedTo(ChronoUnit.MICROS).equals(kept.truncatedTo(ChronoUnit.MICROS)))
        .isPresent();
  }

  private static boolean isNewerIn(Map<String, Map<String, Instant>> known, CarEvent event) {
    Map<String, Instant> ofCar = known.get(event.vin());
    Instant newest = ofCar == null ? null : ofCar.get(event.key());
    return newest != null && newest.isAfter(event.timestamp());
  }

  private synchronized void settle(Map<String, Map<String, Instant>> mine, boolean confirmed) {
    offered.removeIf(other -> other == mine);
    if (confirmed) {
      mine.forEach(
          (vin, keys) -> {
            Map<String, Instant> ofCar = shown.computeIfAbsent(vin, v -> new HashMap<>());
            keys.forEach((key, at) -> ofCar.merge(key, at, (a, b) -> a.isAfter(b) ? a : b));
          });
    }
  }

  /** Lets the sink go on. */
  private final class Repeated extends SynchronizationAdapter {

    @Override
    public void onDone(Exchange exchange) {
      endRepeat();
    }
  }

  /** Waits for the fate of what one exchange offered. */
  private final class Outcome extends SynchronizationAdapter {

    private final Map<String, Map<String, Instant>> mine;

    Outcome(Map<String, Map<String, Instant>> mine) {
      this.mine = mine;
    }

    @Override
    public void onComplete(Exchange exchange) {
      settle(mine, true);
    }

    @Override
    public void onFailure(Exchange exchange) {
      settle(mine, false);
    }
  }
}
