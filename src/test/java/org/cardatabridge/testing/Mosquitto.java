// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real mosquitto of a test's own, in its own directory, on a port that was free. */
public final class Mosquitto implements AutoCloseable {

  private final Path config;
  private final Path log;
  private final HeldPort port;
  private Process process;

  private Mosquitto(Path config, Path log, HeldPort port) {
    this.config = config;
    this.log = log;
    this.port = port;
  }

  /** Aborts the test, saying why, on a machine without mosquitto. */
  public static void assumeInstalled() {
    Programs.need("mosquitto");
  }

  /** A plain, anonymous broker that keeps retained topics over its own restart. */
  public static Mosquitto start(Path dir) throws IOException {
    return start(dir, List.of("allow_anonymous true"));
  }

  /** A broker with further lines in its configuration, which belong to the one listener. */
  public static Mosquitto start(Path dir, List<String> lines) throws IOException {
    Files.createDirectories(dir);
    HeldPort port = HeldPort.take();
    Path config = dir.resolve("mosquitto.conf");
    StringBuilder text = new StringBuilder();
    text.append("persistence true\npersistence_location ").append(dir).append("/\n");
    // Started by root, it would become a user who cannot read the test's directory.
    text.append("user ").append(System.getProperty("user.name")).append('\n');
    boolean webSockets = lines.contains("protocol websockets");
    if (webSockets) {
      // 2.0.11 ends at once when all its listeners are WebSockets.
      text.append("listener ").append(Page.freePort()).append(" 127.0.0.1\n");
    }
    // libwebsockets takes no address here, only the name of an interface.
    text.append("listener ").append(port.number()).append(webSockets ? "\n" : " 127.0.0.1\n");
    lines.forEach(line -> text.append(line).append('\n'));
    Files.writeString(config, text);
    Mosquitto mosquitto = new Mosquitto(config, dir.resolve("mosquitto.log"), port);
    mosquitto.start();
    return mosquitto;
  }

  /** Its port, the same over all its starts. */
  public int port() {
    return port.number();
  }

  /** What the broker itself has logged. */
  public String log() throws IOException {
    return Files.readString(log);
  }

  /** Starts it, again after {@link #stop()} or {@link #kill()}, on the same port. */
  public void start() throws IOException {
    process =
        new ProcessBuilder(Programs.need("mosquitto").toString(), "-v", "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    await("mosquitto on port " + port.number())
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> port.answers() || !process.isAlive());
    if (!process.isAlive()) {
      throw new IOException("mosquitto ended at once: " + log());
    }
  }

  /** An orderly end, after which retained topics are on disk. */
  public void stop() {
    end(false);
  }

  /** Takes it away as a power cut would. */
  public void kill() {
    end(true);
  }

  private void end(boolean forcibly) {
    if (forcibly) {
      process.destroyForcibly();
    } else {
      process.destroy();
    }
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    end(true);
    port.close();
  }
}
