// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Which files lie under the journal's names: SQLite goes on writing into one that was deleted.
 *
 * @param database key of the file; null where there is none, or the system has no such keys
 * @param log key of its write-ahead log; null likewise
 */
record FileIdentity(Object database, Object log) {

  static FileIdentity of(Database database) throws IOException {
    return new FileIdentity(key(database.file()), key(database.writeAheadLog()));
  }

  private static Object key(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }
}
