// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.cardatabridge.journal.Samples.NOON;
import static org.cardatabridge.journal.Samples.event;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a sink has taken can be told again, up to its position and no further. */
@Timeout(120)
class TakenTest {

  private static final int LAST = 3;

  @TempDir Path directory;

  @Test
  void aSinkThatNeverBeganHasTakenNothing() {
    try (JournalFile file = JournalFile.open(directory)) {
      file.keep(1, LAST);
      assertThat(file.journal.takenUpTo("own")).isEmpty();
      assertThat(file.journal.waitingSince("own")).isEmpty();
      assertThat(taken(file, Instant.MIN)).isEmpty();
    }
  }

  @Test
  void whatWasTakenIsToldFromATimeOfReceiptOnAlsoAfterARestart() throws Exception {
    try (JournalFile file = JournalFile.open(directory)) {
      file.keep(1, LAST);
      read(file);
      assertThat(file.journal.waitingSince("own")).isEmpty();
      assertThat(taken(file, Instant.MIN)).containsExactly(1L, 2L, 3L);
      file.keep(LAST + 1, LAST + 2);
      Instant waiting = event(LAST + 1).received();
      assertThat(file.journal.waitingSince("own")).contains(waiting);
      assertThat(file.journal.takenUpTo("own")).contains(waiting);
      file.reopen();
      assertThat(file.journal.takenUpTo("own")).contains(waiting);
      assertThat(taken(file, Instant.MIN)).containsExactly(1L, 2L, 3L);
      assertThat(taken(file, event(2).received())).containsExactly(2L, 3L);
      assertThat(taken(file, NOON.plusSeconds(9_999))).isEmpty();
    }
  }

  @Test
  void ofAMessageThatIsUnderWayThePartThatWasTakenIsTold() throws Exception {
    try (JournalFile file = JournalFile.open(directory)) {
      file.keep(event(1), event(2), event(3));
      List<Object> then = new ArrayList<>();
      try (DefaultCamelContext context = new DefaultCamelContext()) {
        EventsComponent events = new EventsComponent();
        events.setJournal(file.journal);
        context.addComponent("events", events);
        context.addRoutes(
            new RouteBuilder() {
              @Override
              public void configure() {
                from("events:own?from=beginning").process(e -> then.add(taken(file, Instant.MIN)));
              }
            });
        context.start();
        await().until(() -> then.size() == LAST);
      }
      assertThat(then).containsExactly(List.of(), List.of(1L), List.of(1L, 2L));
    }
  }

  private static void read(JournalFile file) throws Exception {
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      EventsComponent events = new EventsComponent();
      events.setJournal(file.journal);
      context.addComponent("events", events);
      context.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              from("events:own?from=beginning").to("log:own?level=DEBUG");
            }
          });
      context.start();
      await().until(() -> file.journal.sink("own").snapshot().lag() == 0);
    }
  }

  private static List<Object> taken(JournalFile file, Instant since) {
    List<Object> found = new ArrayList<>();
    file.journal.taken("own", since, event -> found.add(event.value()));
    return found;
  }
}
