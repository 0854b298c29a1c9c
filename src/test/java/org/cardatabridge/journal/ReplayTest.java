// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.cardatabridge.journal.Samples.NOON;
import static org.cardatabridge.journal.Samples.SHORT;
import static org.cardatabridge.journal.Samples.event;
import static org.cardatabridge.journal.Samples.message;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Journalled messages once more for a route. */
@Timeout(120)
class ReplayTest {

  private final Journal journal = Journal.temporary(Clock.systemUTC());
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final List<CarEvent> taken = Collections.synchronizedList(new ArrayList<>());
  private final AtomicBoolean refuses = new AtomicBoolean();
  private final AtomicReference<RuntimeException> trouble = new AtomicReference<>();
  private final AtomicLong putsOff = new AtomicLong(-1);
  private final AtomicBoolean fails = new AtomicBoolean();

  @BeforeEach
  void start() throws Exception {
    EventsComponent events = new EventsComponent();
    events.setJournal(journal);
    events.setPauses(SHORT);
    context.addComponent("events", events);
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            onException(EventRefusedException.class).handled(true);
            from("events:own?from=beginning")
                .routeId("own")
                .process(
                    exchange -> {
                      if (refuses.get()) {
                        throw new EventRefusedException("no such field");
                      }
                      if (trouble.get() != null) {
                        throw trouble.get();
                      }
                      if (fails.get()) {
                        throw new java.net.ConnectException("refused");
                      }
                      if (Long.valueOf(putsOff.get())
                          .equals(exchange.getMessage().getBody(CarEvent.class).value())) {
                        throw new TryLaterException("not this one");
                      }
                      taken.add(exchange.getMessage().getBody(CarEvent.class));
                    });
          }
        });
    context.start();
  }

  @AfterEach
  void end() {
    context.stop();
    journal.close();
  }

  private void publish(CarMessage message) throws InterruptedException {
    journal.publish(message, false, failure -> {});
  }

  private List<Object> values(String source) {
    synchronized (taken) {
      return taken.stream().filter(e -> e.source().equals(source)).map(CarEvent::value).toList();
    }
  }

  private ReplaySnapshot ended(long id) {
    await().until(() -> !journal.replay(id).orElseThrow().state().equals("running"));
    return journal.replay(id).orElseThrow();
  }

  @Test
  void whatWasReceivedBetweenTwoTimesComesAgainInItsOrder() throws Exception {
    for (long n = 0; n < 10; n++) {
      publish(message(event(n)));
    }
    await().until(() -> values("stream").size() == 10);
    long id = journal.replay(NOON.plusSeconds(3), NOON.plusSeconds(6), Set.of("own"), 0, false);
    assertThat(ended(id).state()).isEqualTo("done");
    assertThat(values("replay")).containsExactly(3L, 4L, 5L);
    assertThat(journal.sinks().get(0).lag()).isZero();
  }

  @Test
  void aReplayComesInRunsAsLargeAsTheSinkTakes() throws Exception {
    List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("events:large?batch=150")
                .process(
                    exchange -> {
                      List<?> events = exchange.getMessage().getBody(List.class);
                      if (((CarEvent) events.get(0)).source().equals("replay")) {
                        sizes.add(events.size());
                      }
                    });
          }
        });
    for (long n = 0; n < 200; n++) {
      publish(message(event(2 * n), event(2 * n + 1)));
    }
    await().until(() -> values("stream").size() == 400);
    assertThat(ended(journal.replay(null, null, Set.of("large"), 0, false)).done()).isEqualTo(400);
    assertThat(sizes).containsExactly(150, 150, 100);
  }

  @Test
  void whatWasSetAsideComesInRunsAsLargeAsTheSinkTakesToo() throws Exception {
    List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            onException(EventRefusedException.class).handled(true);
            from("events:large?batch=150")
                .process(
                    exchange -> {
                      List<?> events = exchange.getMessage().getBody(List.class);
                      if (!((CarEvent) events.get(0)).source().equals("replay")) {
                        throw new EventRefusedException("no such field");
                      }
                      sizes.add(events.size());
                    });
          }
        });
    for (long n = 0; n < 400; n++) {
      publish(message(event(n)));
    }
    await().until(() -> journal.setAside().size() == 400);
    ReplaySnapshot end =
        ended(journal.replay(NOON.plusSeconds(100), null, Set.of("large"), 0, true));
    assertThat(end.done()).isEqualTo(300);
    assertThat(sizes).containsExactly(150, 150);
    await().until(() -> journal.setAside().size() == 100);
  }

  @Test
  void aTargetThatPutsOffOrStaysAwayWithoutEndEndsAReplayAsFailed() throws Exception {
    for (long n = 0; n < 5; n++) {
      publish(message(event(n)));
    }
    await().until(() -> values("stream").size() == 5);
    trouble.set(new TryLaterException("it answers 401"));
    ReplaySnapshot end = ended(journal.replay(null, null, Set.of("own"), 0, false));
    assertThat(end.state()).isEqualTo("failed");
    assertThat(end.lastError()).contains("it answers 401");

    trouble.set(new TargetAwayException("no such host", null));
    end = ended(journal.replay(null, null, Set.of("own"), 0, false));
    assertThat(end.state()).isEqualTo("failed");
    assertThat(end.lastError()).contains("no such host");
    assertThat(end.done()).isZero();

    trouble.set(null);
    assertThat(ended(journal.replay(null, null, Set.of("own"), 0, false)).done()).isEqualTo(5);
  }

  @Test
  void oneThatIsPutOffWithoutEndIsLeftOutOfAReplay() throws Exception {
    for (long n = 0; n < 5; n++) {
      publish(message(event(n)));
    }
    await().until(() -> values("stream").size() == 5);
    putsOff.set(2);
    ReplaySnapshot end = ended(journal.replay(null, null, Set.of("own"), 0, false));
    assertThat(end.state()).isEqualTo("done");
    assertThat(values("replay")).containsExactly(0L, 1L, 3L, 4L);
  }

  @Test
  void whatComesInMeanwhileIsNotHeldUp() throws Exception {
    for (long n = 0; n < 2_000; n++) {
      publish(message(event(n)));
    }
    await().until(() -> values("stream").size() == 2_000);
    // An hour of recording at its own speed: it would take an hour.
    long id = journal.replay(null, null, Set.of(), 1, false);
    publish(message(event(5_000)));
    await().until(() -> values("stream").contains(5_000L));
    assertThat(journal.replay(id).orElseThrow().state()).isEqualTo("running");
  }

  @Test
  void theSpeedKeepsTheRecordedDistances() throws Exception {
    publish(message(event(0)));
    publish(message(event(2)));
    await().until(() -> values("stream").size() == 2);
    long before = System.nanoTime();
    ended(journal.replay(null, null, Set.of("own"), 10, false));
    assertThat(System.nanoTime() - before).isGreaterThan(190_000_000L);
    assertThat(values("replay")).containsExactly(0L, 2L);
  }

  @Test
  void whatWasSetAsideCanBeReplayedAndThenIsSetAsideNoLonger() throws Exception {
    refuses.set(true);
    for (long n = 0; n < 5; n++) {
      publish(message(event(n)));
    }
    await().until(() -> journal.setAside().size() == 5);
    refuses.set(false);
    ReplaySnapshot end = ended(journal.replay(null, null, Set.of("own"), 0, true));
    assertThat(end.done()).isEqualTo(5);
    assertThat(values("replay")).containsExactly(0L, 1L, 2L, 3L, 4L);
    await().until(() -> journal.setAside().isEmpty());
  }

  @Test
  void aTargetThatIsDownEndsAReplayAsFailedAndTheLiveOnesStillWait() throws Exception {
    for (long n = 0; n < 5; n++) {
      publish(message(event(n)));
    }
    await().until(() -> values("stream").size() == 5);
    fails.set(true);
    ReplaySnapshot end = ended(journal.replay(null, null, Set.of("own"), 0, false));
    assertThat(end.state()).isEqualTo("failed");
    assertThat(end.lastError()).contains("ConnectException");
    publish(message(event(9)));
    fails.set(false);
    await().until(() -> values("stream").contains(9L));
  }

  @Test
  void aSinkThatDoesNotRunIsRefusedWithTheNamesOfThoseThatDo() {
    assertThatThrownBy(() -> journal.replay(null, null, Set.of("owm"), 0, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("owm")
        .hasMessageContaining("own");
  }
}
