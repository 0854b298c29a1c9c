// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.cardatabridge.CarEvent;
import org.cardatabridge.journal.EventRefusedException;
import org.cardatabridge.journal.SinkSnapshot;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.ShippedRoute;
import org.cardatabridge.testing.SinkRig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shipped file sink on a real journal and a real disk. */
@Timeout(120)
class FileSinkTest {

  private static final ShippedRoute FILE = ShippedRoute.of("sink-file");
  private static final Instant LONG_AGO = Instant.parse("2026-01-31T12:00:00Z");

  @TempDir Path dir;
  private final Map<String, String> settings = new HashMap<>();
  private final Map<String, IOException> trouble = new ConcurrentHashMap<>();
  private final List<String> synced = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean takesNames = true;
  private Path export;
  private SinkRig rig;

  @BeforeEach
  void settings() {
    export = dir.resolve("export");
    settings.put("cardata.sink.file.dir", export.toString());
  }

  @AfterEach
  void stop() {
    if (rig != null) {
      rig.close();
    }
  }

  private void start(ShippedRoute route) throws Exception {
    rig =
        SinkRig.start(
            dir.resolve("data"),
            route,
            settings,
            (registry, values) -> {
              registry.bind("archive", new Archive());
              registry.bind("exportFolder", new ExportFolder(values, this::sync));
              registry.bind("inspector", new Inspector());
            });
  }

  private static CarEvent event(long value, Instant received) {
    return ArchiveTest.event("mini", value, received, "stream");
  }

  private List<Path> files() throws Exception {
    if (!Files.isDirectory(export)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(export)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** The values of all lines, file by file. */
  private List<Long> values() throws Exception {
    List<Long> values = new ArrayList<>();
    for (Path file : files()) {
      for (String line : ArchiveTest.text(Files.readAllBytes(file)).lines().toList()) {
        values.add(Long.parseLong(line.replaceAll(".*\"value\":(-?\\d+),.*", "$1")));
      }
    }
    return values;
  }

  private void awaitDone() {
    await().atMost(Duration.ofSeconds(40)).until(rig::isDone);
  }

  @Test
  void whatIsOldEnoughIsWrittenAtOnce() throws Exception {
    start(FILE);
    rig.publish(List.of(event(1, LONG_AGO), event(2, LONG_AGO)));
    awaitDone();
    assertThat(values()).containsExactly(1L, 2L);
    assertThat(export.relativize(files().get(0)).toString())
        .startsWith("day=2026-01-31/vehicle=mini/120000.000000Z-");
  }

  @Test
  void onlyTheOwnerCanReadWhatIsWritten() throws Exception {
    start(FILE);
    rig.publish(List.of(event(1, LONG_AGO)));
    awaitDone();
    Path file = files().get(0);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    for (Path made : List.of(file.getParent(), file.getParent().getParent(), export)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
          .as(made.toString())
          .isEqualTo("rwx------");
    }
  }

  @Test
  void aFileIsWrittenWhenItIsFull() throws Exception {
    settings.put("cardata.sink.file.roll-after", "1h");
    settings.put("cardata.sink.file.roll-events", "3");
    start(FILE);
    Instant now = Instant.now();
    rig.publish(List.of(event(1, now), event(2, now)));
    await().during(Duration.ofMillis(300)).until(() -> files().isEmpty());
    assertThat(rig.status().lag()).isEqualTo(2);
    assertThat(rig.status().state()).isEqualTo(SinkSnapshot.State.UP);
    rig.publish(List.of(event(3, now), event(4, now)));
    await().atMost(Duration.ofSeconds(40)).until(() -> rig.status().lag() == 1);
    assertThat(values()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aFileIsWrittenWhenItIsDue() throws Exception {
    settings.put("cardata.sink.file.roll-after", "500ms");
    start(FILE);
    Instant now = Instant.now();
    rig.publish(List.of(event(1, now)));
    rig.publish(List.of(event(2, now)));
    awaitDone();
    assertThat(Instant.now()).isAfter(now.plusMillis(490));
    assertThat(values()).containsExactly(1L, 2L);
    assertThat(files()).hasSize(1);
  }

  @Test
  void whatWaitsForItsFileSurvivesARestart() throws Exception {
    settings.put("cardata.sink.file.roll-after", "1h");
    start(FILE);
    rig.publish(List.of(event(1, LONG_AGO)));
    awaitDone();
    rig.publish(List.of(event(2, Instant.now())));
    rig.close();
    assertThat(values()).containsExactly(1L);
    settings.put("cardata.sink.file.roll-after", "1ms");
    start(FILE);
    awaitDone();
    assertThat(values()).containsExactly(1L, 2L);
  }

  @Test
  void whatAKillLeftHalfWrittenIsReplaced() throws Exception {
    CarEvent event = event(1, LONG_AGO);
    Path target = export.resolve(new Archive().cut(List.of(event)).get(0).name());
    Files.createDirectories(target.getParent());
    Files.writeString(target.resolveSibling("." + target.getFileName()), "x".repeat(10_000));
    Files.writeString(target, "written before, but the position was not");
    start(FILE);
    rig.publish(List.of(event, event(2, LONG_AGO)));
    awaitDone();
    assertThat(files()).containsExactly(target);
    assertThat(values()).containsExactly(1L, 2L);
  }

  private void sync(Path directory) throws IOException {
    if (!takesNames) {
      throw new IOException("Input/output error");
    }
    assertThat(Files.isDirectory(directory)).isTrue();
    String name = dir.relativize(directory).toString();
    if (trouble.containsKey(name)) {
      throw trouble.get(name);
    }
    synced.add(name);
  }

  @Test
  void aNameIsOnTheDiskWithThoseOfItsFoldersBeforeThePositionMoves() throws Exception {
    takesNames = false;
    start(FILE);
    rig.publish(List.of(event(1, LONG_AGO), event(2, LONG_AGO)));
    await().until(() -> rig.status().state() == SinkSnapshot.State.DOWN);
    assertThat(values()).containsExactly(1L, 2L);
    assertThat(rig.status().delivered()).isZero();
    assertThat(rig.status().lastError()).contains("Input/output error").contains("sink.file.dir");
    takesNames = true;
    awaitDone();
    assertThat(synced)
        .containsExactly(
            "export/day=2026-01-31/vehicle=mini", "export/day=2026-01-31", "export", "");
    assertThat(values()).containsExactly(1L, 2L);
  }

  @Test
  void aFolderThatCanNeverBeSettledStopsNothing() throws Exception {
    trouble.put("", new IOException("Input/output error"));
    trouble.put("export", new AccessDeniedException("export"));
    trouble.put("export/day=2026-01-31", new IOException("Invalid argument"));
    start(FILE);
    rig.publish(List.of(event(1, LONG_AGO), event(2, LONG_AGO)));
    awaitDone();
    assertThat(synced).containsExactly("export/day=2026-01-31/vehicle=mini");
    assertThat(values()).containsExactly(1L, 2L);
  }

  @Test
  void anOutageOfTheDiskCutsNoFileHoweverLongItIs() throws Exception {
    Files.writeString(export, "a file where the folder belongs");
    settings.put("cardata.sink.file.attempts", "1");
    start(FILE);
    List<CarEvent> events = new ArrayList<>();
    for (long i = 0; i < 20; i++) {
      events.add(event(i, LONG_AGO.plusSeconds(i)));
    }
    rig.publish(events);
    await().until(() -> rig.status().state() == SinkSnapshot.State.DOWN);
    await().during(Duration.ofSeconds(1)).until(() -> rig.status().lag() == 20);
    Files.delete(export);
    awaitDone();
    assertThat(values()).hasSize(20).isSorted();
    assertThat(files()).hasSize(1);
    assertThat(rig.status().failed()).isZero();
  }

  @Test
  void aNameThatNoDiskTakesIsSetAsideAtOnce() throws Exception {
    start(FILE);
    rig.publish(
        List.of(event(1, LONG_AGO), ArchiveTest.event("x".repeat(300), 2, LONG_AGO, "stream")));
    awaitDone();
    assertThat(values()).containsExactly(1L);
    assertThat(rig.status().failed()).isOne();
    assertThat(rig.status().lastError()).contains("a name of 308 characters");
  }

  @Test
  void aDiskThatTakesNothingIsWaitedFor() throws Exception {
    Files.writeString(export, "a file where the folder belongs");
    start(FILE);
    for (long i = 0; i < 20; i++) {
      rig.publish(List.of(event(i, LONG_AGO.plusSeconds(i))));
    }
    await().until(() -> rig.status().state() == SinkSnapshot.State.DOWN);
    Files.delete(export);
    awaitDone();
    assertThat(values()).hasSize(20).isSorted().doesNotHaveDuplicates();
    assertThat(rig.status().failed()).isZero();
  }

  @Test
  void whatAStepInsideTheSplitRefusesIsSetAsideAndNothingElse() throws Exception {
    start(
        FILE.before(
            "id: to-directory",
            """
            - bean:
                ref: inspector
                method: look
            """));
    List<CarEvent> events = new ArrayList<>();
    for (long i = 1; i <= 12; i++) {
      events.add(ArchiveTest.event("car" + i % 3, i == 2 || i == 9 ? -i : i, LONG_AGO, "stream"));
    }
    rig.publish(events);
    awaitDone();
    assertThat(values()).containsExactlyInAnyOrder(1L, 3L, 4L, 5L, 6L, 7L, 8L, 10L, 11L, 12L);
    assertThat(rig.status().failed()).isEqualTo(2);
    assertThat(rig.status().delivered()).isEqualTo(10);
  }

  /** Refuses what has a value below zero. */
  public static final class Inspector {

    /** Throws for a file with such a line. */
    public void look(byte[] content) throws Exception {
      if (ArchiveTest.text(content).contains("\"value\":-")) {
        throw new EventRefusedException("below zero");
      }
    }
  }

  @EditsRoute("sink-file")
  void withoutItsFolderStepAFileHasTheNameOfNothing() throws Exception {
    start(FILE.writing("expression: \"${body.name}\"", "expression: \"all.ndjson.gz\""));
    rig.publish(List.of(event(1, LONG_AGO)));
    awaitDone();
    assertThat(files()).containsExactly(export.resolve("all.ndjson.gz"));
  }
}
