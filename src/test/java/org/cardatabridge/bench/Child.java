// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bench;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A bridge or a bare client in a process of its own; what it uses is read from /proc. */
final class Child implements AutoCloseable {

  private final Process process;
  private final Path log;
  private final long startedAt;

  private Child(Process process, Path log, long startedAt) {
    this.process = process;
    this.log = log;
    this.startedAt = startedAt;
  }

  /** Starts it in a directory whose data/tokens.json says that it is logged in for a day. */
  static Child start(Path dir, List<String> command, Map<String, String> env) throws IOException {
    Files.createDirectories(dir.resolve("data"));
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Path tokens = dir.resolve("data").resolve("tokens.json");
    if (!Files.exists(tokens)) {
      Files.writeString(
          tokens,
          """
          {"version":1,"client_id":"bench","gcid":"gcid-bench","access_token":"bench-access",
           "scope":"authenticate_user openid cardata:api:read cardata:streaming:read",
           "id_token":"bench-id-token","refresh_token":"bench-refresh","obtained_at":"%s",
           "expires_at":"%s","refresh_expires_at":"%s"}
          """
              .formatted(now, now.plus(1, ChronoUnit.DAYS), now.plus(14, ChronoUnit.DAYS)));
    }
    Path log = dir.resolve("out.log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(new HashMap<>(env));
    return new Child(builder.start(), log, System.nanoTime());
  }

  Child awaitUp() {
    await()
        .atMost(Duration.ofSeconds(120))
        .until(() -> Files.readString(log).contains("is up") || !process.isAlive());
    if (!process.isAlive()) {
      throw new IllegalStateException("it ended at once, see " + log);
    }
    return this;
  }

  long startedAt() {
    return startedAt;
  }

  double cpuSeconds() {
    return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
  }

  /** Resident memory in MB: now ({@code VmRSS}), or the most so far ({@code VmHWM}). */
  long megabytes(String what) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith(what))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  void hold() throws Exception {
    signal("STOP");
  }

  void goOn() throws Exception {
    signal("CONT");
  }

  private void signal(String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /** An orderly end, after which an archive of its classes may be there. */
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
