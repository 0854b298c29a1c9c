// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real Kafka broker (KRaft, one node) in a process of its own, so that a test can kill it; from
 * the test's class path, in the test's directory, on ports that were free.
 */
public final class KafkaServer implements AutoCloseable {

  private final Path dir;
  private final HeldPort port;
  private final HeldPort controller;
  private Process process;

  private KafkaServer(Path dir) throws IOException {
    this.dir = dir;
    port = HeldPort.take();
    controller = HeldPort.take();
  }

  /** Starts an empty broker without a login. */
  public static KafkaServer start(Path dir) throws Exception {
    return start(dir, "PLAINTEXT", List.of());
  }

  /** Starts an empty broker whose door for clients has that protocol, with further properties. */
  public static KafkaServer start(Path dir, String protocol, List<String> more) throws Exception {
    Files.createDirectories(dir);
    KafkaServer server = new KafkaServer(dir);
    Files.writeString(
        dir.resolve("server.properties"),
        """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%2$d
        controller.listener.names=CONTROLLER
        listeners=CLIENT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
        advertised.listeners=CLIENT://127.0.0.1:%1$d
        inter.broker.listener.name=CLIENT
        listener.security.protocol.map=CLIENT:%4$s,CONTROLLER:PLAINTEXT
        log.dirs=%3$s
        num.partitions=3
        offsets.topic.num.partitions=1
        offsets.topic.replication.factor=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        group.initial.rebalance.delay.ms=0
        log.cleaner.enable=false
        %5$s
        """
            .formatted(
                server.port.number(),
                server.controller.number(),
                dir.resolve("logs"),
                protocol,
                String.join("\n", more)));
    Files.writeString(
        dir.resolve("logback.xml"),
        "<configuration><appender name=\"OUT\" class=\"ch.qos.logback.core.ConsoleAppender\">"
            + "<encoder><pattern>%d %-5level %msg%n</pattern></encoder></appender>"
            + "<root level=\"WARN\"><appender-ref ref=\"OUT\"/></root></configuration>");
    Process format =
        server.java(
            "kafka.tools.StorageTool",
            "format",
            "-t",
            "AAAAAAAAAAAAAAAAAAAAAA",
            "-c",
            dir.resolve("server.properties").toString());
    if (!format.waitFor(60, TimeUnit.SECONDS) || format.exitValue() != 0) {
      format.destroyForcibly();
      throw new IOException("formatting Kafka's directory: " + server.log());
    }
    server.startAgain();
    return server;
  }

  private Process java(String main, String... arguments) throws IOException {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                Child.java(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=" + dir.resolve("logback.xml"),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                main));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .directory(dir.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.resolve("log").toFile()))
        .start();
  }

  private String log() throws IOException {
    return Files.readString(dir.resolve("log"));
  }

  /** Where clients go. */
  public String brokers() {
    return "127.0.0.1:" + port.number();
  }

  /** Starts it, again after {@link #kill()}, with what it had. */
  public void startAgain() throws IOException {
    process = java("kafka.Kafka", dir.resolve("server.properties").toString());
    await("Kafka on port " + port.number())
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> port.answers() || !process.isAlive());
    if (!process.isAlive()) {
      throw new IOException("Kafka ended at once: " + log());
    }
  }

  /** Takes it away in good order. */
  public void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      kill();
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
    port.close();
    controller.close();
  }
}
