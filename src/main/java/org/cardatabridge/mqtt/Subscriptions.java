// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What routes want to hear from the broker, on which topics, over all connections. Belongs to the
 * connection's thread.
 */
final class Subscriptions {

  /**
   * Somebody who listens.
   *
   * @param topic a topic, or a filter with {@code +} for any one level
   * @param heard takes each message, at once; must be quick
   * @param connected is run each time the broker has answered our subscription
   */
  record Listener(String topic, Heard heard, Runnable connected) {

    private boolean fits(String other) {
      if (topic.indexOf('+') < 0) {
        return topic.equals(other);
      }
      String[] wanted = topic.split("/", -1);
      String[] levels = other.split("/", -1);
      boolean fits = wanted.length == levels.length;
      for (int i = 0; fits && i < levels.length; i++) {
        fits = wanted[i].equals("+") || wanted[i].equals(levels[i]);
      }
      return fits;
    }
  }

  /** Takes a message. */
  interface Heard {

    /**
     * On the connection's thread.
     *
     * @param isRetained whether the broker kept it from before we came
     */
    void accept(String topic, byte[] payload, boolean isRetained);
  }

  private final List<Listener> listeners = new ArrayList<>();
  private final Map<Integer, Listener> asked = new HashMap<>();

  void add(Listener listener) {
    listeners.add(listener);
  }

  /** Takes a listener away; true where nobody else listens to its topic. */
  boolean remove(Listener listener) {
    listeners.remove(listener);
    asked.values().remove(listener);
    return listeners.stream().noneMatch(other -> other.topic().equals(listener.topic()));
  }

  /** Those who listen, for a connection that has just begun. */
  List<Listener> anew() {
    asked.clear();
    return List.copyOf(listeners);
  }

  MqttMessage subscribe(Listener listener, int id) {
    asked.put(id, listener);
    return MqttMessageBuilders.subscribe()
        .messageId(id)
        .addSubscription(MqttQoS.AT_LEAST_ONCE, listener.topic())
        .build();
  }

  MqttMessage unsubscribe(Listener listener, int id) {
    return MqttMessageBuilders.unsubscribe().messageId(id).addTopicFilter(listener.topic()).build();
  }

  /** Whose subscription the broker has answered; null where it was another one. */
  Listener answered(int id) {
    return asked.remove(id);
  }

  void told(String topic, byte[] payload, boolean isRetained) {
    for (Listener listener : List.copyOf(listeners)) {
      if (listener.fits(topic)) {
        listener.heard().accept(topic, payload, isRetained);
      }
    }
  }
}
