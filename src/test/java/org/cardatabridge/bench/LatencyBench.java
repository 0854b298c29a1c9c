// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bench;

import static org.cardatabridge.bench.Rig.say;

import java.time.Duration;
import java.util.Locale;
import org.cardatabridge.bench.Rig.Kind;

/** From a car's publish to the local delivery, at 50 and at 1,000 messages a second. */
final class LatencyBench {

  private static final Duration WARM = Duration.ofSeconds(10);
  private static final Duration TIME = Duration.ofSeconds(15);

  private LatencyBench() {}

  static void run(Rig rig) throws Exception {
    for (int[] load : new int[][] {{20, 50}, {1, 1_000}}) {
      for (Kind kind : Kind.FAST) {
        try (Child child = rig.start(kind, 1)) {
          child.awaitUp();
          rig.trickle(1, 50);
          rig.sendEvenly(load[0], load[1], WARM);
          say(
              "%4d messages a second, %2d descriptors, %-6s %s",
              load[1],
              load[0],
              kind.name().toLowerCase(Locale.ROOT),
              measure(rig, load[0], load[1], TIME));
        }
      }
    }
  }

  /** What stands between a car's publish and the delivery, in words. */
  static String measure(Rig rig, int k, int perSecond, Duration time) {
    // What is still under way from before is not counted twice: the counter waits for quiet.
    rig.counter().await(Long.MAX_VALUE, Duration.ofMillis(500));
    rig.counter().reset();
    rig.sendEvenly(k, perSecond, time);
    rig.counter().await(Long.MAX_VALUE, Duration.ofSeconds(1));
    int[] micros = rig.counter().ages();
    return micros.length == 0
        ? "nothing came"
        : String.format(
            Locale.ROOT,
            "ms p50 %.2f, p99 %.2f, max %.1f of %d, %d lost",
            micros[micros.length / 2] / 1e3,
            micros[micros.length * 99 / 100] / 1e3,
            micros[micros.length - 1] / 1e3,
            micros.length,
            time.toSeconds() * perSecond * k - rig.counter().count());
  }
}
