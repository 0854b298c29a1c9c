// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A log that appends nothing while it is told to be full. */
final class FailingLog implements EventLog {

  private final EventLog log;
  private final AtomicBoolean full;

  FailingLog(EventLog log, AtomicBoolean full) {
    this.log = log;
    this.full = full;
  }

  @Override
  public void append(List<LogEntry> entries) {
    if (full.get()) {
      throw new IllegalStateException("disk full");
    }
    log.append(entries);
  }

  @Override
  public List<LogEntry> read(long fromMessage, int limit) {
    return log.read(fromMessage, limit);
  }

  @Override
  public Position first() {
    return log.first();
  }

  @Override
  public Position next() {
    return log.next();
  }

  @Override
  public Position since(Instant received) {
    return log.since(received);
  }

  @Override
  public long events() {
    return log.events();
  }

  @Override
  public long bytes() {
    return log.bytes();
  }

  @Override
  public Optional<Instant> oldest() {
    return log.oldest();
  }

  @Override
  public Optional<Position> position(String sink) {
    return log.position(sink);
  }

  @Override
  public void savePosition(String sink, Position position) {
    log.savePosition(sink, position);
  }

  @Override
  public void setAside(SetAside refused) {
    log.setAside(refused);
  }

  @Override
  public List<SetAside> setAside() {
    return log.setAside();
  }
}
