// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out, once after each connect, which retained topics a broker does not show as it ought to:
 * because it forgot them, or because it is another one. It only reads, so a broker that remembers
 * hears nothing of it but a subscription. Safe for use by many threads.
 */
public final class Forgotten {

  /** The connection as it is needed here. Safe for many threads. */
  public interface Broker {

    /** How often the broker has let us in. */
    long connects();

    /** Whether the connection stands. */
    boolean isConnected();

    /**
     * Asks for what is retained below the filters.
     *
     * @param told takes each topic, on the connection's thread
     * @return true when all was told, false where we may not read; fails where the connection ends
     */
    CompletionStage<Boolean> readBack(List<String> filters, BiConsumer<String, byte[]> told);
  }

  /** One look at the broker. */
  private static final class Look {
    private final long connect;
    private final Map<String, byte[]> wanted;
    private final Set<String> lacking = ConcurrentHashMap.newKeySet();
    private volatile boolean readable;
    private volatile boolean done;
    private volatile boolean failed;

    Look(long connect, Map<String, byte[]> wanted) {
      this.connect = connect;
      this.wanted = wanted;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Forgotten.class);

  /** The proof may be said only a moment after the connect. */
  private static final int MOST_TRIES = 3;

  private static final int HARMLESS_LOSSES = 2;

  private final Broker broker;
  private final List<String> filters;
  private final String proof;
  private final BiConsumer<String, byte[]> differs;
  private Look look;
  private long lookedAt;
  private long next;
  private int tries;
  private int losses;

  /**
   * Looks at nothing yet.
   *
   * @param filters below them lie the topics that are looked at, and the proof
   * @param proof a topic that is retained after each connect whatever a broker forgot: a broker
   *     that does not show it does not let us read, or keeps nothing
   * @param differs takes each topic that shows something else than it ought to, on the connection's
   *     thread
   */
  public Forgotten(
      Broker broker, List<String> filters, String proof, BiConsumer<String, byte[]> differs) {
    this.broker = broker;
    this.filters = List.copyOf(filters);
    this.proof = proof;
    this.differs = differs;
  }

  /**
   * The topics that the broker does not show as it ought to; empty nearly always, as it is asked
   * once after each connect and answers later. What is handed out here is not handed out again.
   *
   * @param wanted what the broker ought to show, asked for when a look begins and again when it
   *     found something: what has changed since is on its way by itself and is not named; of two
   *     with the same topic the later counts
   */
  public synchronized Set<String> topics(Supplier<List<Publication>> wanted) {
    if (look != null && look.done && look.failed) {
      // Some brokers hang up on whoever may not subscribe, and must not be asked each time.
      losses++;
      long pause = losses <= HARMLESS_LOSSES ? 1 : 1L << Math.min(losses - HARMLESS_LOSSES, 20);
      next = look.connect + pause;
      look = null;
    }
    long now = broker.connects();
    if (now == 0 || now < next || !broker.isConnected()) {
      return Set.of();
    }
    if (look == null || look.connect != now) {
      tries = look == null && lookedAt == now ? tries + 1 : 1;
      lookedAt = now;
      look = begin(now, wanted.get());
      return Set.of();
    }
    if (!look.done) {
      return Set.of();
    }
    Look done = look;
    look = null;
    losses = 0;
    if (!done.readable && tries < MOST_TRIES) {
      return Set.of();
    }
    next = now + 1;
    if (!done.readable) {
      LOG.debug("Reading retained topics: the broker does not show {}", proof);
      return Set.of();
    }
    return done.lacking.isEmpty() ? Set.of() : lacking(done, retained(wanted.get()));
  }

  private static Set<String> lacking(Look done, Map<String, byte[]> now) {
    return done.lacking.stream()
        .filter(topic -> Arrays.equals(done.wanted.get(topic), now.get(topic)))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Map<String, byte[]> retained(List<Publication> wanted) {
    Map<String, byte[]> found = new HashMap<>();
    for (Publication publication : wanted) {
      if (publication.retain()) {
        found.put(publication.topic(), publication.payload());
      }
    }
    return found;
  }

  private Look begin(long connect, List<Publication> wanted) {
    Look begun = new Look(connect, retained(wanted));
    begun.wanted.forEach(
        (topic, payload) -> {
          if (payload.length > 0) {
            begun.lacking.add(topic);
          }
        });
    if (begun.wanted.isEmpty()) {
      begun.readable = true;
      begun.done = true;
      return begun;
    }
    Set<String> all = new HashSet<>(filters);
    all.add(proof);
    broker
        .readBack(
            List.copyOf(all),
            (topic, payload) -> {
              begun.readable |= topic.equals(proof);
              byte[] ought = begun.wanted.get(topic);
              if (ought == null) {
                return;
              }
              if (Arrays.equals(ought, payload)) {
                begun.lacking.remove(topic);
              } else {
                begun.lacking.add(topic);
                differs.accept(topic, payload);
              }
            })
        .whenComplete(
            (readable, failure) -> {
              begun.failed = failure != null;
              begun.readable &= Boolean.TRUE.equals(readable);
              begun.done = true;
            });
    return begun;
  }
}
