// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Adobe's S3Mock, an S3 server of other people, in a process of its own that a test can kill. Its
 * jar is fetched by {@code .ci/run}; a test without it is aborted and says how to get it.
 */
public final class S3Mock implements AutoCloseable {

  private static final Path JAR = Path.of("target/s3mock/s3mock-exec.jar");

  private final Path dir;
  private final int port;
  private Process process;

  private S3Mock(Path dir, int port) {
    this.dir = dir;
    this.port = port;
  }

  /** Starts a store with one empty bucket, {@code cardata}. */
  public static S3Mock start(Path dir) throws IOException {
    Programs.need(
        "s3mock",
        Files.isRegularFile(JAR),
        "no "
            + JAR
            + ": ./mvnw dependency:copy -Dartifact=com.adobe.testing:s3mock:4.9.1:jar:exec"
            + " -DoutputDirectory=target/s3mock -Dmdep.stripVersion=true");
    Files.createDirectories(dir);
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    S3Mock mock = new S3Mock(dir, port);
    mock.startAgain();
    return mock;
  }

  /** Its URL. */
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Starts it, again after {@link #kill()}, with what it had. */
  public void startAgain() throws IOException {
    process =
        new ProcessBuilder(
                List.of(
                    Child.java(),
                    "-Xmx192m",
                    "-XX:TieredStopAtLevel=1",
                    "-jar",
                    JAR.toAbsolutePath().toString(),
                    "--server.port=0",
                    "--com.adobe.testing.s3mock.http-port=" + port,
                    "--com.adobe.testing.s3mock.store.initial-buckets=cardata",
                    "--com.adobe.testing.s3mock.store.retain-files-on-exit=true",
                    "--com.adobe.testing.s3mock.store.root=" + dir.resolve("store")))
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.resolve("log").toFile()))
            .start();
    await("S3Mock on port " + port)
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> answers() || !process.isAlive());
    if (!process.isAlive()) {
      throw new IOException("S3Mock ended at once: " + Files.readString(dir.resolve("log")));
    }
  }

  private boolean answers() {
    try {
      HttpURLConnection ask =
          (HttpURLConnection) URI.create(url() + "/cardata").toURL().openConnection();
      ask.setReadTimeout(2_000);
      return ask.getResponseCode() == 200;
    } catch (IOException e) {
      return false;
    }
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
  public void close() {
    kill();
  }
}
