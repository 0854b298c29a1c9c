// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.Programs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser; needs Chromium on the path. */
@Timeout(120)
class PageIT {

  private static final String MARKUP = "<img src=x onerror=\"document.title='hit'\"><b>bold</b>";
  private static final String SCRIPT = "</script><script>document.title='hit'</script>";

  @TempDir private Path profile;
  private final Clock clock = Clock.systemUTC();
  private final Journal journal = Journal.temporary(clock);
  private final DefaultCamelContext context = new DefaultCamelContext();
  private List<AccountStatus> accounts = List.of();
  private WebServer server;

  @BeforeEach
  void start() throws Exception {
    for (String file : List.of("web", "web-page", "web-vehicles")) {
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(
              PluginHelper.getResourceLoader(context)
                  .resolveResource("file:routes/" + file + ".camel.yaml"));
    }
    PageFiles page = new PageFiles();
    context.getRegistry().bind("page", page);
    context
        .getRegistry()
        .bind(
            "status",
            new StatusApi("1.2.3", clock.instant(), () -> accounts, journal, new RouteProblems()));
    server = new WebServer(Settings.of(Map.of("cardata.http.port", "0")), page);
    context.addService(server, true, false);
    context.start();
  }

  @AfterEach
  void end() {
    context.stop();
    journal.close();
  }

  private String shown() throws Exception {
    Path browser = Programs.need("chromium", "chromium-browser", "google-chrome");
    Path out = profile.resolve("dom.html");
    Process process =
        new ProcessBuilder(
                browser.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + profile.resolve("profile"),
                "--virtual-time-budget=4000",
                "--dump-dom",
                server.url() + "#/status")
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
    return Files.readString(out, StandardCharsets.UTF_8);
  }

  private void publish(String vin, String alias, String key, Object value) throws Exception {
    Instant now = clock.instant();
    CarEvent event = new CarEvent("main", vin, alias, key, value, "%", now, now, "stream");
    CountDownLatch done = new CountDownLatch(1);
    journal.publish(
        new CarMessage("main", "stream", "t", now, new byte[1], List.of(event)),
        false,
        failure -> done.countDown());
    assertThat(done.await(40, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void itShowsLoginStreamVehiclesAndSinksInWords() throws Exception {
    accounts =
        List.of(Accounts.pending("main", clock.instant()), Accounts.live("wife", clock.instant()));
    publish("WBY00TEST00000001", "i4", "vehicle.soc", 81L);
    journal.broken("hook", "line 3: unknown field", "all others run");
    String page = shown();
    assertThat(page)
        .contains("ABCD-1234")
        .contains("https://bmw.example/link?user_code=ABCD-1234")
        .contains("not authorized by")
        .contains("WBY00TEST00000001")
        .contains("line 3: unknown field");
  }

  @Test
  void whatCarsAndServersSendNeverBecomesMarkup() throws Exception {
    Instant soon = clock.instant().plus(Duration.ofMinutes(5));
    accounts =
        List.of(
            new AccountStatus(
                MARKUP,
                new LoginStatus(
                    "pending",
                    MARKUP,
                    "javascript:document.title='hit'",
                    "javascript:document.title='hit'",
                    soon,
                    null,
                    null,
                    null,
                    null,
                    List.of(SCRIPT),
                    null,
                    SCRIPT),
                new StreamStatus(
                    MARKUP,
                    clock.instant(),
                    null,
                    0,
                    0,
                    new StreamStatus.Reason(1, MARKUP + SCRIPT, clock.instant()),
                    null,
                    null),
                null,
                null,
                null,
                null));
    publish("VIN-" + MARKUP, "ALIAS-" + SCRIPT, "key." + MARKUP, Map.of(MARKUP, SCRIPT));
    journal.broken("hook", MARKUP, "all others run");
    String page = shown();
    assertThat(page)
        .contains("<title>Status · cardata-bridge</title>")
        .contains("&lt;b&gt;bold&lt;/b&gt;")
        .contains("VIN-&lt;img")
        .doesNotContain("<b>bold</b>")
        .doesNotContain("<img")
        .doesNotContain("href=\"javascript:");
  }
}
