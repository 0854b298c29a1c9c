// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bench;

import static org.cardatabridge.bench.Rig.say;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.cardatabridge.bench.Rig.Kind;

/** CPU seconds of an hour in which no car sends; measured in some minutes of it. */
final class IdleBench {

  private static final Duration SETTLE = Duration.ofSeconds(30);

  private IdleBench() {}

  static void run(Rig rig) throws Exception {
    Duration time = Duration.ofMinutes(Long.getLong("bench.idle.minutes", 3));
    for (Kind kind : Kind.FAST) {
      try (Child child = rig.start(kind, 1)) {
        child.awaitUp();
        LockSupport.parkNanos(SETTLE.toNanos());
        double before = child.cpuSeconds();
        LockSupport.parkNanos(time.toNanos());
        double used = child.cpuSeconds() - before;
        say(
            "%-6s %.2f CPU s in %d minutes, which is %.1f an hour; resident MB %d",
            kind.name().toLowerCase(Locale.ROOT),
            used,
            time.toMinutes(),
            used * 60 / time.toMinutes(),
            child.megabytes("VmRSS"));
      }
    }
  }
}
