// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How checks are made and put into words. */
@Timeout(120)
class DoctorTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);
  private static final Path WORDS = Path.of("src/main/resources/org/cardatabridge/doctor");

  private record Fixed(String id, Set<String> needs, Duration limit, Callable<Finding> finds)
      implements Check {

    Fixed(String id, Callable<Finding> finds, String... needs) {
      this(id, Set.of(needs), Duration.ofSeconds(30), finds);
    }

    @Override
    public Finding look() throws Exception {
      return finds.call();
    }
  }

  private static Doctor doctor(Check... checks) {
    return new Doctor(() -> List.of(checks), CLOCK, System::nanoTime);
  }

  private static List<String> verdicts(Examination examination) {
    return examination.results().stream()
        .map(r -> r.id() + " " + r.finding().verdict().word() + " " + r.finding().words())
        .toList();
  }

  @Test
  void whatStandsOnSomethingThatFailedIsLeftOutAndNamesTheCause() throws Exception {
    Examination examination =
        doctor(
                new Fixed("disk", () -> Finding.failed("disk.full", "directory", "d", "free", "1")),
                new Fixed("journal", () -> Finding.ok("journal.ok", "count", 1), "disk"),
                new Fixed("quota", () -> Finding.ok("quota.ok", "used", 1, "limit", 2), "journal"),
                new Fixed("client-id", () -> Finding.ok("client-id.ok")))
            .examine()
            .orElseThrow();

    assertThat(verdicts(examination))
        .containsExactly(
            "disk failed disk.full",
            "journal skipped check.ground",
            "quota skipped check.ground",
            "client-id ok client-id.ok");
    assertThat(examination.ok()).isFalse();
    assertThat(examination.results().get(2).text(Words.of("en")))
        .isEqualTo("Not looked at, because this failed: Disk.");
    assertThat(examination.results().get(2).text(Words.of("de-AT"))).contains("Speicherplatz");
  }

  @Test
  void aWarningPullsNothingDown() throws Exception {
    Examination examination =
        doctor(
                new Fixed("client-id", () -> Finding.warning("client-id.odd")),
                new Fixed("tokens", () -> Finding.failed("tokens.none"), "client-id"))
            .examine()
            .orElseThrow();
    assertThat(verdicts(examination))
        .containsExactly("client-id warning client-id.odd", "tokens failed tokens.none");
  }

  @Test
  void aCheckThatHangsOrBreaksIsSaidAndHoldsUpNobody() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Check hangs =
        new Fixed(
            "clock",
            Set.of(),
            Duration.ofMillis(50),
            () -> {
              never.await();
              return Finding.ok("proxy.none");
            });
    Check breaks =
        new Fixed(
            "journal",
            () -> {
              throw new IOException("with a secret");
            });
    Examination examination =
        doctor(hangs, breaks, new Fixed("proxy", () -> Finding.ok("proxy.none")))
            .examine()
            .orElseThrow();
    assertThat(verdicts(examination))
        .containsExactly(
            "clock warning check.late", "journal warning check.broken", "proxy ok proxy.none");
    assertThat(examination.json(Words.of(null)).toString()).doesNotContain("secret");
  }

  @Test
  void allOfItTakesAMinuteAtMost() throws Exception {
    long[] nanos = {0};
    Check slow =
        new Fixed(
            "clock",
            () -> {
              nanos[0] += Duration.ofMinutes(1).toNanos();
              return Finding.skipped("clock.unknown", "host", "h");
            });
    Doctor doctor =
        new Doctor(
            () -> List.of(slow, new Fixed("proxy", () -> Finding.ok("proxy.none"))),
            CLOCK,
            () -> nanos[0]);
    assertThat(verdicts(doctor.examine().orElseThrow()))
        .containsExactly("clock skipped clock.unknown", "proxy skipped check.no-time");
  }

  @Test
  void oneExaminationAtATimeAndTheLastOneIsKept() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    Doctor doctor =
        doctor(
            new Fixed(
                "proxy",
                () -> {
                  begun.countDown();
                  goOn.await();
                  return Finding.ok("proxy.none");
                }));
    assertThat(doctor.last()).isEmpty();
    CompletableFuture<Optional<Examination>> first =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return doctor.examine();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    begun.await();
    assertThat(doctor.examine()).isEmpty();
    goOn.countDown();
    assertThat(first.get()).isPresent();
    assertThat(doctor.last()).isEqualTo(first.get());
    await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("doctor")));
  }

  @Test
  void jsonIsAsTheDocumentSays() throws Exception {
    Map<String, Object> json =
        doctor(new Fixed("client-id", () -> Finding.failed("client-id.none")))
            .examine()
            .orElseThrow()
            .json(Words.of("en"));
    assertThat(json).containsEntry("at", "2026-11-22T12:00:00Z").containsEntry("ok", false);
    assertThat(json.get("checks").toString())
        .startsWith("[{id=client-id, title=Client id, verdict=failed, text=No client id is set.,")
        .contains("action=Make one in BMW's CarData portal");
  }

  /** The key of a sentence, as the checks write it. */
  private static final Pattern KEY =
      Pattern.compile("\"((?:[a-z]+(?:-[a-z]+)*)\\.[a-z]+(?:-[a-z]+)*)\"");

  @Test
  void everySentenceThatACheckSaysExistsInBothLanguages() throws Exception {
    Properties english = words("en");
    Set<String> said = new TreeSet<>();
    try (Stream<Path> files = Files.list(Path.of("src/main/java/org/cardatabridge/doctor"))) {
      for (Path file : files.toList()) {
        Matcher keys = KEY.matcher(Files.readString(file));
        keys.results().map(r -> r.group(1)).forEach(said::add);
      }
    }
    said.removeIf(key -> key.matches("(user|os|java|cardata|settings|bundle|doctor)\\..*"));
    assertThat(said).hasSizeGreaterThan(50).contains("dns.intercepted", "portal.secondary");
    said.removeIf(key -> key.endsWith(".com") || key.equals("tls."));
    said.removeIf(key -> key.startsWith("https.") || key.startsWith("http."));
    assertThat(english.stringPropertyNames()).containsAll(said);
    assertThat(words("de").stringPropertyNames())
        .containsExactlyInAnyOrderElementsOf(english.stringPropertyNames());
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "de"})
  void everyWarningAndFailureSaysWhatToDo(String language) throws Exception {
    Properties words = words(language);
    Set<String> fine = Set.of("journal.notice", "check.ground", "check.no-time", "scopes.unknown");
    assertThat(words.stringPropertyNames())
        .filteredOn(key -> !key.endsWith(".do") && !key.endsWith(".title") && key.contains("."))
        .filteredOn(key -> !key.matches(".*\\.(ok|none|off|unknown|unused|old|not-running)"))
        .filteredOn(key -> !key.endsWith("-ok") && !fine.contains(key))
        .allMatch(key -> words.containsKey(key + ".do"), "has a sentence with what to do");
  }

  private static Properties words(String language) throws IOException {
    Properties words = new Properties();
    words.load(Files.newBufferedReader(WORDS.resolve("words_" + language + ".properties")));
    return words;
  }
}
