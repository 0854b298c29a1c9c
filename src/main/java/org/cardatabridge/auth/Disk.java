// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
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
    Files.deleteIfExists(file);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      // Before the first byte, so that no secret is ever readable by others.
      hide(file);
      write(channel, bytes, 0);
      channel.force(true);
    }
  }

  /** Puts a file in the place of another in one step. */
  void replace(Path file, Path target) throws IOException {
    Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Writes over a file that cannot be replaced. At each moment its start is readable JSON: it first
   * grows by blanks, which also finds a full disk while the old text is whole, then gets the new
   * text in one write, then is cut.
   */
  void overwrite(Path file, byte[] bytes) throws IOException {
    hide(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long before = channel.size();
      if (bytes.length > before) {
        byte[] blanks = new byte[bytes.length - (int) before];
        Arrays.fill(blanks, (byte) ' ');
        try {
          write(channel, blanks, before);
          channel.force(true);
        } catch (IOException e) {
          channel.truncate(before);
          throw e;
        }
      }
      write(channel, bytes, 0);
      channel.truncate(bytes.length);
      channel.force(true);
    }
  }

  /** Throws where {@link #overwrite} would not be allowed; changes nothing. */
  void openForWriting(Path file) throws IOException {
    FileChannel.open(file, StandardOpenOption.WRITE).close();
  }

  /** Makes the names in a directory durable, where the system can do that. */
  void syncDirectory(Path directory) throws IOException {
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
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

  private static void write(FileChannel channel, byte[] bytes, long position) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long at = position;
    while (buffer.hasRemaining()) {
      at += channel.write(buffer, at);
    }
  }
}
