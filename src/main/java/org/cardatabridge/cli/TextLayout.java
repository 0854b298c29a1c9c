// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Log lines for people, in local time, without secrets. Safe for use by many threads. */
final class TextLayout extends LayoutBase<ILoggingEvent> {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

  private final Redaction redaction;
  private final ZoneId zone;

  TextLayout(Redaction redaction, ZoneId zone) {
    this.redaction = redaction;
    this.zone = zone;
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    String logger = event.getLoggerName();
    StringBuilder line = new StringBuilder(160);
    TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()).atZone(zone), line);
    line.append(' ').append(event.getLevel());
    line.append(" ".repeat(Math.max(1, 6 - event.getLevel().toString().length())));
    line.append(logger.startsWith("org.") ? logger.substring(logger.lastIndexOf('.') + 1) : logger);
    line.append(": ").append(redaction.apply(event.getFormattedMessage()));
    line.append(System.lineSeparator());
    if (event.getThrowableProxy() != null) {
      line.append(redaction.apply(ThrowableProxyUtil.asString(event.getThrowableProxy())));
    }
    return line.toString();
  }
}
