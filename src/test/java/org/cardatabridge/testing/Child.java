// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A process that a test starts, with what it prints; closing ends it whatever it does. */
public final class Child implements AutoCloseable {

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final Process process;
  private final Path out;
  private final Path err;

  private Child(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** The jar that the build made, named by the system property {@code cardata.jar}. */
  public static Path jar() {
    Path jar = Path.of(System.getProperty("cardata.jar", "target/cardata-bridge.jar"));
    assertThat(jar).as("the built program; ./mvnw package makes it").isRegularFile();
    return jar.toAbsolutePath();
  }

  /** The java that runs this test. */
  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin/java").toString();
  }

  /** The bridge's program as {@code java -jar}, in that directory. */
  public static Child bridge(Path directory, Map<String, String> variables, String... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(List.of(java(), "-XX:TieredStopAtLevel=1", "-jar", jar().toString()));
    command.addAll(List.of(arguments));
    return start(directory, variables, command);
  }

  /** Any command; of this process's environment it gets nothing that a bridge would read. */
  public static Child start(Path directory, Map<String, String> variables, List<String> command)
      throws IOException {
    Path logs = Files.createDirectories(Path.of("target/children").toAbsolutePath());
    int number = NUMBER.incrementAndGet();
    Path out = logs.resolve(ProcessHandle.current().pid() + "-" + number + ".out");
    Path err = logs.resolve(ProcessHandle.current().pid() + "-" + number + ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(
            name ->
                name.startsWith("CARDATA_")
                    || name.startsWith("LOCAL_MQTT_")
                    || name.startsWith("JAVA_")
                    || List.of("CLIENT_ID", "MQTT_USERNAME", "LOG_LEVEL").contains(name));
    builder.environment().putAll(variables);
    return new Child(builder.start(), out, err);
  }

  /** What it has printed to standard output. */
  public String out() {
    return read(out);
  }

  /** What it has printed to standard error. */
  public String err() {
    return read(err);
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it still runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until its standard output has this text. */
  public void awaitOut(String text, Duration atMost) {
    await("'" + text + "' in its output")
        .atMost(atMost)
        .until(() -> out().contains(text) || !process.isAlive());
    assertThat(out()).as(() -> "standard output; standard error is " + err()).contains(text);
  }

  /** Waits for its end. */
  public int exitCode(Duration atMost) throws InterruptedException {
    assertThat(process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS))
        .as(() -> "ends within " + atMost + "; it printed " + out() + err())
        .isTrue();
    return process.exitValue();
  }

  /** Asks it to end, as {@code kill} and {@code docker stop} do. */
  public void terminate() {
    // Java's own destroy() of a ProcessHandle is SIGTERM on every Unix.
    process.destroy();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
