// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Where SQLite's native library lies: unpacked once beside the journal, because a container's
 * temporary directory may be missing or forbid programs, and unpacking at each start takes as long
 * as all else of opening the file. Its driver looks for a system property, which a user may set as
 * well; then this does nothing.
 */
final class NativeLibrary {

  private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);
  private static final String PATH = "org.sqlite.lib.path";
  private static final String TEMPORARY = "org.sqlite.tmpdir";

  private NativeLibrary() {}

  /** Unpacks it below this directory, unless it is there; where that fails, the driver does. */
  static synchronized void unpack(Path directory) {
    if (System.getProperty(PATH) != null || System.getProperty(TEMPORARY) != null) {
      return;
    }
    String file = LibraryLoaderUtil.getNativeLibName();
    URL resource =
        SQLiteJDBCLoader.class.getResource(
            LibraryLoaderUtil.getNativeLibResourcePath() + "/" + file);
    if (resource == null) {
      return;
    }
    // Under its own name: where it cannot be loaded from here, the driver unpacks it elsewhere.
    Path ofVersion = directory.resolve("sqlite-" + SQLiteJDBCLoader.getVersion());
    Path target = ofVersion.resolve(file);
    try {
      URLConnection connection = resource.openConnection();
      connection.setUseCaches(false);
      try (InputStream library = connection.getInputStream()) {
        long size = connection.getContentLengthLong();
        if (!Files.exists(target) || Files.size(target) != size) {
          Files.createDirectories(ofVersion);
          Path unpacked = Files.createTempFile(ofVersion, "sqlite", ".tmp");
          Files.copy(library, unpacked, StandardCopyOption.REPLACE_EXISTING);
          Files.move(unpacked, target, StandardCopyOption.ATOMIC_MOVE);
        }
      }
      System.setProperty(PATH, ofVersion.toString());
    } catch (IOException e) {
      LOG.debug("Unpacking SQLite's library below {}; its driver will", directory, e);
    }
  }
}
