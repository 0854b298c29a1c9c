// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.time.Instant;

/** A published message while its fate is open. Used on one thread. */
final class Message {

  private final long number;
  private final Instant at;
  private final String topic;
  private final byte[] payload;
  private SentMessage.Fate fate = SentMessage.Fate.NOBODY;
  private int deliveries;

  Message(long number, Instant at, String topic, byte[] payload) {
    this.number = number;
    this.at = at;
    this.topic = topic;
    this.payload = payload;
  }

  String topic() {
    return topic;
  }

  byte[] payload() {
    return payload;
  }

  long number() {
    return number;
  }

  SentMessage.Fate fate() {
    return fate;
  }

  void become(SentMessage.Fate next) {
    fate = next;
  }

  void countDelivery() {
    deliveries++;
  }

  SentMessage sent() {
    return new SentMessage(number, at, topic, payload, fate, deliveries);
  }
}
