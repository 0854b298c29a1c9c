// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * What Logback finds when nobody has set it up yet, in tests and under {@code camel run}: quiet
 * libraries in place of its own DEBUG to the console, and no start-up time for reading XML. Stands
 * back where a configuration file is there.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class PlainLogging extends ContextAwareBase implements Configurator {

  /** For Logback's service loader. */
  public PlainLogging() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (System.getProperty("logback.configurationFile") != null
        || hasResource("/logback-test.xml")
        || hasResource("/logback.xml")) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    new Logging(context, new Redaction()).startPlain();
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static boolean hasResource(String name) {
    return PlainLogging.class.getResource(name) != null;
  }
}
