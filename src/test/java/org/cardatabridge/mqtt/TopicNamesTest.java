// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.mqtt.Events.event;

import java.time.Clock;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.cardatabridge.CarEvent;
import org.cardatabridge.settings.Settings;

/** Whatever a message calls its values: topics are valid, and two names never share one. */
class TopicNamesTest {

  private final Topics topics =
      new Topics(Settings.of(Map.of("cardata.sink.mqtt.leaves", "all")), Clock.systemUTC());

  @Provide
  Arbitrary<String> keys() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(12),
        Arbitraries.strings().withChars("a.+#$/%2B\0 bvu").ofMaxLength(8),
        Arbitraries.of("value", "unit", "timestamp", "location", "a", "a.b")
            .list()
            .ofMaxSize(4)
            .map(parts -> String.join(".", parts)));
  }

  @Property
  void everyTopicIsOneABrokerTakes(@ForAll("keys") String key) {
    assertThat(topics.map(event(key, 1L, null)))
        .isNotEmpty()
        .allMatch(p -> TopicNames.isPublishable(p.topic()));
  }

  @Property
  void noTopicOfOneKeyIsATopicOfAnother(@ForAll("keys") String one, @ForAll("keys") String other) {
    if (!one.equals(other)) {
      assertThat(topicsOf(event(one, 1L, null)).toList())
          .doesNotContainAnyElementsOf(topicsOf(event(other, 1L, null)).toList());
    }
  }

  private Stream<String> topicsOf(CarEvent event) {
    return topics.map(event).stream().map(Publication::topic);
  }
}
