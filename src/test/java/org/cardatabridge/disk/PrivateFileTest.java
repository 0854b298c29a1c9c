// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a file of the data directory goes through. */
class PrivateFileTest {

  @TempDir Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void itIsReplacedAsAWholeAndItsDirectoryIsMade() throws Exception {
    Path path = directory.resolve("a/b/file");
    PrivateFile file = new PrivateFile(path);
    file.replace(bytes("one, and long"));
    file.replace(bytes("two"));
    assertThat(path).hasContent("two");
    assertThat(path.getParent()).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void othersCannotReadItEvenWhereTheyCouldReadTheOneBefore() throws Exception {
    Path path = Files.writeString(directory.resolve("file"), "old");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
    Path left = Files.writeString(directory.resolve("file.new"), "cut off by a kill");
    Files.setPosixFilePermissions(left, PosixFilePermissions.fromString("rw-rw-rw-"));
    new PrivateFile(path).replace(bytes("new"));
    assertThat(path).hasContent("new");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
  }

  @Test
  void whatCannotBeWrittenLeavesTheOldFile() throws Exception {
    Path path = Files.writeString(directory.resolve("file"), "old");
    Files.createDirectories(directory.resolve("file.new/in the way"));
    assertThatThrownBy(() -> new PrivateFile(path).replace(bytes("new")))
        .isInstanceOf(IOException.class);
    assertThat(path).hasContent("old");
  }

  @Test
  void aNewFileThatCannotTakeThePlaceOfTheOldOneIsTakenAway() throws Exception {
    Path path = directory.resolve("file");
    Files.createDirectories(path.resolve("a directory"));
    assertThatThrownBy(() -> new PrivateFile(path).replace(bytes("new")))
        .isInstanceOf(IOException.class);
    assertThat(directory.resolve("file.new")).doesNotExist();
  }

  @Test
  void oneThatIsWrittenOverGrowsAndShrinks() throws Exception {
    Path path = Files.writeString(directory.resolve("file"), "{}");
    new PrivateFile(path).overwrite(bytes("{\"a\":1}"));
    assertThat(path).hasContent("{\"a\":1}");
    new PrivateFile(path).overwrite(bytes("{}"));
    assertThat(path).hasContent("{}");
  }
}
