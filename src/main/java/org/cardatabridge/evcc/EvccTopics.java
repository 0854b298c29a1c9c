// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.evcc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.cardatabridge.CarEvent;
import org.cardatabridge.meaning.CarState;
import org.cardatabridge.meaning.CarStates;
import org.cardatabridge.mqtt.BrokerUnavailableException;
import org.cardatabridge.mqtt.Forgotten;
import org.cardatabridge.mqtt.Publication;
import org.cardatabridge.mqtt.Topics;

/**
 * What {@code routes/sink-evcc.camel.yaml} asks of Java: the topics that evcc reads. Safe for use
 * by many threads.
 *
 * <p>A topic is said again whenever the car measured anew what it shows, also where that is the
 * same. It remembers what the broker has confirmed; a batch that fails comes again whole.
 */
public final class EvccTopics {

  private static final String SINK = "evcc";

  /** Longer than the broker may take to confirm what another exchange said. */
  private static final long TURN_SECONDS = 40;

  private static final int MOST_SAID = 2_000;

  private final Topics topics;
  private final CarStates cars;
  private final Supplier<Optional<List<CarEvent>>> all;
  private final Forgotten forgotten;
  private final Semaphore turn = new Semaphore(1);
  private final Set<String> other = ConcurrentHashMap.newKeySet();

  /** By topic; used by whoever has the turn. */
  private final Map<String, EvccValue> said =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, EvccValue> eldest) {
          return size() > MOST_SAID;
        }
      };

  /**
   * Topics in the tree of the local broker.
   *
   * @param known the newest values of a VIN as they are for a sink of that name
   */
  public EvccTopics(Topics topics, BiFunction<String, String, List<CarEvent>> known) {
    this(topics, known, null, Optional::empty);
  }

  /**
   * The same, with a broker that may have forgotten what it was told.
   *
   * @param all the newest values of all cars that the sink was handed, with the names that cars
   *     have today; empty while that is not known
   */
  public EvccTopics(
      Topics topics,
      BiFunction<String, String, List<CarEvent>> known,
      Forgotten.Broker broker,
      Supplier<Optional<List<CarEvent>>> all) {
    this.topics = topics;
    this.all = all;
    cars = new CarStates(vin -> known.apply(SINK, vin));
    forgotten =
        broker == null
            ? null
            : new Forgotten(
                broker,
                List.of(topics.base() + "/+/" + SINK + "/#"),
                topics.presenceTopic(),
                (topic, payload) -> other.add(topic));
  }

  /**
   * What changes for evcc with the data points of the body, in their order.
   *
   * @throws IllegalArgumentException for a body that is neither a {@link CarEvent} nor a list of
   *     them
   * @throws BrokerUnavailableException while the broker does not confirm what was said before
   */
  public List<EvccValue> values(Exchange exchange)
      throws BrokerUnavailableException, InterruptedException {
    if (!turn.tryAcquire(TURN_SECONDS, TimeUnit.SECONDS)) {
      throw new BrokerUnavailableException(
          "publishing for evcc: the broker does not confirm what was said before — it is tried"
              + " again; check that the broker runs",
          null);
    }
    // What is noted first is run last.
    exchange.getExchangeExtension().addOnCompletion(new TurnEnd());
    Object body = exchange.getMessage().getBody();
    CarStates.Draft draft = cars.draft();
    List<EvccValue> changes = new ArrayList<>();
    for (Object item : body instanceof Collection<?> many ? many : List.of(body)) {
      if (!(item instanceof CarEvent event)) {
        throw new IllegalArgumentException(
            "Reading values for evcc: the body is neither a CarEvent nor a list of them");
      }
      add(event, draft, changes);
    }
    exchange
        .getExchangeExtension()
        .addOnCompletion(
            new SynchronizationAdapter() {
              @Override
              public void onComplete(Exchange done) {
                draft.keep();
                changes.forEach(value -> add(value, said));
              }
            });
    return changes;
  }

  /**
   * What a broker that has come does not show as it ought to: empty nearly always. To be asked
   * again and again; where another exchange is at it, another time.
   */
  public List<EvccValue> forgotten(Exchange exchange) {
    if (forgotten == null || !turn.tryAcquire()) {
      return List.of();
    }
    exchange.getExchangeExtension().addOnCompletion(new TurnEnd());
    Optional<List<CarEvent>> known = all.get();
    if (known.isEmpty()) {
      return List.of();
    }
    Set<String> othersWere = new HashSet<>();
    Set<String> lacking =
        forgotten.topics(
            () -> {
              othersWere.addAll(other);
              other.clear();
              return topics(shown(known.get()));
            });
    return lacking.isEmpty()
        ? List.of()
        : shown(known.get()).stream()
            .filter(value -> isLacking(value, lacking, othersWere))
            .toList();
  }

  /** What another process said may have been better than what stands in for it now. */
  private boolean isLacking(EvccValue value, Set<String> lacking, Set<String> others) {
    String topic = publication(value).topic();
    return lacking.contains(topic) && (value.equals(said.get(topic)) || !others.contains(topic));
  }

  /** What the topics ought to show: what was said, else what follows from the events. */
  private List<EvccValue> shown(List<CarEvent> events) {
    Map<String, List<CarEvent>> byCar =
        events.stream()
            .collect(Collectors.groupingBy(CarEvent::vin, LinkedHashMap::new, Collectors.toList()));
    Map<String, EvccValue> values = new LinkedHashMap<>();
    byCar.forEach(
        (vin, ofCar) ->
            EvccView.of(CarState.empty().with(ofCar))
                .forEach(
                    (name, answer) ->
                        add(
                            new EvccValue(
                                ofCar.get(0).vehicle(), name, answer.text(), answer.timestamp()),
                            values)));
    said.values().forEach(value -> add(value, values));
    return List.copyOf(values.values());
  }

  private void add(EvccValue value, Map<String, EvccValue> to) {
    to.put(publication(value).topic(), value);
  }

  /** The retained topics of these values. */
  public List<Publication> topics(@Body List<EvccValue> values) {
    return values.stream().map(this::publication).toList();
  }

  private Publication publication(EvccValue value) {
    return topics.below(value.vehicle(), SINK + "/" + value.name(), value.text());
  }

  /** Lets the next exchange begin. */
  private final class TurnEnd extends SynchronizationAdapter {

    @Override
    public void onDone(Exchange exchange) {
      turn.release();
    }
  }

  /** What stands in for a better value that is not available now must not take it back. */
  private static boolean isWorse(EvccView.Answer answer, EvccView.Answer shown) {
    return answer.isNumber() && shown != null && answer.timestamp().isBefore(shown.timestamp());
  }

  private void add(CarEvent event, CarStates.Draft draft, List<EvccValue> changes) {
    CarState before = draft.before(event);
    CarState after = draft.add(event);
    if (after == before) {
      return;
    }
    Map<String, EvccView.Answer> shown = EvccView.of(before);
    EvccView.of(after)
        .forEach(
            (name, answer) -> {
              if (!answer.equals(shown.get(name)) && !isWorse(answer, shown.get(name))) {
                changes.add(value(event, name, answer));
              }
            });
    // Nobody shall wait for an end that has come already.
    EvccView.endedEarly(before, after)
        .ifPresent(end -> changes.add(value(event, "finishTime", end)));
  }

  private static EvccValue value(CarEvent event, String name, EvccView.Answer answer) {
    return new EvccValue(event.vehicle(), name, answer.text(), answer.timestamp());
  }
}
