// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.simulator.SessionEvent;
import org.cardatabridge.simulator.Simulator;
import org.cardatabridge.simulator.SimulatorConfig;
import org.cardatabridge.testing.Child;
import org.cardatabridge.testing.Page;
import org.cardatabridge.testing.Programs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image that Dockerfile makes, in a Docker daemon. The environment names base images that are
 * there already: {@code CARDATA_TEST_RUN_IMAGE} has a Java 17; with {@code
 * CARDATA_TEST_BUILD_IMAGE}, a JDK that can reach Maven Central, the whole file is built, without
 * it the build's stage is replaced by what this build has made.
 */
class DockerIT {

  private static final Duration SOON = Duration.ofSeconds(120);
  private static final String ID = "cardata-it-" + ProcessHandle.current().pid();
  private static final String GCID = AccountConfig.first().gcid();

  @TempDir Path directory;
  private Simulator bmw;

  @BeforeAll
  static void buildTheImage(@TempDir Path context) throws Exception {
    Programs.need("docker");
    Programs.need("docker", run("docker", "info").code() == 0, "no Docker daemon answers");
    Optional<String> runImage = image("CARDATA_TEST_RUN_IMAGE");
    Programs.need(
        "docker",
        runImage.isPresent(),
        "CARDATA_TEST_RUN_IMAGE names no image with a Java 17 that Docker has");
    Optional<String> buildImage = image("CARDATA_TEST_BUILD_IMAGE");
    List<String> command =
        new ArrayList<>(List.of("docker", "build", "--network", "host", "-t", ID));
    command.addAll(List.of("--build-arg", "RUN_IMAGE=" + runImage.get()));
    if (buildImage.isPresent()) {
      command.addAll(List.of("--build-arg", "BUILD_IMAGE=" + buildImage.get(), "."));
    } else {
      command.add(prebuilt(context).toString());
    }
    Ran built = run(command.toArray(String[]::new));
    assertThat(built.code()).as(built.out()).isZero();
  }

  private static Optional<String> image(String variable) throws Exception {
    String name = System.getenv().getOrDefault(variable, "");
    return !name.isBlank() && run("docker", "image", "inspect", name).code() == 0
        ? Optional.of(name)
        : Optional.empty();
  }

  /** The same file with its first stage taking what is built here. */
  private static Path prebuilt(Path context) throws IOException {
    String file = Files.readString(Path.of("Dockerfile"));
    int last = file.lastIndexOf("\nFROM ");
    Files.writeString(
        context.resolve("Dockerfile"),
        """
        ARG RUN_IMAGE
        FROM ${RUN_IMAGE} AS build
        WORKDIR /build
        COPY lib lib
        COPY cardata-bridge.jar target/
        """
            + file.substring(last));
    copy(Child.jar().resolveSibling("lib"), context.resolve("lib"));
    copy(Path.of("routes"), context.resolve("routes"));
    Files.copy(Child.jar(), context.resolve("cardata-bridge.jar"));
    for (String name : List.of("application.properties", "bridge", "LICENSE")) {
      Files.copy(Path.of(name), context.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
    }
    return context;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  @AfterAll
  static void removeTheImage() throws Exception {
    if (Programs.find("docker").isPresent()) {
      run("docker", "image", "rm", "-f", ID);
    }
  }

  @AfterEach
  void removeTheContainer() throws Exception {
    run("docker", "rm", "-f", "-v", ID);
    run("docker", "volume", "rm", ID);
    if (bmw != null) {
      bmw.close();
    }
  }

  private record Ran(int code, String out) {}

  private static Ran run(String... command) throws Exception {
    try (Child child = Child.start(Path.of("").toAbsolutePath(), Map.of(), List.of(command))) {
      int code = child.exitCode(Duration.ofMinutes(5));
      return new Ran(code, child.out() + child.err());
    }
  }

  private static String docker(String... arguments) throws Exception {
    Ran ran = run(Stream.concat(Stream.of("docker"), Stream.of(arguments)).toArray(String[]::new));
    assertThat(ran.code()).as(ran.out()).isZero();
    return ran.out().strip();
  }

  /** A container as README and docs/running.md start it. */
  private static void start(String... options) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("run", "-d", "--name", ID, "--read-only", "-v", ID + ":/app/data"));
    arguments.addAll(List.of("--health-interval", "1s"));
    arguments.addAll(List.of(options));
    arguments.add(ID);
    docker(arguments.toArray(String[]::new));
  }

  private static void awaitLog(String text) {
    await("'" + text + "' in the container's log")
        .atMost(SOON)
        .until(() -> docker("logs", ID).contains(text));
  }

  @Test
  void itStreamsAsAnUnprivilegedUserOnAReadOnlyDiskAndSaysGoodbyeOnDockerStop() throws Exception {
    bmw = Simulator.start(SimulatorConfig.in(directory));
    bmw.change(b -> b.autoApproveAfter(Duration.ofMillis(100)).pollInterval(Duration.ofSeconds(1)));
    List<String> options = new ArrayList<>(List.of("--network", "host"));
    Page page = new Page(Page.freePort());
    bmw.environment().forEach((name, value) -> options.addAll(List.of("-e", name + "=" + value)));
    options.addAll(List.of("-v", bmw.caFile() + ":/app/ca.pem:ro"));
    options.addAll(List.of("-e", "CARDATA_TLS_CA_FILE=/app/ca.pem"));
    options.addAll(List.of("-e", "CARDATA_HTTP_PORT=" + page.port()));
    options.addAll(List.of("-e", "CARDATA_API_PLAN=false"));
    options.addAll(List.of("-e", "CARDATA_SINK_MQTT_URL=embedded"));
    options.addAll(List.of("-e", "CARDATA_EMBEDDED_PORT=0"));
    options.addAll(List.of("-e", "JAVA_OPTS=-Xmx128m"));

    start(options.toArray(String[]::new));
    awaitLog("BMW's stream of main is up");
    await()
        .atMost(SOON)
        .until(() -> docker("inspect", "-f", "{{.State.Health.Status}}", ID).equals("healthy"));
    assertThat(page.get("/observe/health/ready").statusCode()).isEqualTo(200);
    assertThat(docker("exec", ID, "id", "-u")).isEqualTo("10001");
    assertThat(run("docker", "exec", ID, "touch", "/app/new").out()).contains("Read-only");
    assertThat(docker("exec", ID, "ls", "/app/data")).contains("tokens.json");
    assertThat(docker("exec", ID, "stat", "-c", "%a %u", "/app/data/tokens.json"))
        .isEqualTo("600 10001");

    docker("stop", "-t", "20", ID);
    assertThat(docker("inspect", "-f", "{{.State.ExitCode}}", ID)).isEqualTo("0");
    await().atMost(SOON).until(() -> bmw.openSessions(GCID) == 0);
    assertThat(bmw.sessionLog())
        .last()
        .returns(SessionEvent.Kind.CLIENT_DISCONNECT, SessionEvent::kind);
    assertThat(docker("logs", ID)).doesNotContain("Exception", "WARN", "ERROR", GCID);

    docker("start", ID);
    await()
        .atMost(SOON)
        .until(() -> docker("logs", ID).split("BMW's stream of main is up", -1).length == 3);
    assertThat(bmw.requests()).filteredOn(r -> r.place().name().equals("DEVICE_CODE")).hasSize(1);
  }

  @Test
  void itsPortIsMappedItsRoutesAreMountedOverAndItsHostNameIsKnown() throws Exception {
    Path routes = Files.createDirectory(directory.resolve("routes"));
    for (String name : List.of("web.camel.yaml", "web-observe.camel.yaml")) {
      Files.copy(Path.of("routes", name), routes.resolve(name));
    }
    start("-p", "127.0.0.1:0:8080", "-v", routes + ":/app/routes:ro", "--hostname", "bridge-it");
    String address = docker("port", ID, "8080/tcp");
    Page page = new Page(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
    await().atMost(SOON).until(() -> page.code("/observe/health/live") == 200);

    assertThat(page.get("/").statusCode()).isEqualTo(200);
    assertThat(page.get("/api/vehicles").statusCode()).isEqualTo(404);
    assertThat(statusInside("bridge-it")).contains(" 200 ");
    assertThat(statusInside("evil.example")).contains(" 403 ");
  }

  private static String statusInside(String host) throws Exception {
    return docker(
        "exec",
        ID,
        "bash",
        "-c",
        "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET / HTTP/1.0\\r\\nHost: "
            + host
            + "\\r\\n\\r\\n' >&3 && head -n 1 <&3");
  }

  @Test
  void wrongUseAndVersionHaveTheProgramsExitCodes() throws Exception {
    assertThat(docker("run", "--rm", ID, "--version")).startsWith("cardata-bridge ");
    Ran wrong = run("docker", "run", "--rm", "-e", "CARDATA_STREAM_QOS=7", ID);
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.out())
        .contains("cardata.stream.qos (environment CARDATA_STREAM_QOS): got '7'");
  }

  @Test
  void theComposeFileIsOne() throws Exception {
    Programs.need("docker-compose");
    Ran config = run("docker-compose", "-f", "compose.yaml", "config");
    assertThat(config.code()).as(config.out()).isZero();
    assertThat(config.out())
        .contains("hostname: cardata-bridge", "read_only: true", "tcp://mosquitto:1883");
  }
}
