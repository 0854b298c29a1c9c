// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.cardatabridge.journal.Samples.NOON;
import static org.cardatabridge.journal.Samples.event;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is really full, and one that is really read-only: {@code ./mvnw verify -Plong}. */
@EnabledIfSystemProperty(named = "cardata.test.long", matches = "true")
@Timeout(120)
class SmallDiskTest {

  @TempDir Path directory;
  private Path disk;
  private JournalFile file;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(directory.resolve("disk"));
    String said = run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.toString());
    assumeTrue(said.isEmpty(), "a small tmpfs cannot be mounted, which needs root: " + said);
    file = JournalFile.open(disk);
  }

  @AfterEach
  void unmount() throws Exception {
    if (file != null) {
      file.close();
      // The first one stays in use: SQLite's own library was loaded from it.
      assertThat(run("umount", "-l", disk.toString())).isEmpty();
    }
  }

  /** Runs a command; empty where it worked, else what it said. */
  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0
        ? ""
        : "it said " + said;
  }

  @Test
  void whatWasSafeOnADiskThatGotFullIsThereAgain() throws Exception {
    Path ballast = disk.resolve("ballast");
    Files.write(ballast, new byte[4 << 20]);
    List<Long> safe = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<Void> publisher =
        CompletableFuture.runAsync(
            () -> {
              for (long n = 0; n < 20_000; n++) {
                long number = n;
                file.publish(event("large" + n % 3, "x".repeat(1_000) + n, NOON.plusSeconds(n)))
                    .thenRun(() -> safe.add(number));
              }
            });
    await().atMost(60, TimeUnit.SECONDS).until(() -> file.journal.trouble().isPresent());
    assertThat(file.journal.trouble().orElse("")).contains("full");
    int before = safe.size();
    assertThat(before).isLessThan(20_000);
    Files.delete(ballast);
    file.close();
    publisher.handle((done, error) -> done).join();
    assertThat(safe).isSorted().hasSizeGreaterThanOrEqualTo(before);
    file.open();
    assertThat(file.entries(0)).hasSizeGreaterThanOrEqualTo(safe.size());
    assertThat(file.journal.notice()).isEmpty();
  }

  @Test
  void roomThatIsFreedEndsTheTroubleByItself() throws Exception {
    Path ballast = disk.resolve("ballast");
    file.keep(0, 99);
    try (var out = Files.newOutputStream(ballast)) {
      byte[] page = new byte[4_096];
      while (true) {
        out.write(page);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
    CompletableFuture<Void> large =
        file.publish(event("large", "x".repeat(1_000_000), NOON.plusSeconds(1_000)));
    file.awaitTrouble("the disk is full — free space on it");
    assertThat(large).isNotDone();
    Files.delete(ballast);
    file.awaitNoTrouble();
    file.await(large).keep(100, 199);
    assertThat(file.reopen().values()).hasSize(201);
    assertThat(file.journal.notice()).isEmpty();
  }

  @Test
  void aDiskThatIsRemountedReadOnlyIsSaidAndGoneOnWith() throws Exception {
    file.keep(0, 99).derived();
    String said = run("mount", "-o", "remount,ro", disk.toString());
    if (!said.isEmpty()) {
      // Files are open for writing: what is open must be let go first.
      file.close();
      assertThat(run("mount", "-o", "remount,ro", disk.toString())).isEmpty();
      file.open();
    }
    CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> file.keep(100, 199));
    await().atMost(40, TimeUnit.SECONDS).until(() -> file.journal.trouble().isPresent());
    assertThat(waiting).isNotDone();
    assertThat(run("mount", "-o", "remount,rw", disk.toString())).isEmpty();
    file.awaitNoTrouble();
    assertThat(waiting).succeedsWithin(java.time.Duration.ofSeconds(40));
    assertThat(file.reopen().values()).hasSize(200);
    assertThat(file.files("journal.db.damaged")).isEmpty();
  }
}
