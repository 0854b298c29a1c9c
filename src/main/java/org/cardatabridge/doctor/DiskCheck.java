// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.LongSupplier;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.settings.LoadedSettings;

/** Whether the data directory can be written to, and has room for what the journal may become. */
final class DiskCheck implements Check {

  private static final long MEGABYTE = 1 << 20;

  /** Below this, tokens and what is received next may find no room. */
  private static final long LEAST = 20 * MEGABYTE;

  private static final int PROBE_BYTES = 32 << 10;

  /** Room on a disk. */
  @FunctionalInterface
  interface Room {
    long usable() throws IOException;
  }

  private final Path directory;
  private final Room room;
  private final LongSupplier journalBytes;
  private final long mostBytes;

  /**
   * For a directory.
   *
   * @param room what is free there, in bytes
   * @param journalBytes what the journal takes now
   * @param mostBytes what it may take
   */
  DiskCheck(Path directory, Room room, LongSupplier journalBytes, long mostBytes) {
    this.directory = directory;
    this.room = room;
    this.journalBytes = journalBytes;
    this.mostBytes = mostBytes;
  }

  static DiskCheck of(LoadedSettings loaded, Journal journal) {
    Path directory = loaded.dataDir();
    return new DiskCheck(
        directory,
        () -> Files.getFileStore(directory).getUsableSpace(),
        () -> journal.snapshot().bytes(),
        loaded.settings().size("cardata.journal.max-size"));
  }

  @Override
  public String id() {
    return "disk";
  }

  @Override
  public Set<String> needs() {
    return Set.of("settings");
  }

  @Override
  public Finding look() {
    try {
      Path probe = directory.resolve(".doctor");
      try {
        Files.write(probe, new byte[PROBE_BYTES]);
      } finally {
        Files.deleteIfExists(probe);
      }
      long free = room.usable();
      if (free < LEAST) {
        return Finding.failed("disk.full", "directory", directory, "free", inWords(free));
      }
      long more = Math.max(0, mostBytes - journalBytes.getAsLong());
      return free < more
          ? Finding.warning(
              "disk.small", "directory", directory, "free", inWords(free), "more", inWords(more))
          : Finding.ok("disk.ok", "free", inWords(free));
    } catch (IOException e) {
      return Finding.failed("disk.unwritable", "directory", directory, "reason", reason(e));
    }
  }

  private static String reason(IOException e) {
    return e instanceof FileSystemException f && f.getReason() != null
        ? f.getReason()
        : e.getClass().getSimpleName().replace("Exception", "");
  }

  private static String inWords(long bytes) {
    return bytes < 10 * 1024 * MEGABYTE
        ? bytes / MEGABYTE + " MB"
        : bytes / (1024 * MEGABYTE) + " GB";
  }
}
