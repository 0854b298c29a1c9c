// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.netty.handler.codec.mqtt.MqttQoS;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The part of a session that may outlive its connection: filters and messages. One thread. */
final class KeptSession {

  private final String clientId;
  private final Map<String, MqttQoS> filters = new LinkedHashMap<>();
  private final Mailbox mailbox;
  private Instant keptUntil = Instant.MAX;

  KeptSession(String clientId, int mostWaiting) {
    this.clientId = clientId;
    this.mailbox = new Mailbox(mostWaiting);
  }

  String clientId() {
    return clientId;
  }

  Map<String, MqttQoS> filters() {
    return filters;
  }

  Mailbox mailbox() {
    return mailbox;
  }

  /** The best QoS of the filters that match a topic, at most 1; empty when none does. */
  Optional<MqttQoS> match(String topic) {
    return filters.entrySet().stream()
        .filter(e -> TopicFilter.matches(e.getKey(), topic))
        .map(Map.Entry::getValue)
        .max((a, b) -> Integer.compare(a.value(), b.value()));
  }

  void keepUntil(Instant until) {
    keptUntil = until;
  }

  boolean isKeptAt(Instant now) {
    return now.isBefore(keptUntil);
  }
}
