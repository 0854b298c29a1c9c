// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

  @TempDir Path temp;

  @Test
  void oneClaimAtATimeInOneProcess() throws IOException {
    Path data = temp.resolve("a/data");
    try (DataDirectory first = DataDirectory.claim(data).orElseThrow()) {
      assertThat(first.trouble()).isEmpty();
      assertThat(DataDirectory.claim(data)).isEmpty();
    }
    DataDirectory.claim(data).orElseThrow().close();
  }

  @Test
  void twoDirectoriesAreTwoBridges() throws IOException {
    try (DataDirectory one = DataDirectory.claim(temp.resolve("one")).orElseThrow();
        DataDirectory two = DataDirectory.claim(temp.resolve("two")).orElseThrow()) {
      assertThat(one).isNotSameAs(two);
    }
  }

  @Test
  void aNewDirectoryIsItsOwnersAndAnOldOneKeepsItsPermissions() throws IOException {
    Path old = Files.createDirectory(temp.resolve("old"));
    Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwxr-x---"));
    DataDirectory.claim(old).orElseThrow().close();
    DataDirectory.claim(temp.resolve("new")).orElseThrow().close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(old)))
        .isEqualTo("rwxr-x---");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("new"))))
        .isEqualTo("rwx------");
  }

  @Test
  void aLinkToADirectoryIsADirectory() throws IOException {
    Files.createDirectory(temp.resolve("real"));
    Files.createSymbolicLink(temp.resolve("link"), temp.resolve("real"));
    DataDirectory.claim(temp.resolve("link")).orElseThrow().close();
    assertThat(temp.resolve("real/bridge.lock")).exists();
  }

  @Test
  void aFileIsNoDataDirectory() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    assertThatThrownBy(() -> DataDirectory.claim(file))
        .isInstanceOf(BadSettingException.class)
        .hasMessageContaining("takes a directory");
  }

  @Test
  void aDirectoryBelowAFileIsNoneEither() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    assertThatThrownBy(() -> DataDirectory.claim(file.resolve("data")))
        .isInstanceOf(BadSettingException.class)
        .hasMessageContaining("takes a directory");
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsClaimedWithTheReason() throws IOException {
    // A link that leads nowhere makes creating the lock file fail for root, too.
    Path data = Files.createDirectory(temp.resolve("data"));
    Files.createSymbolicLink(data.resolve("bridge.lock"), temp.resolve("nowhere/lock"));
    try (DataDirectory claimed = DataDirectory.claim(data).orElseThrow()) {
      assertThat(claimed.trouble())
          .hasValueSatisfying(t -> assertThat(t).contains("cannot be written"));
    }
  }
}
