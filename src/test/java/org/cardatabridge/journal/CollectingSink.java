// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.cardatabridge.CarEvent;

/** A sink that a test takes through the log step by step; it collects what its target took. */
final class CollectingSink {

  final Sink sink;
  final List<CarEvent> taken = new ArrayList<>();
  Function<CarEvent, Delivery.Outcome> target = event -> new Delivery.Outcome.Delivered();
  private final Delivery delivery;
  private final Object holder = new Object();

  CollectingSink(Journal journal, String name, String from, int batch, int attempts) {
    sink = journal.sink(name);
    sink.claim(holder);
    sink.begin(from, false);
    sink.claim(holder);
    sink.enabled(true);
    delivery =
        new Delivery(
            sink,
            journal.log(),
            SinkFilter.of("", "", ""),
            false,
            batch,
            attempts,
            Samples.SHORT,
            this::deliver);
  }

  static CollectingSink from(Journal journal, String name, String from) {
    return new CollectingSink(journal, name, from, 100, 10);
  }

  private Delivery.Outcome deliver(List<Delivery.Item> items) {
    for (Delivery.Item item : items) {
      Delivery.Outcome outcome = target.apply(item.event());
      if (!(outcome instanceof Delivery.Outcome.Delivered)) {
        return outcome;
      }
    }
    items.forEach(item -> taken.add(item.event()));
    return new Delivery.Outcome.Delivered();
  }

  /** One step; false where there is nothing to do. */
  boolean step() {
    return !delivery.step().idle();
  }

  /** Steps until nothing is left. */
  CollectingSink drain() {
    while (step()) {
      // each step says whether there is another
    }
    return this;
  }

  List<Object> values() {
    return taken.stream().map(CarEvent::value).toList();
  }
}
