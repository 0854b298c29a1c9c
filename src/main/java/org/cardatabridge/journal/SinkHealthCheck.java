// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * What Camel's own health tells of a sink: down while its target fails. It is about readiness only,
 * as no restart of the bridge mends a target. Safe for use by many threads.
 */
final class SinkHealthCheck extends AbstractHealthCheck {

  private final Sink sink;

  SinkHealthCheck(Sink sink) {
    super("camel", "consumer:events-" + sink.name());
    this.sink = sink;
  }

  @Override
  public boolean isLiveness() {
    return false;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    SinkSnapshot now = sink.snapshot();
    builder.detail("sink", now.name());
    builder.detail("lag", now.lag());
    if (now.state() == SinkSnapshot.State.DOWN) {
      builder.down().message("Sink " + now.name() + ": " + now.lastError());
    } else {
      builder.up();
    }
  }
}
