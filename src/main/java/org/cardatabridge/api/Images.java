// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import org.apache.camel.Body;
import org.cardatabridge.disk.PrivateFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pictures of vehicles in {@code <data-dir>/images}, a file each, named by a digest of the VIN
 * and readable by its owner only. Safe for use by many threads.
 */
public final class Images {

  private static final Logger LOG = LoggerFactory.getLogger(Images.class);
  private static final int DIGITS = 32;

  private final Path folder;

  /** In this data directory. */
  public Images(Path dataDir) {
    this.folder = dataDir.resolve("images");
  }

  /** Keeps the picture of a result that has one; what the disk does not take is asked for later. */
  public synchronized ImageResult save(@Body ImageResult result) {
    if (result.picture() == null) {
      return result;
    }
    try {
      write(file(result.order().vin()), result.picture().bytes());
      return result;
    } catch (IOException | UnsupportedOperationException e) {
      return ImageResult.of(
          result.order(),
          RestVerdict.of(
              RestVerdict.Kind.LATER,
              "keeping the picture of a vehicle: "
                  + folder
                  + " does not take it ("
                  + e.getClass().getSimpleName()
                  + ") — see that the data directory can be written and has room"));
    }
  }

  /** The picture of a vehicle; empty where there is none. */
  public Optional<Picture> find(String vin) {
    Path file = file(vin);
    try {
      return Files.size(file) > Picture.MOST_BYTES
          ? Optional.empty()
          : Optional.ofNullable(Picture.of(Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.warn(
          "Reading the picture of a vehicle in {}: {} — see that the bridge may read it",
          folder,
          e.getClass().getSimpleName());
      return Optional.empty();
    }
  }

  /** Whether there is one of a vehicle; looks at its name only. */
  public boolean has(String vin) {
    return Files.isRegularFile(file(vin));
  }

  private Path file(String vin) {
    String digest = Picture.sha256(vin.getBytes(StandardCharsets.UTF_8));
    return folder.resolve(digest.substring(0, DIGITS));
  }

  /** Whole or not at all, also through a power cut. */
  private void write(Path file, byte[] bytes) throws IOException {
    boolean hasModes = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    Files.createDirectories(folder, hasModes ? new FileAttribute<?>[] {mode("rwx------")} : none());
    new PrivateFile(file).replace(bytes);
  }

  private static FileAttribute<?> mode(String text) {
    return PosixFilePermissions.asFileAttribute(
        EnumSet.copyOf(PosixFilePermissions.fromString(text)));
  }

  private static FileAttribute<?>[] none() {
    return new FileAttribute<?>[0];
  }
}
