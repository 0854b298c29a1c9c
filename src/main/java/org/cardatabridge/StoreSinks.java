// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.camel.spi.Registry;
import org.cardatabridge.archive.Archive;
import org.cardatabridge.archive.ExportFolder;
import org.cardatabridge.archive.S3Clients;
import org.cardatabridge.archive.S3Settings;
import org.cardatabridge.kafka.KafkaClients;
import org.cardatabridge.kafka.KafkaRecords;
import org.cardatabridge.kafka.KafkaSettings;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.sql.SqlRows;
import org.cardatabridge.sql.SqlTable;

/**
 * The parts of the sinks that keep data points for good: databases, Kafka, files, object stores.
 */
final class StoreSinks {

  private static final Map<String, BiConsumer<Settings, Path>> CHECKS =
      Map.of(
          "sql", (settings, workDir) -> SqlTable.check(settings),
          "kafka", KafkaSettings::check,
          "s3", S3Settings::check);

  private StoreSinks() {}

  /**
   * Binds what their routes name. Nothing connects, and no library of a target is loaded, before
   * something is to be delivered.
   *
   * @param workDir the directory that relative paths start from
   * @throws BadSettingException for a setting that a sink which is on cannot use
   */
  static void bind(Registry registry, Settings settings, Path workDir, Clock clock) {
    CHECKS.forEach(
        (sink, check) -> {
          if (settings
              .find("cardata.sink." + sink + ".enabled")
              .filter("true"::equals)
              .isPresent()) {
            check.accept(settings, workDir);
          }
        });
    registry.bind("archive", new Archive());
    registry.bind("exportFolder", new ExportFolder(settings));
    registry.bind("s3Client", Object.class, () -> S3Clients.of(settings, workDir));
    registry.bind("kafkaRecords", new KafkaRecords());
    // Made when asked for, and typed as anything: the class itself would load Kafka's.
    registry.bind("kafkaClients", Object.class, () -> new KafkaClients(settings, workDir, clock));
    registry.bind("sqlRows", new SqlRows());
    registry.bind("sqlTable", SqlTable.class, new SqlTable(settings, clock), null, "close");
  }
}
