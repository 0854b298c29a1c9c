// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * The journal's file: opens connections to it, brings its tables up to date, and moves it aside
 * when it is damaged. Safe for use by many threads.
 */
final class Database {

  /** Version of the tables this program writes. */
  static final int VERSION = 6;

  /**
   * Bytes that the write-ahead log's file keeps when its content is in the journal's file: to write
   * over what is there is cheaper than to make a file longer. So its size tells how much it holds
   * only above this.
   */
  static final long LOG_KEPT = 3L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final int BUSY_MILLIS = 2_000;
  private static final int ROWS_BUSY_MILLIS = 10_000;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private static final Pattern ASIDE = Pattern.compile(".+\\.damaged-[0-9TZ]+(-\\d+)?");

  private final Path file;
  private final boolean syncFull;
  private final List<String> further;

  /**
   * A file that may be there or not.
   *
   * @param syncFull whether each commit of messages survives a power cut
   * @param further pragmas for the writing connection, asked for each time it is opened: tests
   *     bring about trouble with them, and end it
   */
  Database(Path file, boolean syncFull, List<String> further) {
    this.file = file.toAbsolutePath();
    this.syncFull = syncFull;
    this.further = further;
  }

  Path file() {
    return file;
  }

  Path writeAheadLog() {
    return Path.of(file + "-wal");
  }

  /** The one connection that writes messages; its tables are up to date. */
  Connection write() throws SQLException, IOException {
    return write(BUSY_MILLIS, syncFull);
  }

  /**
   * One more connection that writes, seldom and little, beside the writer's or another process's:
   * each of its commits survives a power cut.
   */
  Connection writeRows() throws SQLException, IOException {
    return write(ROWS_BUSY_MILLIS, true);
  }

  private Connection write(int busyMillis, boolean full) throws SQLException, IOException {
    Files.createDirectories(file.getParent());
    NativeLibrary.unpack(file.resolveSibling("native"));
    createForOwner(file);
    Connection connection = connect(new SQLiteConfig(), busyMillis);
    try {
      try (Statement statement = connection.createStatement()) {
        // Before the first table. A message of 20 data points takes 2.5 KB: in a page of 4 KB
        // there would be room for one only.
        statement.execute("PRAGMA page_size = 8192");
        // Lets the file shrink in steps.
        statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
        statement.execute("PRAGMA journal_mode = WAL");
        statement.execute("PRAGMA journal_size_limit = " + LOG_KEPT);
        // The writer chooses the moment: see Upkeep.
        statement.execute("PRAGMA wal_autocheckpoint = 0");
        statement.execute("PRAGMA cache_size = -1024");
        for (String pragma : further) {
          statement.execute(pragma);
        }
      }
      sync(connection, full);
      migrate(connection);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Makes a file that nobody but its owner may read, as VINs and positions go into it, unless it is
   * there. SQLite takes an empty one for a new one, and gives the files beside it the same mode.
   */
  static void createForOwner(Path file) {
    if (Files.exists(file)
        || !file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    try {
      Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    } catch (IOException e) {
      LOG.debug("Making {}; SQLite will, or says what is wrong", file, e);
    }
  }

  /** Whether what the next transactions write must survive a power cut at once. */
  void syncFor(Connection connection, boolean isForMessages) throws SQLException {
    sync(connection, syncFull && isForMessages);
  }

  private static void sync(Connection connection, boolean full) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA synchronous = " + (full ? "FULL" : "NORMAL"));
    }
  }

  /** A connection that reads. */
  Connection read() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setOpenMode(SQLiteOpenMode.READONLY);
    Connection connection = connect(config, BUSY_MILLIS);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA cache_size = -512");
    }
    return connection;
  }

  private Connection connect(SQLiteConfig config, int busyMillis) throws SQLException {
    config.setBusyTimeout(busyMillis);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    // Each insert would ask for the key it made.
    config.setGetGeneratedKeys(false);
    Properties properties = config.toProperties();
    return JDBC.createConnection(JDBC.PREFIX + file, properties);
  }

  /** The version of the file's tables. */
  static int version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA user_version")) {
      return row.getInt(1);
    }
  }

  private static void migrate(Connection connection) throws SQLException, IOException {
    int version = version(connection);
    if (version > VERSION) {
      throw new NewerJournalException(version);
    }
    for (int next = version + 1; next <= VERSION; next++) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("BEGIN IMMEDIATE");
        try {
          // Another connection may have done it while this one waited.
          if (version(connection) < next) {
            // One string: the driver hands all its statements to SQLite.
            statement.executeUpdate(script(next));
            statement.execute("PRAGMA user_version = " + next);
          }
          statement.execute("COMMIT");
        } catch (SQLException e) {
          statement.execute("ROLLBACK");
          throw e;
        }
      }
    }
  }

  private static String script(int version) throws IOException {
    String name = "schema-" + version + ".sql";
    try (InputStream script =
        Objects.requireNonNull(Database.class.getResourceAsStream(name), name)) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Puts a copy in the place of the file, which is moved aside where there is one. */
  void replaceBy(Path copy, Instant now) throws IOException {
    if (Files.exists(file)) {
      moveAside(now);
    }
    for (String part : List.of("-wal", "-shm")) {
      Files.deleteIfExists(Path.of(file + part));
    }
    Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Files that were moved aside as damaged, the newest first. */
  List<Path> asides() throws IOException {
    Path directory = file.getParent();
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(path -> ASIDE.matcher(path.getFileName().toString()).matches())
          .filter(path -> path.getFileName().toString().startsWith(file.getFileName() + "."))
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }

  /** Moves a damaged file and what belongs to it aside, where it stays; its new name. */
  Path moveAside(Instant now) throws IOException {
    Path aside = null;
    for (int n = 0; aside == null || Files.exists(aside); n++) {
      String number = n == 0 ? "" : "-" + n;
      aside = file.resolveSibling(file.getFileName() + ".damaged-" + STAMP.format(now) + number);
    }
    for (String part : List.of("-wal", "-shm", "")) {
      Path from = Path.of(file + part);
      if (Files.exists(from)) {
        Files.move(from, Path.of(aside + part), StandardCopyOption.ATOMIC_MOVE);
      }
    }
    LOG.warn(
        "Opening the journal: {} is damaged — it is kept as {}, a new one is begun; docs/journal.md"
            + " says how to get data out of the old one",
        file,
        aside.getFileName());
    return aside;
  }
}
