// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.evcc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.cardatabridge.CarEvent;
import org.cardatabridge.meaning.CarState;
import org.cardatabridge.meaning.CarStates;
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

  private final Topics topics;
  private final CarStates cars;

  /**
   * Topics in the tree of the local broker.
   *
   * @param known the newest values of a VIN as they are for a sink of that name
   */
  public EvccTopics(Topics topics, BiFunction<String, String, List<CarEvent>> known) {
    this.topics = topics;
    cars = new CarStates(vin -> known.apply(SINK, vin));
  }

  /**
   * What changes for evcc with the data points of the body, in their order.
   *
   * @throws IllegalArgumentException for a body that is neither a {@link CarEvent} nor a list of
   *     them
   */
  public List<EvccValue> values(Exchange exchange) {
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
              }
            });
    return changes;
  }

  /** The retained topics of these values. */
  public List<Publication> topics(@Body List<EvccValue> values) {
    return values.stream()
        .map(value -> topics.below(value.vehicle(), SINK + "/" + value.name(), value.text()))
        .toList();
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
                changes.add(
                    new EvccValue(event.vehicle(), name, answer.text(), answer.timestamp()));
              }
            });
  }
}
