// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.atomic.AtomicInteger;
import org.cardatabridge.testing.CapturedLog;
import org.junit.jupiter.api.Test;

class RouteWatchTest {

  @Test
  void aLookThatFailsInAnyWayIsToldOnceAndTheNextOnesCome() {
    AtomicInteger looks = new AtomicInteger();
    try (CapturedLog log = CapturedLog.open();
        RouteWatch watch =
            RouteWatch.of(
                () -> {
                  if (looks.incrementAndGet() < 3) {
                    throw new NoClassDefFoundError("com/x/Y");
                  }
                  return true;
                })) {
      assertThat(watch).isNotNull();
      await().until(() -> looks.get() > 3);
      assertThat(log.warnings())
          .singleElement()
          .asString()
          .contains("Looking into the routes folder", "com/x/Y");
    }
  }
}
