// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.kafka;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Properties;
import org.apache.camel.component.kafka.KafkaClientFactory;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.cardatabridge.settings.Settings;

/**
 * Makes Kafka's clients with the login of our settings, so that no secret stands in an endpoint's
 * address. Loading this class loads Kafka's. Immutable and safe for use by many threads.
 */
public final class KafkaClients implements KafkaClientFactory {

  private final Settings settings;
  private final Path workDir;
  private final Clock clock;

  /**
   * Reads the settings when a client is made.
   *
   * @param workDir the directory that relative paths start from
   */
  public KafkaClients(Settings settings, Path workDir, Clock clock) {
    this.settings = settings;
    this.workDir = workDir;
    this.clock = clock;
  }

  @Override
  public Producer<?, ?> getProducer(Properties fromRoute) {
    Properties all = withLogin(fromRoute);
    return MendingProducer.of(() -> new KafkaProducer<>(all), clock);
  }

  @Override
  public Consumer<?, ?> getConsumer(Properties fromRoute) {
    return new KafkaConsumer<>(withLogin(fromRoute));
  }

  private Properties withLogin(Properties fromRoute) {
    Properties all = new Properties();
    all.putAll(fromRoute);
    all.putAll(new KafkaSettings(settings, workDir).properties());
    return all;
  }

  @Override
  public String getBrokers(KafkaConfiguration configuration) {
    return configuration.getBrokers();
  }
}
