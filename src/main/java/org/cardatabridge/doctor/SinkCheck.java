// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.util.Set;
import org.cardatabridge.journal.SinkSnapshot;

/** How one sink does. */
final class SinkCheck implements Check {

  private static final Set<String> AT_LOCAL_BROKER =
      Set.of("mqtt", "mqtt-image", "homeassistant", "homie", "evcc");
  private static final long FAR_BEHIND = 10_000;

  private final SinkSnapshot sink;
  private final House house;

  SinkCheck(SinkSnapshot sink, House house) {
    this.sink = sink;
    this.house = house;
  }

  @Override
  public String id() {
    return "sink-" + sink.name();
  }

  @Override
  public String title() {
    return "sink";
  }

  @Override
  public String subject() {
    return sink.name();
  }

  @Override
  public Set<String> needs() {
    return AT_LOCAL_BROKER.contains(sink.name())
        ? Set.of("settings", "journal", "local-broker")
        : Set.of("settings", "journal");
  }

  @Override
  public Finding look() {
    String reason = sink.lastError() == null ? "…" : sink.lastError();
    if (sink.state() == SinkSnapshot.State.BROKEN) {
      return Finding.failed("sink.broken", "reason", reason);
    }
    if (!house.isRunning()) {
      return Finding.skipped("sink.not-running");
    }
    if (sink.state() == SinkSnapshot.State.DOWN) {
      return Finding.failed("sink.down", "reason", reason, "lag", sink.lag());
    }
    if (sink.lost() > 0) {
      return Finding.warning("sink.lost", "count", sink.lost());
    }
    return sink.lag() > FAR_BEHIND
        ? Finding.warning("sink.behind", "lag", sink.lag())
        : Finding.ok("sink.ok", "lag", sink.lag());
  }
}
