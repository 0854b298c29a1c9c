// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.cardatabridge.journal.TryLaterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How one channel does, and when to try it again. Not thread-safe; {@link Outbox} guards it. */
final class ChannelHealth {

  private static final Logger LOG = LoggerFactory.getLogger(ChannelHealth.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(15);
  private static final int LONGEST_DOUBLING = 4;
  private static final Duration WARN_AFTER = Duration.ofMinutes(2);

  private final String name;
  private Instant failsSince;
  private Instant askedUntil = Instant.MIN;
  private Instant nextAttempt = Instant.MIN;
  private Duration asked = Duration.ZERO;
  private int failures;
  private long failedRun;
  private Exception failure;
  private boolean warned;

  ChannelHealth(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /** The last run in which it failed; 0 for never. */
  long failedRun() {
    return failedRun;
  }

  /** Whether to try it now; a pause that it asked for is kept in any case. */
  boolean isReady(Instant now, boolean isEager) {
    // A clock that was set back would prolong them.
    nextAttempt = earlier(nextAttempt, now.plus(FIRST_PAUSE.multipliedBy(1L << LONGEST_DOUBLING)));
    askedUntil = earlier(askedUntil, now.plus(asked));
    return !now.isBefore(askedUntil) && (isEager || !now.isBefore(nextAttempt));
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /** Whether its last message failed. */
  boolean fails() {
    return failure != null;
  }

  void failed(Exception why, long run, Instant now) {
    failure = why;
    failedRun = run;
    failsSince = failsSince == null ? now : failsSince;
    nextAttempt = now.plus(FIRST_PAUSE.multipliedBy(1L << Math.min(failures, LONGEST_DOUBLING)));
    failures++;
    if (why instanceof TryLaterException later && later.pause() != null) {
      asked = later.pause();
      askedUntil = now.plus(asked);
    }
    if (!warned && !now.isBefore(failsSince.plus(WARN_AFTER))) {
      warned = true;
      LOG.warn("Sending notifications by {}: {} — they are kept and tried again", name, words());
    } else {
      LOG.debug("Sending notifications by {}: {}", name, words());
    }
  }

  void works(Instant now) {
    if (warned) {
      LOG.info(
          "Sending notifications by {}: works again after {} min",
          name,
          Duration.between(failsSince, now).toMinutes());
    }
    failsSince = null;
    failure = null;
    warned = false;
    failures = 0;
    askedUntil = Instant.MIN;
    nextAttempt = Instant.MIN;
  }

  void refused(Notice notice, Exception why) {
    LOG.warn("{} — the notification of rule {} is given up there", why.getMessage(), notice.rule());
  }

  /** Throws what it failed with last; returns where it did not fail. */
  void complain(Instant now) throws IOException {
    if (failure == null) {
      return;
    }
    if (now.isBefore(askedUntil)) {
      throw new TryLaterException(words(), Duration.between(now, askedUntil), failure);
    }
    if (failure instanceof TryLaterException) {
      throw new TryLaterException(words(), null, failure.getCause());
    }
    throw new IOException(words());
  }

  /** Another's exception may show an address, which can be a secret: nothing of it but its kind. */
  private String words() {
    return failure instanceof TryLaterException || isOurs()
        ? failure.getMessage()
        : name + " cannot be reached (" + failure.getClass().getSimpleName() + ")";
  }

  private boolean isOurs() {
    return failure.getMessage() != null
        && failure.getMessage().startsWith("Sending a notification: ");
  }
}
