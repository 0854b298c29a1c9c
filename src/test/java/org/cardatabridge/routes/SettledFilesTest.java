// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettledFilesTest {

  private static final FileTime THEN = FileTime.from(Instant.parse("2026-01-31T12:00:00Z"));

  @TempDir Path folder;
  private SettledFiles files;

  @BeforeEach
  void watch() {
    files = new SettledFiles(folder, path -> path.toString().endsWith(".camel.yaml"));
  }

  /** Writes with a time that tells nothing, as a disk with a coarse clock does. */
  private Path write(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name + ".camel.yaml"), text);
    Files.setLastModifiedTime(file, THEN);
    return file;
  }

  private List<String> look() throws IOException {
    return files.look().stream()
        .map(
            change ->
                change.path().getFileName().toString().replace(".camel.yaml", "")
                    + ": "
                    + (change.content() == null ? "gone" : change.content().text()))
        .toList();
  }

  @Test
  void aFileIsToldOnceWhenTwoLooksWereTheSame() throws IOException {
    write("a", "1");
    assertThat(look()).isEmpty();
    assertThat(look()).containsExactly("a: 1");
    for (int i = 0; i < 30; i++) {
      assertThat(look()).isEmpty();
    }
  }

  @Test
  void aFileThatGrowsIsNotTold() throws IOException {
    for (String text : List.of("", "", "1", "12", "123")) {
      write("a", text);
      assertThat(look()).isEmpty();
    }
    assertThat(look()).containsExactly("a: 123");
  }

  @Test
  void anEditOfTheSameSizeAndTimeIsFound() throws IOException {
    write("a", "1");
    look();
    look();
    write("a", "2");
    look();
    assertThat(look()).containsExactly("a: 2");
    for (int i = 0; i < 20; i++) {
      assertThat(look()).isEmpty();
    }
    write("a", "3");
    List<String> told = new java.util.ArrayList<>();
    for (int i = 0; i < 11; i++) {
      told.addAll(look());
    }
    assertThat(told).containsExactly("a: 3");
  }

  @Test
  void aFileThatIsMissingAtOneLookOnlyIsNoChange() throws IOException {
    write("a", "1");
    write("b", "1");
    look();
    look();
    Files.delete(folder.resolve("a.camel.yaml"));
    assertThat(look()).isEmpty();
    write("a", "1");
    assertThat(look()).isEmpty();
    assertThat(look()).isEmpty();
    Files.delete(folder.resolve("a.camel.yaml"));
    look();
    assertThat(look()).containsExactly("a: gone");
  }

  @Test
  void nothingIsToldOfAFolderThatIsAway() throws IOException {
    write("a", "1");
    look();
    look();
    Files.delete(folder.resolve("a.camel.yaml"));
    for (int i = 0; i < 5; i++) {
      assertThat(look()).isEmpty();
      assertThat(files.isEmpty()).isTrue();
    }
    write("a", "1");
    assertThat(look()).isEmpty();
    assertThat(files.isEmpty()).isFalse();
    assertThat(look()).isEmpty();
  }

  @Test
  void aFileThatIsKnownIsToldWhenItDiffers() throws IOException {
    files.known(RouteText.read(write("a", "1")));
    assertThat(look()).isEmpty();
    assertThat(look()).isEmpty();
    write("a", "2");
    assertThat(look()).isEmpty();
    assertThat(look()).containsExactly("a: 2");
  }
}
