// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.cardatabridge.CarEvent;

/**
 * Knows which data points a broker ought to show, and names those that it does not after a connect.
 * Safe for use by many threads.
 */
public final class ForgottenValues {

  private final Topics topics;
  private final Supplier<Optional<List<CarEvent>>> known;
  private final Forgotten forgotten;
  private volatile Map<String, CarEvent> byTopic = Map.of();

  /**
   * Looks at nothing yet.
   *
   * @param newest is told what the broker shows instead, so that nothing older takes its place
   * @param known the newest values that the sink was handed, the oldest first, with the names that
   *     cars have today; empty while that is not known
   */
  public ForgottenValues(
      Topics topics,
      Newest newest,
      Forgotten.Broker broker,
      Supplier<Optional<List<CarEvent>>> known) {
    this.topics = topics;
    this.known = known;
    this.forgotten =
        topics.retainedFilter() == null
            ? null
            : new Forgotten(
                broker,
                List.of(topics.retainedFilter()),
                topics.presenceTopic(),
                (topic, payload) -> {
                  CarEvent ours = byTopic.get(topic);
                  if (ours != null) {
                    newest.learnInstead(ours, topic, payload);
                  }
                });
  }

  /**
   * What the broker that has come lacks, the oldest first: empty nearly always. To be asked again
   * and again.
   */
  public List<CarEvent> values() {
    Optional<List<CarEvent>> all = forgotten == null ? Optional.empty() : known.get();
    if (all.isEmpty()) {
      return List.of();
    }
    Set<String> lacking = forgotten.topics(() -> wanted(all.get()));
    if (lacking.isEmpty()) {
      return List.of();
    }
    return all.get().stream()
        .filter(event -> topics.map(event).stream().anyMatch(p -> lacking.contains(p.topic())))
        .toList();
  }

  private List<Publication> wanted(List<CarEvent> values) {
    Map<String, CarEvent> found = new HashMap<>();
    values.forEach(value -> topics.map(value).forEach(p -> found.put(p.topic(), value)));
    byTopic = found;
    return topics.map(values);
  }
}
