// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until a test moves it. Thread-safe. */
public final class SetClock extends Clock {

  private final AtomicReference<Instant> now;

  /** Begins at a time. */
  public SetClock(Instant now) {
    this.now = new AtomicReference<>(now);
  }

  /** Goes to a time, be it an earlier one. */
  public void set(Instant time) {
    now.set(time);
  }

  /** Goes on, or back by a negative span. */
  public void move(Duration by) {
    now.updateAndGet(time -> time.plus(by));
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
