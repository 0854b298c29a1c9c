// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real PostgreSQL of a test's own, in its own directory, on a port that was free. It refuses to
 * run as root, so a root's test runs it as a user without rights.
 */
public final class Postgres implements AutoCloseable {

  /** Who may log in. */
  public static final String USER = "cardata";

  /** With what. */
  public static final String PASSWORD = "sesame-1234";

  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

  private final Path dir;
  private final HeldPort port = HeldPort.take();
  private Process process;

  private Postgres(Path dir) throws IOException {
    this.dir = dir;
  }

  /** Aborts the test, saying why, on a machine without PostgreSQL. */
  public static void assumeInstalled() {
    program("initdb");
    program("postgres");
  }

  /** Makes an empty cluster and starts it. */
  public static Postgres start() throws Exception {
    assumeInstalled();
    // Not below JUnit's directory, which only its owner may enter.
    Path dir = Files.createTempDirectory("cardata-postgres");
    Path password = Files.writeString(dir.resolve("password"), PASSWORD);
    if (isRoot()) {
      UserPrincipal user =
          dir.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(unprivileged());
      Files.setOwner(dir, user);
      Files.setOwner(password, user);
    }
    Postgres postgres = new Postgres(dir);
    postgres.run(
        "initdb",
        "-D",
        dir.resolve("data").toString(),
        "-U",
        USER,
        "-A",
        "scram-sha-256",
        "--pwfile=" + password,
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync");
    postgres.start0();
    return postgres;
  }

  private static Path program(String name) {
    try (Stream<Path> versions = Files.isDirectory(DEBIAN) ? Files.list(DEBIAN) : Stream.empty()) {
      return versions
          .sorted(Comparator.comparing(Path::toString).reversed())
          .map(version -> version.resolve("bin").resolve(name))
          .filter(Files::isExecutable)
          .findFirst()
          .or(() -> Programs.find(name))
          .orElseGet(() -> Programs.need("postgres"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static String unprivileged() {
    try {
      Path.of("/")
          .getFileSystem()
          .getUserPrincipalLookupService()
          .lookupPrincipalByName("postgres");
      return "postgres";
    } catch (IOException e) {
      return "nobody";
    }
  }

  private List<String> command(String name, String... arguments) {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(
          List.of(
              Programs.need("setpriv").toString(), "--reuid=" + unprivileged(), "--clear-groups"));
    }
    command.add(program(name).toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private void run(String name, String... arguments) throws Exception {
    Process run =
        new ProcessBuilder(command(name, arguments))
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve(name + ".log").toFile())
            .start();
    if (!run.waitFor(60, TimeUnit.SECONDS) || run.exitValue() != 0) {
      run.destroyForcibly();
      throw new IOException(name + ": " + Files.readString(dir.resolve(name + ".log")));
    }
  }

  private void start0() throws IOException {
    process =
        new ProcessBuilder(
                command(
                    "postgres",
                    "-D",
                    dir.resolve("data").toString(),
                    "-p",
                    Integer.toString(port.number()),
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "unix_socket_directories=",
                    "-c",
                    "fsync=off"))
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.resolve("log").toFile()))
            .start();
    await("PostgreSQL on port " + port.number())
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> answers() || !process.isAlive());
    if (!process.isAlive()) {
      throw new IOException("postgres ended at once: " + Files.readString(dir.resolve("log")));
    }
  }

  private boolean answers() {
    try (Connection connection = connect()) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  /** The JDBC URL, without who and with what. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port.number() + "/postgres";
  }

  /** A connection for the test itself. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), USER, PASSWORD);
  }

  /** Starts it again, on the same port, with what it had. */
  public void startAgain() throws IOException {
    // What a killed one left behind holds its memory for a moment.
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .until(
            () -> {
              start0();
              return true;
            });
  }

  /** Takes it away in good order, whoever is connected. */
  public void stop() throws Exception {
    run("pg_ctl", "stop", "-w", "-m", "fast", "-D", dir.resolve("data").toString());
    process.waitFor(10, TimeUnit.SECONDS);
  }

  /** Takes it away as a power cut would. */
  public void kill() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    kill();
    port.close();
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
