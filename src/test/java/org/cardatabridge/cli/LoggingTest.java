// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.logging.LogManager;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;

class LoggingTest {

  private static final String JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln";

  @TempDir Path workDir;
  private final LoggerContext context = new LoggerContext();
  private final Redaction redaction = new Redaction();
  private final Logging logging = new Logging(context, redaction);

  @BeforeEach
  void giveTheContextWhatSlf4jGivesIt() {
    context.setMDCAdapter(new LogbackMDCAdapter());
  }

  @AfterEach
  void closeFiles() throws IOException {
    context.stop();
    LogManager.getLogManager().readConfiguration();
  }

  @Test
  void textLinesHoldTimeLevelLoggerAndMessage() throws IOException {
    logger("text", "info").warn("Refreshing tokens: {}", "timeout");
    assertThat(lines())
        .singleElement()
        .asString()
        .matches(
            "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} WARN  Thing: Refreshing tokens: timeout");
  }

  @Test
  void jsonLinesAreOneObjectEach() throws IOException {
    Logger logger = logger("json", "info");
    logger.info("two\n\"lines\"");
    logger.error("broken", new IllegalStateException("cause"));
    List<String> lines = lines();
    assertThat(lines).hasSize(2);
    JsonNode first = new ObjectMapper().readTree(lines.get(0));
    assertThat(first.path("message").asText()).isEqualTo("two\n\"lines\"");
    assertThat(first.path("level").asText()).isEqualTo("INFO");
    assertThat(first.path("logger").asText()).isEqualTo("org.cardatabridge.Thing");
    assertThat(first.path("thread").asText()).isEqualTo(Thread.currentThread().getName());
    assertThat(Instant.parse(first.path("timestamp").asText())).isBeforeOrEqualTo(Instant.now());
    assertThat(first.has("exception")).isFalse();
    assertThat(new ObjectMapper().readTree(lines.get(1)).path("exception").asText())
        .startsWith("java.lang.IllegalStateException: cause")
        .contains("LoggingTest");
  }

  @ParameterizedTest
  @CsvSource({"text", "json"})
  void noSecretPassesInMessageArgumentOrException(String format) throws IOException {
    redaction.hide("quote\"and\\slash");
    redaction.hideVin("WBY00TEST00000001");
    Logger logger = logger(format, "info");
    logger.info("got {} for {}", JWT, "WBY00TEST00000001");
    logger.warn(
        "refused",
        new IllegalStateException("outer " + JWT, new IOException("inner quote\"and\\slash")));
    String log = String.join("\n", lines());
    assertThat(log)
        .contains("got *** for …0001", "outer ***", "inner ***")
        .doesNotContain(JWT, "WBY00TEST00000001", "slash");
  }

  @Test
  void theJdksLoggerGoesTheSameWay() throws IOException {
    logger("text", "info");
    java.util.logging.Logger jdk = java.util.logging.Logger.getLogger("org.eclipse.paho.x");
    jdk.severe("token " + JWT);
    jdk.info("steady state");
    assertThat(lines()).singleElement().asString().contains("ERROR x: token ***");
  }

  @ParameterizedTest
  @CsvSource({
    "off, OFF, OFF",
    "error, ERROR, ERROR",
    "warn, WARN, WARN",
    "info, INFO, WARN",
    "debug, DEBUG, INFO",
    "trace, TRACE, INFO"
  })
  void librariesAreQuieterThanWeAreAndNeverSayWhatTheySend(String set, String ours, String theirs)
      throws IOException {
    logger("text", set);
    assertThat(effective("org.cardatabridge.stream")).isEqualTo(Level.toLevel(ours));
    assertThat(effective("sink-hook")).isEqualTo(Level.toLevel(ours));
    for (String library :
        List.of(
            "org.apache.camel.main",
            "org.apache.activemq.artemis",
            "org.apache.hc.client5.http.wire",
            "org.quartz.core",
            "io.netty.handler",
            "io.vertx.core")) {
      assertThat(effective(library)).as(library).isEqualTo(Level.toLevel(theirs));
    }
  }

  @Test
  void aTimerThatWaitsForItsNextTickIsNoWarning() throws IOException {
    logger("text", "info");
    Logger timer = context.getLogger("org.apache.camel.component.quartz.CamelJob");
    timer.warn("Trigger exists outside StartTime");
    timer.error("Failed to execute CamelJob.");
    assertThat(lines()).singleElement().asString().contains("Failed to execute");
  }

  @Test
  void settingItUpAgainReplacesTheFirst() throws IOException {
    logger("text", "info");
    logger("json", "warn").warn("once");
    assertThat(lines()).singleElement().asString().startsWith("{");
  }

  @Test
  void aFileThatCannotBeWrittenIsAWrongSetting() throws IOException {
    Files.createDirectory(workDir.resolve("bridge.log"));
    assertThatThrownBy(() -> logger("text", "info"))
        .isInstanceOf(BadSettingException.class)
        .hasMessageContaining("cardata.log.file");
  }

  private Level effective(String name) {
    return context.getLogger(name).getEffectiveLevel();
  }

  private Logger logger(String format, String level) {
    Map<String, String> settings = new HashMap<>();
    settings.put("cardata.log.format", format);
    settings.put("cardata.log.level", level);
    settings.put("cardata.log.file", "bridge.log");
    logging.configure(Settings.defaults().with(settings), workDir);
    return context.getLogger("org.cardatabridge.Thing");
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(workDir.resolve("bridge.log"));
  }

  @Test
  void beforeAnythingIsSetUpTheLibrariesAreQuietAlready() {
    assertThat(new PlainLogging().configure(context))
        .isEqualTo(Configurator.ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY);
    assertThat(effective("org.cardatabridge.stream")).isEqualTo(Level.INFO);
    assertThat(effective("org.apache.hc.client5.http.wire")).isEqualTo(Level.WARN);
  }

  @Test
  void theProgramsOwnLogIsFoundThroughLogbacksServiceLoader() {
    assertThat(ServiceLoader.load(Configurator.class))
        .hasAtLeastOneElementOfType(PlainLogging.class);
  }
}
