// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The QoS 1 messages of one session: those in flight, as many as the client's Receive Maximum
 * allows, and those that wait. Outlives a connection where the session is kept. Used on one thread.
 */
final class Mailbox {

  static final int MOST_WAITING = 200_000;

  /** A message to be sent now. */
  record Outgoing(int packetId, Message message, boolean again) {}

  private final Deque<Message> waiting = new ArrayDeque<>();
  private final Map<Integer, Message> inFlight = new LinkedHashMap<>();
  private final Deque<Outgoing> again = new ArrayDeque<>();
  private final int mostWaiting;
  private int receiveMaximum = 65_535;
  private int lastPacketId;

  /** An empty one in which at most so many messages wait. */
  Mailbox(int mostWaiting) {
    this.mostWaiting = mostWaiting;
  }

  /** Begins a connection: what was in flight is to be sent again, first and in its order. */
  void connect(int clientsReceiveMaximum) {
    receiveMaximum = clientsReceiveMaximum;
    again.clear();
    inFlight.forEach((id, message) -> again.add(new Outgoing(id, message, true)));
  }

  /** Takes a message in; false when too many wait already. */
  boolean offer(Message message) {
    return waiting.size() < mostWaiting && waiting.add(message);
  }

  /** The next message that may be sent, or nothing while the window is full. */
  Optional<Outgoing> next() {
    // A resent message is in flight already, so the window counts those not yet sent again out.
    if (inFlight.size() - again.size() >= receiveMaximum) {
      return Optional.empty();
    }
    if (!again.isEmpty()) {
      return Optional.of(again.poll());
    }
    Message message = waiting.poll();
    if (message == null) {
      return Optional.empty();
    }
    int id = freePacketId();
    inFlight.put(id, message);
    return Optional.of(new Outgoing(id, message, false));
  }

  /** Takes an acknowledged message out; empty for an id that is not in flight. */
  Optional<Message> acknowledge(int packetId) {
    again.removeIf(o -> o.packetId() == packetId);
    return Optional.ofNullable(inFlight.remove(packetId));
  }

  /** Empties it and returns what was in it. */
  List<Message> clear() {
    List<Message> all = new ArrayList<>(inFlight.values());
    all.addAll(waiting);
    inFlight.clear();
    again.clear();
    waiting.clear();
    return all;
  }

  /** How many it holds, those in flight included. */
  int held() {
    return waiting.size() + inFlight.size();
  }

  int inFlight() {
    return inFlight.size() - again.size();
  }

  private int freePacketId() {
    do {
      lastPacketId = lastPacketId % 65_535 + 1;
    } while (inFlight.containsKey(lastPacketId));
    return lastPacketId;
  }
}
