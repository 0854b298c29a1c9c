// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cardatabridge.journal.JournalSettings;
import org.cardatabridge.journal.SafeRows;
import org.cardatabridge.simulator.Behaviour;
import org.cardatabridge.simulator.SessionEvent;
import org.cardatabridge.stream.StreamStates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The bridge as a program, killed with SIGKILL: the time line shows it, and what was before. */
@Timeout(120)
class TimelineKillIT {

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir Path dir;

  private List<String> states(StreamBench bench) {
    try (StreamStates states =
        new StreamStates(
            new SafeRows(JournalSettings.in(bench.dir().resolve("data"))),
            Clock.systemUTC(),
            text -> text)) {
      return states.spans(bench.name(0), Instant.now().minusSeconds(3_600)).stream()
          .map(span -> span.state())
          .toList();
    }
  }

  @Test
  void aKillLeavesAGap() throws Exception {
    try (StreamBench bench =
        new StreamBench(dir, 1, Behaviour.likeBmw().keepSessions(true))
            .logIn(0, Duration.ofHours(6))) {
      Process bridge = bench.startChild();
      try {
        await().atMost(PATIENCE).until(() -> states(bench).contains("live"));
        bridge.destroyForcibly();
        assertThat(bridge.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(states(bench)).as("nothing runs").endsWith("live", "stopped");

        await().atMost(PATIENCE).until(() -> bench.simulator().openSessions(bench.gcid(0)) == 0);
        long before = bench.count(0, SessionEvent.Kind.SUBSCRIBED);
        bridge = bench.startChild();
        await().atMost(PATIENCE).until(() -> bench.count(0, SessionEvent.Kind.SUBSCRIBED) > before);
        await()
            .atMost(PATIENCE)
            .until(() -> states(bench).stream().filter("live"::equals).count() == 2);
        List<String> all = states(bench);
        assertThat(all.subList(all.indexOf("live"), all.lastIndexOf("live"))).contains("stopped");
      } finally {
        bridge.destroyForcibly();
      }
    }
  }
}
