// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The newest published messages, and those that were acknowledged in that order. One thread. */
final class MessageLog {

  private final int limit;
  private final Deque<Message> published = new ArrayDeque<>();
  private final Deque<Message> acknowledged = new ArrayDeque<>();
  private final Map<SentMessage.Fate, Long> counts = new EnumMap<>(SentMessage.Fate.class);
  private long number;

  MessageLog(int limit) {
    this.limit = limit;
  }

  /** Notes a new message that nobody has yet. */
  Message add(Instant at, String topic, byte[] payload) {
    Message message = new Message(++number, at, topic, payload);
    append(published, message);
    counts.merge(message.fate(), 1L, Long::sum);
    return message;
  }

  /** Notes what became of a message. */
  void note(Message message, SentMessage.Fate fate) {
    if (message.fate() == fate) {
      return;
    }
    counts.merge(message.fate(), -1L, Long::sum);
    counts.merge(fate, 1L, Long::sum);
    message.become(fate);
    if (fate == SentMessage.Fate.ACKNOWLEDGED) {
      append(acknowledged, message);
    }
  }

  private void append(Deque<Message> list, Message message) {
    if (list.size() == limit) {
      list.removeFirst();
    }
    list.addLast(message);
  }

  List<SentMessage> published() {
    return published.stream().map(Message::sent).toList();
  }

  /** In the order in which the acknowledgements came. */
  List<SentMessage> acknowledged() {
    return acknowledged.stream().map(Message::sent).toList();
  }

  long total() {
    return number;
  }

  long count(SentMessage.Fate fate) {
    return counts.getOrDefault(fate, 0L);
  }

  JsonObject counters() {
    JsonObject json = new JsonObject().put("published", number);
    for (SentMessage.Fate fate : SentMessage.Fate.values()) {
      json.put(fate.name().toLowerCase(Locale.ROOT), count(fate));
    }
    return json;
  }
}
