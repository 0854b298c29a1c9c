// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The real disk with a fault that root cannot be given by permissions: read-only, full, or a single
 * bind-mounted file; or a process that dies in the middle of a write.
 */
class WorseDisk extends Disk {

  /** What is wrong. */
  enum Fault {
    NONE,
    /** No new files; existing ones can be written (one bind-mounted file in a read-only system). */
    READ_ONLY_DIRECTORY,
    /** Nothing can be written. */
    READ_ONLY,
    /** New bytes find no room. */
    FULL,
    /** A share that can neither sync a directory nor set a mode. */
    SIMPLE_SHARE,
    /** The token file cannot be replaced (EBUSY). */
    BUSY
  }

  volatile Fault fault = Fault.NONE;

  @Override
  void create(Path file, byte[] bytes) throws IOException {
    switch (fault) {
      case READ_ONLY, READ_ONLY_DIRECTORY -> throw readOnly(file);
      case FULL -> {
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        throw new IOException("No space left on device");
      }
      default -> super.create(file, bytes);
    }
  }

  @Override
  void replace(Path file, Path target) throws IOException {
    if (fault == Fault.BUSY && target.getFileName().toString().equals("tokens.json")) {
      throw new FileSystemException(file.toString(), target.toString(), "Device or resource busy");
    }
    super.replace(file, target);
  }

  @Override
  void overwrite(Path file, byte[] bytes) throws IOException {
    if (fault == Fault.READ_ONLY) {
      throw readOnly(file);
    }
    super.overwrite(file, bytes);
  }

  @Override
  void openForWriting(Path file) throws IOException {
    if (fault == Fault.READ_ONLY) {
      throw readOnly(file);
    }
    super.openForWriting(file);
  }

  @Override
  void syncDirectory(Path directory) throws IOException {
    if (fault == Fault.SIMPLE_SHARE) {
      throw new IOException("Invalid argument");
    }
    super.syncDirectory(directory);
  }

  @Override
  void ownerOnly(Path file) throws IOException {
    if (fault == Fault.SIMPLE_SHARE) {
      throw new FileSystemException(file.toString(), null, "Operation not permitted");
    }
    super.ownerOnly(file);
  }

  private static IOException readOnly(Path file) {
    return new FileSystemException(file.toString(), null, "Read-only file system");
  }

  /** Dies, like a process that gets SIGKILL, before, within or after the n-th step. */
  static final class Dying extends WorseDisk {

    private final int last;
    private int steps;

    Dying(int last, Fault fault) {
      this.last = last;
      this.fault = fault;
    }

    private void step() {
      if (++steps == last) {
        Runtime.getRuntime().halt(137);
      }
    }

    @Override
    void create(Path file, byte[] bytes) throws IOException {
      step();
      if (steps + 1 == last && fault != Fault.READ_ONLY_DIRECTORY) {
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
      }
      step();
      super.create(file, bytes);
      step();
    }

    @Override
    void replace(Path file, Path target) throws IOException {
      step();
      super.replace(file, target);
      step();
    }

    @Override
    void overwrite(Path file, byte[] bytes) throws IOException {
      step();
      if (steps + 1 == last) {
        byte[] blanks = new byte[500];
        Arrays.fill(blanks, (byte) ' ');
        Files.write(file, blanks, StandardOpenOption.APPEND);
      }
      step();
      if (steps + 1 == last) {
        // The one write of the new text over a longer old one, before the cut.
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 40);
        Arrays.fill(longer, bytes.length, longer.length, (byte) 'x');
        Files.write(file, longer);
      }
      step();
      super.overwrite(file, bytes);
      step();
    }

    @Override
    void syncDirectory(Path directory) throws IOException {
      step();
      super.syncDirectory(directory);
      step();
    }

    @Override
    void delete(Path file) throws IOException {
      step();
      super.delete(file);
      step();
    }
  }
}
