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

  private ArtemisLog() {}

  /** Switches the audit log off, and the rest to warnings where nobody chose a level. */
  static void hush() {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (factory instanceof LoggerContext logback) {
      logback.getLogger(AUDIT).setLevel(ch.qos.logback.classic.Level.OFF);
      if (logback.getLogger(ALL).getLevel() == null) {
        logback.getLogger(ALL).setLevel(ch.qos.logback.classic.Level.WARN);
      }
    } else if (factory.getClass().getName().startsWith("org.apache.logging.")) {
      hushLog4j();
    }
  }

  /** By name: Log4j is not one of our libraries. */
  private static void hushLog4j() {
    try {
      Class<?> level = Class.forName("org.apache.logging.log4j.Level");
      var setLevel =
          Class.forName("org.apache.logging.log4j.core.config.Configurator")
              .getMethod("setLevel", String.class, level);
      setLevel.invoke(null, ALL, level.getField("WARN").get(null));
      setLevel.invoke(null, AUDIT, level.getField("OFF").get(null));
    } catch (ReflectiveOperationException e) {
      LOG.warn(
          "Switching Artemis' audit log off: {} — it prints values; set {} to OFF in the log's own"
              + " configuration",
          e.toString(),
          AUDIT);
    }
  }
}
