// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.cardatabridge.disk.PrivateFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The few things a token file asks of a file system, each durable when it returns. Not thread-safe;
 * tests put a worse disk in its place.
 */
class Disk {

  private static final Logger LOG = LoggerFactory.getLogger(Disk.class);

  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private boolean saidOpen;

  /** The bytes of a file. */
  byte[] read(Path file) throws IOException {
    return Files.readAllBytes(file);
  }

  /** Makes a file anew, readable by its owner only, and syncs it. */
  void create(Path file, byte[] bytes) throws IOException {
    new PrivateFile(file).create(bytes);
    hide(file);
  }

  /** Puts a file in the place of another in one step. */
  void replace(Path file, Path target) throws IOException {
    new PrivateFile(file).renameTo(target);
  }

  /** Writes over a file that cannot be replaced; at each moment its start is readable JSON. */
  void overwrite(Path file, byte[] bytes) throws IOException {
    hide(file);
    new PrivateFile(file).overwrite(bytes);
  }

  /** Throws where {@link #overwrite} would not be allowed; changes nothing. */
  void openForWriting(Path file) throws IOException {
    FileChannel.open(file, StandardOpenOption.WRITE).close();
  }

  /** Makes the names in a directory durable, where the system can do that. */
  void syncDirectory(Path directory) throws IOException {
    PrivateFile.syncDirectory(directory);
  }

  void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  /** Some file systems (vfat, some shares) know no modes; tokens that are stored are worth more. */
  private void hide(Path file) {
    try {
      ownerOnly(file);
    } catch (IOException | UnsupportedOperationException e) {
      if (saidOpen) {
        LOG.debug("Making {} readable by its owner only: {}", file, e.toString());
        return;
      }
      saidOpen = true;
      LOG.warn(
          "Making {} readable by its owner only: its file system refuses that ({}) — keep"
              + " cardata.data-dir on a disk with permissions, or let others on this machine not"
              + " see it by the options of its mount",
          file,
          e.getClass().getSimpleName());
    }
  }

  /** Lets nobody but the owner read a file. */
  void ownerOnly(Path file) throws IOException {
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(file, OWNER_ONLY);
    }
  }
}
