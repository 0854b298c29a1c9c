// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small file that its owner alone reads. What is written is durable when the method returns. Not
 * for two writers at once; readers see a whole file at each moment.
 */
public final class PrivateFile {

  private static final Logger LOG = LoggerFactory.getLogger(PrivateFile.class);

  private final Path file;

  /** At this path; nothing is read or written yet. */
  public PrivateFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  /**
   * Puts a new file in the place of the old one in one step, by a file beside it that ends in
   * {@code .new}. Makes the directory where it is missing.
   *
   * @throws IOException where that failed; the old file is then still there, the new one not
   */
  public void replace(byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    PrivateFile fresh = new PrivateFile(file.resolveSibling(file.getFileName() + ".new"));
    try {
      fresh.create(bytes);
      fresh.renameTo(file);
    } catch (IOException e) {
      try {
        Files.deleteIfExists(fresh.file);
      } catch (IOException more) {
        e.addSuppressed(more);
      }
      throw e;
    }
    try {
      syncDirectory(file.getParent());
    } catch (IOException e) {
      // Some shares (CIFS, FUSE) cannot; the file itself is synced by now.
      LOG.debug("Syncing the directory of {}: {} — taken as done", file, e.toString());
    }
  }

  /** Makes it anew. Others cannot read it at any moment, where its file system knows of others. */
  public void create(byte[] bytes) throws IOException {
    Files.deleteIfExists(file);
    try (FileChannel channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly())) {
      write(channel, bytes, 0);
      channel.force(true);
    }
  }

  /** Takes the place of another file of its directory in one step; that step is not synced. */
  public void renameTo(Path target) throws IOException {
    Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Writes over a file that cannot be replaced. At each moment its start is readable JSON: it first
   * grows by blanks, which also finds a full disk while the old text is whole, then gets the new
   * text in one write, then is cut.
   */
  public void overwrite(byte[] bytes) throws IOException {
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

  /** Makes the names in a directory durable, where the system can do that. */
  public static void syncDirectory(Path directory) throws IOException {
    if (knowsModes(directory)) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private FileAttribute<?>[] ownerOnly() {
    return knowsModes(file)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean knowsModes(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static void write(FileChannel channel, byte[] bytes, long position) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long at = position;
    while (buffer.hasRemaining()) {
      at += channel.write(buffer, at);
    }
  }
}
