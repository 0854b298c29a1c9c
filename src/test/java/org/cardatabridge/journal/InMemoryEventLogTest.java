// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cardatabridge.journal.Samples.NOON;
import static org.cardatabridge.journal.Samples.event;
import static org.cardatabridge.journal.Samples.message;

import java.util.AbstractList;
import java.util.List;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.junit.jupiter.api.Test;

class InMemoryEventLogTest {

  private final InMemoryEventLog log = new InMemoryEventLog(50_000, 16L << 20);

  private static CarMessage large() {
    return new CarMessage("main", "stream", "t", NOON, new byte[1 << 20], List.of());
  }

  @Test
  void whatIsSetAsideIsBoundedByBytes() {
    for (int i = 0; i < 100; i++) {
      log.setAside(new SetAside("hook", NOON.plusSeconds(i), "no", large(), null));
    }
    assertThat(log.setAside()).hasSizeBetween(2, 4);
    assertThat(log.setAside()).last().extracting(SetAside::at).isEqualTo(NOON.plusSeconds(99));
  }

  @Test
  void aMessageThatManyRefusedPointsShareWeighsOnce() {
    CarMessage message = large();
    for (int i = 0; i < 500; i++) {
      log.setAside(new SetAside("hook", NOON, "no", message, event(i)));
    }
    assertThat(log.setAside()).hasSize(500);
  }

  @Test
  void theLatestIsKeptHoweverLargeAndSmallOnesUpToAThousand() {
    InMemoryEventLog tiny = new InMemoryEventLog(10, 1);
    tiny.setAside(new SetAside("hook", NOON, "no", large(), null));
    assertThat(tiny.setAside()).hasSize(1);
    for (int i = 0; i < 1_001; i++) {
      log.setAside(new SetAside("hook", NOON, "no", message(event(i)), event(i)));
    }
    assertThat(log.setAside()).hasSize(1_000);
  }

  @Test
  void aMessageThatCannotBeWeighedLeavesTheLogAsItWas() {
    CarEvent event =
        event(
            "vehicle.own",
            new AbstractList<Object>() {
              @Override
              public Object get(int index) {
                throw new StackOverflowError("deep");
              }

              @Override
              public int size() {
                return 1;
              }
            },
            NOON);
    CarMessage good = message(event(1));
    List<LogEntry> entries =
        List.of(
            new LogEntry(0, 0, good, good.points()),
            new LogEntry(1, 1, message(event), List.of(event)));
    assertThatThrownBy(() -> log.append(entries)).isInstanceOf(StackOverflowError.class);
    assertThat(log.next()).isEqualTo(new Position(0, 0, 0));
    assertThat(log.events()).isZero();
    assertThat(log.bytes()).isZero();
  }
}
