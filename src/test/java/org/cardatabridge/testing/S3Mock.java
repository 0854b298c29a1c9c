// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Adobe's S3Mock, an S3 server of other people, in a process of its own, with a way to it that a
 * test can cut. It is no store that can be killed: it writes over its own files in place, and
 * answers 500 for ever when that was interrupted. Its jar is fetched by {@code .ci/run}; a test
 * without it is aborted and says how to get it.
 */
public final class S3Mock implements AutoCloseable {

  private static final Path JAR = Path.of("target/s3mock/s3mock-exec.jar");

  private final HeldPort port;
  private final Passage passage;
  private final Process process;

  private S3Mock(HeldPort port, Path dir) throws IOException {
    this.port = port;
    passage = new Passage(port.number());
    process =
        new ProcessBuilder(
                List.of(
                    Child.java(),
                    "-Xmx192m",
                    "-XX:TieredStopAtLevel=1",
                    "-jar",
                    JAR.toAbsolutePath().toString(),
                    "--server.port=0",
                    "--com.adobe.testing.s3mock.http-port=" + port.number(),
                    "--com.adobe.testing.s3mock.store.initial-buckets=cardata",
                    "--com.adobe.testing.s3mock.store.retain-files-on-exit=true",
                    "--com.adobe.testing.s3mock.store.root=" + dir.resolve("store")))
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("log").toFile())
            .start();
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
    S3Mock mock = new S3Mock(HeldPort.take(), dir);
    await("S3Mock on port " + mock.port.number())
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> mock.answers() || !mock.process.isAlive());
    if (!mock.process.isAlive()) {
      throw new IOException("S3Mock ended at once: " + Files.readString(dir.resolve("log")));
    }
    return mock;
  }

  /** The URL for the bridge, which {@link #kill()} closes. */
  public String url() {
    return "http://127.0.0.1:" + passage.port();
  }

  /** The URL for the test itself, which stays. */
  public String ownUrl() {
    return "http://127.0.0.1:" + port.number();
  }

  private boolean answers() {
    try {
      HttpURLConnection ask =
          (HttpURLConnection) URI.create(ownUrl() + "/cardata").toURL().openConnection();
      ask.setReadTimeout(2_000);
      return ask.getResponseCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Takes it away as its killing would look: every connection ends in the middle of its request,
   * and none is taken.
   */
  public void kill() {
    passage.cut();
  }

  /** Lets it be there again, after {@link #kill()}, with what it had. */
  public void startAgain() {
    passage.unbar();
  }

  @Override
  public void close() throws IOException {
    passage.close();
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    port.close();
  }
}
