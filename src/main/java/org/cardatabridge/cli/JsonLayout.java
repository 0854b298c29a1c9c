// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;

/**
 * Log lines for programs: one JSON object a line, with timestamp (UTC), level, logger, thread,
 * message and, where there is one, exception, without secrets. Safe for use by many threads.
 */
final class JsonLayout extends LayoutBase<ILoggingEvent> {

  private final JsonFactory json = new JsonFactory();
  private final Redaction redaction;

  JsonLayout(Redaction redaction) {
    this.redaction = redaction;
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    StringWriter line = new StringWriter();
    try (JsonGenerator object = json.createGenerator(line)) {
      object.writeStartObject();
      object.writeStringField("timestamp", Instant.ofEpochMilli(event.getTimeStamp()).toString());
      object.writeStringField("level", event.getLevel().toString());
      object.writeStringField("logger", event.getLoggerName());
      object.writeStringField("thread", event.getThreadName());
      object.writeStringField("message", redaction.apply(event.getFormattedMessage()));
      if (event.getThrowableProxy() != null) {
        object.writeStringField(
            "exception", redaction.apply(ThrowableProxyUtil.asString(event.getThrowableProxy())));
      }
      object.writeEndObject();
    } catch (IOException e) {
      throw new AssertionError("a text in memory is always writable", e);
    }
    return line.append('\n').toString();
  }
}
