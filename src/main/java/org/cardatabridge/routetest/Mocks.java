// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routetest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;

/** Everything that a route sends to in a test: takes messages, or throws. Safe for many threads. */
final class Mocks {

  /** So many failures with nothing taken between them are an outage. */
  private static final int OUTAGE = 25;

  private final List<MockRule> rules;
  private final Map<MockRule, Long> failures = new HashMap<>();
  private final List<Taken> taken = new ArrayList<>();
  private int inARow;

  /** The first rule that fits counts. */
  Mocks(List<MockRule> rules) {
    this.rules = List.copyOf(rules);
  }

  /** Takes what the exchange carries. */
  void take(Taken message, Exchange exchange) {
    Optional<MockRule> rule =
        rules.stream()
            .filter(r -> MockName.fits(r.part().name(), message.step(), message.uri()))
            .findFirst();
    synchronized (this) {
      if (rule.isPresent() && isToFail(rule.get(), message)) {
        inARow++;
        exchange.setException(rule.get().failure(message.uri()));
        return;
      }
      inARow = 0;
      taken.add(message);
    }
    rule.flatMap(r -> r.part().find("reply")).ifPresent(reply -> answer(reply, exchange));
  }

  private boolean isToFail(MockRule rule, Taken message) {
    if (rule.when().isPresent() && !rule.when().get().matcher(message.text()).find()) {
      return false;
    }
    return failures.merge(rule, 1L, Long::sum) <= rule.fails();
  }

  private static void answer(YamlPart reply, Exchange exchange) {
    reply.find("body").ifPresent(body -> exchange.getMessage().setBody(Given.body(body)));
    reply
        .find("headers")
        .ifPresent(
            headers ->
                headers
                    .entries()
                    .forEach((name, part) -> exchange.getMessage().setHeader(name, part.plain())));
  }

  /** What was taken so far, in order. */
  synchronized List<Taken> taken() {
    return List.copyOf(taken);
  }

  /** Whether nothing has passed for so long that nothing will. */
  synchronized boolean isOutage() {
    return inARow >= OUTAGE;
  }
}
