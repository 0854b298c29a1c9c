// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class ForgottenTest {

  private static final String PROOF = "cardata/bridge/state";

  private final Fake broker = new Fake();
  private final List<String> differing = new ArrayList<>();
  private final Forgotten forgotten =
      new Forgotten(broker, List.of("cardata/#"), PROOF, (topic, payload) -> differing.add(topic));
  private final Map<String, String> wanted = new TreeMap<>();

  /** A broker that a test lets answer. */
  private static final class Fake implements Forgotten.Broker {
    private final Map<String, String> retained = new TreeMap<>(Map.of(PROOF, "online"));
    private long connects;
    private boolean connected = true;
    private Boolean readable = true;
    private int looks;

    @Override
    public long connects() {
      return connects;
    }

    @Override
    public boolean isConnected() {
      return connected;
    }

    @Override
    public CompletionStage<Boolean> readBack(
        List<String> filters, BiConsumer<String, byte[]> told) {
      looks++;
      if (readable == null) {
        connects++;
        return CompletableFuture.failedFuture(new BrokerUnavailableException("it hung up", null));
      }
      retained.forEach((topic, text) -> told.accept(topic, text.getBytes(StandardCharsets.UTF_8)));
      return CompletableFuture.completedFuture(readable);
    }
  }

  private Set<String> look() {
    return forgotten.topics(
        () -> wanted.entrySet().stream().map(e -> publication(e.getKey(), e.getValue())).toList());
  }

  private static Publication publication(String topic, String text) {
    return Publication.of(topic, text, 1, true);
  }

  /** What comes of so many ticks of the timer. */
  private List<Set<String>> looks(int ticks) {
    List<Set<String>> found = new ArrayList<>();
    for (int i = 0; i < ticks; i++) {
      Set<String> topics = look();
      if (!topics.isEmpty()) {
        found.add(topics);
      }
    }
    return found;
  }

  @Test
  void whatIsMissingIsNamedOnceAfterEachConnect() {
    wanted.put("cardata/ix/a", "1");
    wanted.put("cardata/ix/b", "2");
    broker.retained.put("cardata/ix/a", "1");
    assertThat(looks(3)).as("not connected yet").isEmpty();
    broker.connects = 1;
    assertThat(looks(10)).containsExactly(Set.of("cardata/ix/b"));
    broker.connects = 2;
    broker.retained.put("cardata/ix/b", "2");
    broker.retained.remove("cardata/ix/a");
    assertThat(looks(10)).containsExactly(Set.of("cardata/ix/a"));
    assertThat(differing).isEmpty();
  }

  @Test
  void aBrokerThatRemembersIsAskedOnceAConnectAndHearsNothing() {
    wanted.put("cardata/ix/a", "1");
    wanted.put("cardata/ix/gone", "");
    broker.retained.put("cardata/ix/a", "1");
    broker.connects = 1;
    assertThat(looks(10)).isEmpty();
    assertThat(broker.looks).isEqualTo(1);
  }

  @Test
  void whatShowsSomethingElseIsToldAndNamed() {
    wanted.put("cardata/ix/a", "2");
    wanted.put("cardata/ix/gone", "");
    broker.retained.put("cardata/ix/a", "1");
    broker.retained.put("cardata/ix/gone", "1");
    broker.connects = 1;
    assertThat(looks(10)).containsExactly(Set.of("cardata/ix/a", "cardata/ix/gone"));
    assertThat(differing).containsExactly("cardata/ix/a", "cardata/ix/gone");
  }

  @Test
  void whatChangedWhileTheBrokerWasReadIsNotNamed() {
    wanted.put("cardata/ix/a", "1");
    wanted.put("cardata/ix/b", "1");
    wanted.put("cardata/ix/gone", "1");
    broker.retained.put("cardata/ix/a", "2");
    broker.connects = 1;
    look();
    wanted.put("cardata/ix/a", "2");
    wanted.remove("cardata/ix/gone");
    assertThat(looks(10)).containsExactly(Set.of("cardata/ix/b"));
  }

  @Test
  void aBrokerThatDoesNotShowWhatWasJustSaidIsNotFlooded() {
    wanted.put("cardata/ix/a", "1");
    broker.retained.clear();
    broker.connects = 1;
    assertThat(looks(20)).isEmpty();
    assertThat(broker.looks).isEqualTo(3);
    broker.connects = 2;
    broker.readable = false;
    broker.retained.put(PROOF, "online");
    assertThat(looks(20)).isEmpty();
    assertThat(broker.looks).isEqualTo(6);
  }

  @Test
  void theProofMayComeLate() {
    wanted.put("cardata/ix/a", "1");
    broker.retained.clear();
    broker.connects = 1;
    looks(2);
    broker.retained.put(PROOF, "online");
    assertThat(looks(10)).containsExactly(Set.of("cardata/ix/a"));
  }

  @Test
  void aBrokerThatHangsUpOnWhoeverAsksIsAskedLessAndLess() {
    wanted.put("cardata/ix/a", "1");
    broker.connects = 1;
    broker.readable = null;
    for (int i = 0; i < 1_000; i++) {
      look();
      if (i % 10 == 9) {
        broker.connects++;
      }
    }
    assertThat(broker.looks).isBetween(3, 10);
  }

  @Test
  void nothingIsAskedWhereNothingIsKnownOrThereIsNoConnection() {
    broker.connects = 1;
    assertThat(looks(5)).isEmpty();
    assertThat(broker.looks).isZero();
    wanted.put("cardata/ix/a", "1");
    broker.connects = 2;
    broker.connected = false;
    assertThat(looks(5)).isEmpty();
    assertThat(broker.looks).isZero();
  }
}
