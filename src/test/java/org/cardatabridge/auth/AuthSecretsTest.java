// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.cardatabridge.auth.FakeLoginServer.Reply;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Nothing secret in any log line, ours or Camel's, even at TRACE. The HTTP client's wire log is
 * held back, as the program's own logging configuration must do: it prints bodies by design.
 */
class AuthSecretsTest {

  private static final String WIRE = "org.apache.hc.client5.http";

  @TempDir Path data;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Logger wire = (Logger) LoggerFactory.getLogger(WIRE);
  private final Logger camel = (Logger) LoggerFactory.getLogger("org.apache");
  private final AppenderBase<ILoggingEvent> capture =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          StringBuilder line = new StringBuilder(event.getLoggerName());
          line.append(' ').append(event.getFormattedMessage());
          for (IThrowableProxy t = event.getThrowableProxy(); t != null; t = t.getCause()) {
            line.append(' ').append(t.getClassName()).append(": ").append(t.getMessage());
          }
          lines.add(line.toString());
        }
      };
  private Level before;
  private Level camelBefore;
  private final List<ch.qos.logback.core.Appender<ILoggingEvent>> others =
      new CopyOnWriteArrayList<>();

  @BeforeEach
  void capture() {
    before = root.getLevel();
    camelBefore = camel.getLevel();
    root.iteratorForAppenders().forEachRemaining(others::add);
    others.forEach(root::detachAppender);
    capture.setContext(root.getLoggerContext());
    capture.start();
    root.addAppender(capture);
    root.setLevel(Level.TRACE);
    camel.setLevel(Level.TRACE);
    wire.setLevel(Level.INFO);
  }

  @AfterEach
  void release() {
    root.detachAppender(capture);
    others.forEach(root::addAppender);
    root.setLevel(before);
    wire.setLevel(null);
    camel.setLevel(camelBefore);
  }

  @Test
  void noTokenGcidOrCodeInTheLogWhateverHappens() throws Exception {
    SetClock clock = new SetClock(Instant.parse("2026-11-21T10:00:00Z"));
    try (FakeLoginServer server = FakeLoginServer.tls();
        AuthBench bench = new AuthBench(clock, true)) {
      server
          .reply(200, FakeLoginServer.code("qRtVw3Kd"))
          .reply(403, "{\"error\":\"authorization_pending\"}")
          .reply(500, "{\"fault\":{\"detail\":{\"errorcode\":\"x\"}},\"n\":\"REFRESH-SECRET-0\"}")
          .reply(200, FakeLoginServer.tokens("1", clock.instant().plusSeconds(3600)))
          .reply(Reply.reset())
          .reply(200, "{\"id_token\":17,\"access_token\":\"ACCESS-SECRET-0\"}")
          .reply(
              new Reply(
                  400,
                  "{\"error\":\"server_error\",\"error_description\":\"REFRESH-SECRET-0123456789\"}",
                  Map.of("X-Echo", "REFRESH-SECRET-0")))
          .reply(200, FakeLoginServer.tokens("2", clock.instant().plusSeconds(9000)))
          .reply(400, "{\"error\":\"invalid_grant\",\"refresh_token\":\"REFRESH-SECRET-0\"}");
      bench.start(
          server.writeCertificate(data.resolve("ca.pem")),
          Settings.of(AuthBench.settings(data, server.base())),
          "main");
      for (int i = 0; i < 60; i++) {
        for (String template : AuthBench.ticking()) {
          bench.tick(template, "main");
        }
        clock.move(i < 6 ? Duration.ofSeconds(6) : Duration.ofMinutes(4));
      }

      assertThat(server.requests).as("all answers were used").hasSize(9);
      assertThat(bench.account("main").login().snapshot().state()).isEqualTo("login-required");
    }

    assertThat(lines).hasSizeGreaterThan(500);
    assertThat(lines).anyMatch(line -> line.contains("Logged in: account main"));
    assertThat(lines.stream().filter(AuthSecretsTest::leaks)).isEmpty();
  }

  private static boolean leaks(String line) {
    return line.contains("SECRET") || line.contains("qRtVw3Kd") || line.contains("code_verifier");
  }
}
