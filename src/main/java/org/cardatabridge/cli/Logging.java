// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets the log up from {@code cardata.log.*}: standard output always, a rolled file as well where
 * one is named, every line through the {@link Redaction}. Safe for use by many threads.
 */
public final class Logging {

  // They log their own steady state at INFO; two of them would log tokens at DEBUG.
  private static final List<String> LIBRARIES =
      List.of(
          "org.apache",
          "org.quartz",
          "org.eclipse.paho",
          "org.jgroups",
          "io.netty",
          "io.vertx",
          "io.micrometer",
          "com.mchange");

  // Warns of a tick that came a millisecond early, which several of a hundred timers do at start.
  private static final String TIMER = "org.apache.camel.component.quartz.CamelJob";

  // Warns once a second while its brokers are away; the sink says that itself.
  private static final String KAFKA = "org.apache.kafka";

  // Warns, with a stack trace, of each request that comes while the page's server closes.
  private static final String DOOR = "io.netty.bootstrap.ServerBootstrap";

  private final LoggerContext context;
  private final Redaction redaction;

  /** For a context of its own; the program takes {@link #ofProgram}. */
  Logging(LoggerContext context, Redaction redaction) {
    this.context = context;
    this.redaction = redaction;
  }

  /** The log of the whole program, which is SLF4J's, with what is to be hidden from it. */
  public static Logging ofProgram(Redaction redaction) {
    return new Logging((LoggerContext) LoggerFactory.getILoggerFactory(), redaction);
  }

  /** What is hidden from this log. */
  public Redaction redaction() {
    return redaction;
  }

  /** A logger of this log. */
  Logger logger(Class<?> type) {
    return context.getLogger(type);
  }

  /**
   * Sets format, level and file; may be called again with other settings.
   *
   * @param workDir where a relative {@code cardata.log.file} starts from
   * @throws BadSettingException where the file cannot be written to
   */
  public void configure(Settings settings, Path workDir) {
    Optional<Path> file = settings.find("cardata.log.file").map(workDir::resolve);
    file.ifPresent(Logging::proveWritable);
    Level level = Level.toLevel(settings.get("cardata.log.level"));
    start(level, settings.get("cardata.log.format").equals("json"), file);
    keepLastLines();
    takeJavaLogging();
  }

  private void keepLastLines() {
    TextLayout layout = new TextLayout(redaction, ZoneId.systemDefault());
    layout.setContext(context);
    layout.start();
    LogRing ring = new LogRing(layout);
    ring.setContext(context);
    ring.setName(LogRing.NAME);
    ring.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(ring);
    context.putObject(LogRing.NAME, ring);
  }

  /** The last lines of the program's log; empty where none are kept. */
  static List<String> lastLines() {
    return LoggerFactory.getILoggerFactory() instanceof LoggerContext program
            && program.getObject(LogRing.NAME) instanceof LogRing ring
        ? ring.lines()
        : List.of();
  }

  /** Warnings as text to standard error: standard output is for what a program reads. */
  void warnOnStandardError() {
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setTarget("System.err");
    start(Level.WARN, false, console, Optional.empty());
    takeJavaLogging();
  }

  /** Lines of text at INFO to standard output, for what is logged before the settings are known. */
  void startPlain() {
    start(Level.INFO, false, Optional.empty());
  }

  private void start(Level level, boolean isJson, Optional<Path> file) {
    start(level, isJson, new ConsoleAppender<>(), file);
  }

  private void start(
      Level level, boolean isJson, ConsoleAppender<ILoggingEvent> console, Optional<Path> file) {
    context.reset();
    context.getStatusManager().clear();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(level);
    root.addAppender(started(console, "console", isJson));
    file.ifPresent(path -> root.addAppender(started(rolled(path), "file", isJson)));
    Level libraries = level.isGreaterOrEqual(Level.INFO) ? atLeast(level, Level.WARN) : Level.INFO;
    LIBRARIES.forEach(name -> context.getLogger(name).setLevel(libraries));
    context.getLogger(TIMER).setLevel(Level.ERROR);
    context.getLogger(KAFKA).setLevel(Level.ERROR);
    context.getLogger(DOOR).setLevel(Level.ERROR);
  }

  private static Level atLeast(Level one, Level other) {
    return one.isGreaterOrEqual(other) ? one : other;
  }

  private static void proveWritable(Path file) {
    try {
      if (file.toAbsolutePath().getParent() != null) {
        Files.createDirectories(file.toAbsolutePath().getParent());
      }
      Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
    } catch (IOException e) {
      throw new BadSettingException(
          "cardata.log.file", file.toString(), "the path of a file that can be written to");
    }
  }

  private RollingFileAppender<ILoggingEvent> rolled(Path file) {
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setFile(file.toString());
    SizeAndTimeBasedRollingPolicy<ILoggingEvent> policy = new SizeAndTimeBasedRollingPolicy<>();
    policy.setContext(context);
    policy.setParent(appender);
    policy.setFileNamePattern(file + ".%d{yyyy-MM-dd}.%i.gz");
    policy.setMaxFileSize(FileSize.valueOf("10MB"));
    policy.setMaxHistory(14);
    policy.setTotalSizeCap(FileSize.valueOf("100MB"));
    policy.setCleanHistoryOnStart(true);
    policy.start();
    appender.setRollingPolicy(policy);
    return appender;
  }

  private OutputStreamAppender<ILoggingEvent> started(
      OutputStreamAppender<ILoggingEvent> appender, String name, boolean isJson) {
    Layout<ILoggingEvent> layout =
        isJson ? new JsonLayout(redaction) : new TextLayout(redaction, ZoneId.systemDefault());
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(layout);
    encoder.start();
    appender.setContext(context);
    appender.setName(name);
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }

  // Paho logs with the JDK's logger, which would write past format and redaction.
  private void takeJavaLogging() {
    LogManager.getLogManager().reset();
    java.util.logging.Logger root = java.util.logging.Logger.getLogger("");
    root.setLevel(java.util.logging.Level.WARNING);
    root.addHandler(new JavaLogging(context));
  }

  /** Hands what is logged with the JDK's logger on to ours. */
  private static final class JavaLogging extends Handler {

    private final LoggerContext context;

    JavaLogging(LoggerContext context) {
      this.context = context;
    }

    @Override
    public void publish(LogRecord record) {
      String name = record.getLoggerName() == null ? "java" : record.getLoggerName();
      boolean isError = record.getLevel().intValue() >= java.util.logging.Level.SEVERE.intValue();
      context
          .getLogger(name)
          .atLevel(isError ? org.slf4j.event.Level.ERROR : org.slf4j.event.Level.WARN)
          .setCause(record.getThrown())
          .log(new java.util.logging.SimpleFormatter().formatMessage(record));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
