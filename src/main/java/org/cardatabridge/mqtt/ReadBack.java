// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Asks a broker, on the connection that stands, for what it retains below some filters. MQTT has no
 * end mark for that, so the answer is complete when nothing came for a while, or after a limit.
 * Belongs to the connection's thread.
 */
final class ReadBack {

  private static final long TICK_MILLIS = 50;
  private static final long QUIET = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long LIMIT = TimeUnit.SECONDS.toNanos(10);

  private final List<String> filters;
  private final BiConsumer<String, byte[]> told;
  private final CompletableFuture<Boolean> done = new CompletableFuture<>();
  private ScheduledFuture<?> clock;
  private int id;
  private boolean granted;
  private long startedAt;
  private long heardAt;

  /** Hands each retained topic to {@code told}, on the connection's thread. */
  ReadBack(List<String> filters, BiConsumer<String, byte[]> told) {
    this.filters = List.copyOf(filters);
    this.told = told;
  }

  /** True when the broker has told everything, false where it does not let us read. */
  CompletableFuture<Boolean> done() {
    return done;
  }

  // At QoS 1 mosquitto 2.0 drops all but about 1,000 (its max_queued_messages); at QoS 0 none.
  MqttMessage subscribe(int id) {
    this.id = id;
    MqttMessageBuilders.SubscribeBuilder subscribe = MqttMessageBuilders.subscribe().messageId(id);
    filters.forEach(filter -> subscribe.addSubscription(MqttQoS.AT_MOST_ONCE, filter));
    return subscribe.build();
  }

  MqttMessage unsubscribe(int id) {
    MqttMessageBuilders.UnsubscribeBuilder unsubscribe =
        MqttMessageBuilders.unsubscribe().messageId(id);
    filters.forEach(unsubscribe::addTopicFilter);
    return unsubscribe.build();
  }

  /** Begins to watch for the end; then runs the action. */
  void limit(EventLoop loop, Runnable whenDone) {
    startedAt = System.nanoTime();
    heardAt = startedAt;
    clock =
        loop.scheduleAtFixedRate(
            () -> {
              long now = System.nanoTime();
              if (granted && now - heardAt > QUIET || now - startedAt > LIMIT) {
                end(granted);
                whenDone.run();
              }
            },
            TICK_MILLIS,
            TICK_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  /** Whether this was the answer to our subscription. */
  boolean answered(int answeredId, boolean success) {
    if (answeredId != id) {
      return false;
    }
    granted = success;
    heardAt = System.nanoTime();
    if (!success) {
      end(false);
    }
    return true;
  }

  void told(String topic, byte[] payload) {
    if (!done.isDone()) {
      heardAt = System.nanoTime();
      told.accept(topic, payload);
    }
  }

  /** The connection was lost, or there is none. */
  void fail(Throwable why) {
    stopClock();
    done.completeExceptionally(why);
  }

  private void end(boolean readable) {
    stopClock();
    done.complete(readable);
  }

  private void stopClock() {
    if (clock != null) {
      clock.cancel(false);
      clock = null;
    }
  }
}
