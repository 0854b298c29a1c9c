// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Artemis' loggers, in the bridge's own Logback and in the Log4j of the Camel CLI: its audit log
 * prints whole messages, and with them where the car stands.
 */
final class ArtemisLog {

  private static final Logger LOG = LoggerFactory.getLogger(ArtemisLog.class);
  private static final String ALL = "org.apache.activemq";
  private static final String AUDIT = "org.apache.activemq.audit";
  private static final String MQTT = "org.apache.activemq.artemis.core.protocol.mqtt";

  private ArtemisLog() {}

  /** Switches the audit log off, and the rest to warnings where nobody chose a level. */
  static void hush() {
    boolean isChosen =
        LoggerFactory.getILoggerFactory() instanceof LoggerContext logback
            && logback.getLogger(ALL).getLevel() != null;
    if (!isChosen) {
      setLevel(ALL, "WARN");
    }
    setLevel(AUDIT, "OFF");
    setLevel(MQTT, "WARN");
  }

  /** A broker that stops tells of each will it can no longer publish, with a stack trace. */
  static void hushForStop() {
    setLevel(MQTT, "OFF");
  }

  private static void setLevel(String logger, String level) {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (factory instanceof LoggerContext logback) {
      logback.getLogger(logger).setLevel(ch.qos.logback.classic.Level.toLevel(level));
    } else if (factory.getClass().getName().startsWith("org.apache.logging.")) {
      setLog4jLevel(logger, level);
    }
  }

  /** By name: Log4j is not one of our libraries. */
  private static void setLog4jLevel(String logger, String name) {
    try {
      Class<?> level = Class.forName("org.apache.logging.log4j.Level");
      Class.forName("org.apache.logging.log4j.core.config.Configurator")
          .getMethod("setLevel", String.class, level)
          .invoke(null, logger, level.getField(name).get(null));
    } catch (ReflectiveOperationException e) {
      LOG.warn(
          "Setting Artemis' log: {} — set {} to {} in the log's own configuration",
          e.toString(),
          logger,
          name);
    }
  }
}
