// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Registry;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreSinksTest {

  private final DefaultCamelContext context = new DefaultCamelContext();

  @AfterEach
  void stop() {
    context.stop();
  }

  private Registry bind(Map<String, String> values) {
    StoreSinks.bind(
        context.getRegistry(), Settings.defaults().with(values), Path.of(""), Clock.systemUTC());
    return context.getRegistry();
  }

  @Test
  void aSinkThatIsOnAndLacksASettingEndsTheStartWithItsName() {
    Map.of("sql", "url", "kafka", "brokers", "s3", "bucket")
        .forEach(
            (sink, missing) ->
                assertThatThrownBy(() -> bind(Map.of("cardata.sink." + sink + ".enabled", "true")))
                    .isInstanceOf(BadSettingException.class)
                    .hasMessageStartingWith(
                        "cardata.sink." + sink + "." + missing + ": got nothing, takes "));
  }

  @Test
  void sinksThatAreOffAskForNothing() {
    Registry registry = bind(Map.of("cardata.sink.sql.url", "jdbc:other:x"));
    for (String bean :
        new String[] {"sqlTable", "sqlRows", "kafkaRecords", "archive", "exportFolder"}) {
      assertThat(registry.lookupByName(bean)).as(bean).isNotNull();
    }
  }

  @Test
  void theClientsAreMadeWhenTheyAreAskedForAndOnlyOnce() {
    Registry registry =
        bind(
            Map.of(
                "cardata.sink.s3.bucket", "b",
                "cardata.sink.s3.region", "eu-central-1",
                "cardata.sink.kafka.brokers", "localhost:9092"));
    for (String bean : new String[] {"s3Client", "kafkaClients"}) {
      assertThat(registry.lookupByName(bean)).isNotNull().isSameAs(registry.lookupByName(bean));
    }
  }
}
