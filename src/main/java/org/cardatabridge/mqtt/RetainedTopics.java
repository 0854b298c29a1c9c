// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Asks a broker, once, for what it retains below a filter. MQTT has no end mark for that, so the
 * answer is complete when our own birth comes back behind it and nothing follows, when nothing came
 * for a while, after a limit, or when the connection was lost over it twice. Belongs to the
 * connection's thread.
 */
final class RetainedTopics {

  private static final long TICK_MILLIS = 20;
  private static final long QUIET_AFTER_BIRTH = TimeUnit.MILLISECONDS.toNanos(60);
  private static final long QUIET = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int MOST_LOSSES = 2;
  private static final long LIMIT = TimeUnit.SECONDS.toNanos(10);

  private final String filter;
  private final Publication birth;
  private final BiConsumer<String, byte[]> retained;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private ScheduledFuture<?> clock;
  private int losses;
  private boolean granted;
  private boolean birthSeen;
  private long startedAt;
  private long heardAt;

  /** The filter is null where nothing is to be asked, the birth where there is none. */
  RetainedTopics(String filter, Publication birth, BiConsumer<String, byte[]> retained) {
    this.filter = filter;
    this.birth = birth;
    this.retained = retained;
    if (filter == null) {
      done.complete(null);
    }
  }

  CompletionStage<Void> done() {
    return done;
  }

  boolean isWanted() {
    return !done.isDone();
  }

  // At QoS 1 mosquitto 2.0 drops all but about 1,000 (its max_queued_messages); at QoS 0 none.
  MqttMessage subscribe(int id) {
    return MqttMessageBuilders.subscribe()
        .messageId(id)
        .addSubscription(MqttQoS.AT_MOST_ONCE, filter)
        .build();
  }

  MqttMessage unsubscribe(int id) {
    return MqttMessageBuilders.unsubscribe().messageId(id).addTopicFilter(filter).build();
  }

  /** Begins to watch for the end; then runs the action. */
  void limit(EventLoop loop, Runnable whenDone) {
    granted = false;
    birthSeen = false;
    startedAt = System.nanoTime();
    heardAt = startedAt;
    clock =
        loop.scheduleAtFixedRate(
            () -> {
              long now = System.nanoTime();
              boolean quiet = granted && now - heardAt > (birthSeen ? QUIET_AFTER_BIRTH : QUIET);
              if (quiet || now - startedAt > LIMIT) {
                end();
                whenDone.run();
              }
            },
            TICK_MILLIS,
            TICK_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  void subscribed(boolean success) {
    granted = true;
    heardAt = System.nanoTime();
    if (!success) {
      end();
    }
  }

  void told(String topic, boolean isRetained, byte[] payload) {
    if (done.isDone()) {
      return;
    }
    if (isRetained) {
      heardAt = System.nanoTime();
      retained.accept(topic, payload);
    } else if (birth != null && topic.equals(birth.topic())) {
      birthSeen = true;
    }
  }

  /**
   * The connection was lost. Before the end, the next one asks again, but not for ever: some
   * brokers hang up on whoever may not subscribe.
   *
   * @return whether it was given up now
   */
  boolean interrupted() {
    boolean underWay = clock != null;
    stopClock();
    if (!underWay || ++losses < MOST_LOSSES) {
      return false;
    }
    end();
    return true;
  }

  private void stopClock() {
    if (clock != null) {
      clock.cancel(false);
      clock = null;
    }
  }

  private void end() {
    stopClock();
    done.complete(null);
  }
}
