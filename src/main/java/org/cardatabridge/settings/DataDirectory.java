// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * The data directory, claimed for one bridge by a lock on {@code bridge.lock} that the operating
 * system gives up when the process ends, however it ends. Safe for use by many threads.
 */
public final class DataDirectory implements AutoCloseable {

  private static final String LOCK = "bridge.lock";

  private final FileChannel channel;
  private final String trouble;

  private DataDirectory(FileChannel channel, String trouble) {
    this.channel = channel;
    this.trouble = trouble;
  }

  /**
   * Makes the directory where it is absent (readable by its owner only) and claims it.
   *
   * @return empty where another bridge holds it, in this process or another one
   * @throws BadSettingException where the path names something other than a directory
   * @throws IOException where the directory cannot be made
   */
  public static Optional<DataDirectory> claim(Path directory) throws IOException {
    create(directory);
    Path file = directory.resolve(LOCK);
    try {
      return lock(
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE), false, null);
    } catch (IOException e) {
      // Full or read-only: the bridge still works from memory, so it starts and says so.
      String trouble = "cannot be written to (" + e.getMessage() + ")";
      return Files.isReadable(file)
          ? lock(FileChannel.open(file, StandardOpenOption.READ), true, trouble)
          : Optional.of(new DataDirectory(null, trouble));
    }
  }

  private static Optional<DataDirectory> lock(FileChannel channel, boolean shared, String trouble)
      throws IOException {
    FileLock lock = null;
    try {
      lock = channel.tryLock(0, Long.MAX_VALUE, shared);
    } catch (OverlappingFileLockException e) {
      // This process holds it already, which leaves the lock null.
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    return lock == null ? Optional.empty() : Optional.of(new DataDirectory(channel, trouble));
  }

  private static void create(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    try {
      if (directory.toAbsolutePath().getParent() != null) {
        Files.createDirectories(directory.toAbsolutePath().getParent());
      }
      if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
        Files.createDirectory(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } else {
        Files.createDirectory(directory);
      }
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw new BadSettingException("cardata.data-dir", e.getFile(), "a directory");
      }
    }
  }

  /** Why the directory cannot be written to, in words; empty where it can. */
  public Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  /** What to say about a {@link #trouble()}. */
  public static String text(Path directory, String trouble) {
    return "Claiming the data directory: "
        + directory
        + " "
        + trouble
        + " — free space, or give the bridge's user the right to write there";
  }

  /** Gives the directory up; the lock file stays, as taking it away would race with a newcomer. */
  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
