// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.archive;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.cardatabridge.journal.EventRefusedException;
import org.cardatabridge.journal.TargetAwayException;
import org.cardatabridge.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder that {@code routes/sink-file.camel.yaml} writes to: has a written file keep its name
 * through a power cut, and says what trouble with it means. Safe for use by many threads.
 */
public final class ExportFolder {

  /** Puts what a directory holds onto the disk. */
  @FunctionalInterface
  interface Sync {
    /** Returns when it is there. */
    void directory(Path directory) throws IOException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(ExportFolder.class);

  /** What every disk takes, less the dot of a name that is not ready. */
  private static final int LONGEST_NAME = 254;

  private static final int DEEPEST_CAUSE = 20;

  private final Path folder;
  private final Sync sync;
  private final AtomicBoolean isSaid = new AtomicBoolean();

  /** As {@code cardata.sink.file.dir} says, on a real disk. */
  public ExportFolder(Settings settings) {
    this(settings, ExportFolder::sync);
  }

  ExportFolder(Settings settings, Sync sync) {
    this.folder =
        Path.of(settings.find("cardata.sink.file.dir").orElse("data/export"))
            .toAbsolutePath()
            .normalize();
    this.sync = sync;
  }

  /** Not every system can open a directory; those that cannot need not. */
  private static void sync(Path directory) throws IOException {
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /**
   * Returns when the name of the file that was just written, and those of the directories made for
   * it, are on the disk, as far as that can be had; at once where none was written.
   *
   * @throws IOException where the disk fails; the file is then to be written again
   */
  public void settle(Exchange exchange) throws IOException {
    String written = exchange.getMessage().getHeader(Exchange.FILE_NAME_PRODUCED, String.class);
    if (written == null) {
      return;
    }
    Path directory = Path.of(written).toAbsolutePath().normalize().getParent();
    settle(directory);
    while (!directory.equals(folder) && directory.startsWith(folder)) {
      directory = directory.getParent();
      settle(directory);
    }
    if (directory.equals(folder) && directory.getParent() != null) {
      settle(directory.getParent());
    }
  }

  private void settle(Path directory) throws IOException {
    try {
      sync.directory(directory);
    } catch (IOException e) {
      // The parent is not ours; of the others, what can never be settled must not stop the sink.
      if (!directory.equals(folder.getParent()) && !isNeverPossible(e)) {
        throw e;
      }
      if (isSaid.compareAndSet(false, true)) {
        LOG.info(
            "Settling the names of files in cardata.sink.file.dir: {} — a power cut may cost the"
                + " newest files; a local disk whose folders the bridge may read avoids that",
            reason(e));
      }
    }
  }

  private static boolean isNeverPossible(IOException error) {
    return error instanceof AccessDeniedException || reason(error).startsWith("Invalid argument");
  }

  /**
   * Throws what the caught exception means.
   *
   * @throws EventRefusedException for a name that no disk takes
   * @throws TargetAwayException for any other trouble: it is the disk's
   */
  public void explain(Exchange exchange) {
    Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    String name = exchange.getMessage().getHeader(Exchange.FILE_NAME, "", String.class);
    for (String part : name.split("/")) {
      if (part.length() > LONGEST_NAME) {
        throw new EventRefusedException(
            "Writing a file: no disk takes a name of " + part.length() + " characters", caught);
      }
    }
    throw new TargetAwayException(
        "Writing to cardata.sink.file.dir: " + reason(caught) + " — see docs/sinks/file.md",
        caught);
  }

  /** The words of the disk, which stand at the end of the causes. */
  private static String reason(Throwable error) {
    Throwable last = error;
    for (int depth = 0; last.getCause() != null && depth < DEEPEST_CAUSE; depth++) {
      last = last.getCause();
    }
    if (last instanceof FileSystemException disk) {
      return disk.getReason() != null
          ? disk.getReason()
          : disk.getClass().getSimpleName().replace("Exception", "");
    }
    return last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
  }
}
