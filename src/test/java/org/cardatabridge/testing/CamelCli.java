// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The Camel CLI in a process and on a class path of its own, with the built jar in a file
 * repository. Close it to take away what it left in the local Maven repository.
 */
public final class CamelCli implements AutoCloseable {

  private static final Path HOME = Path.of("target/camel-cli").toAbsolutePath();
  private static final Path SOURCES = Path.of("src/test/camel-cli").toAbsolutePath();

  private final Path repository;
  private final String version;
  private final Path localRepository =
      Path.of(
          System.getProperty(
              "maven.repo.local",
              Path.of(System.getProperty("user.home"), ".m2/repository").toString()));

  private CamelCli(Path repository, String version) {
    this.repository = repository;
    this.version = version;
  }

  /** Resolves the CLI, and puts the built jar into a repository below this directory. */
  public static CamelCli prepare(Path directory) throws Exception {
    String pom = Files.readString(Path.of("pom.xml"));
    Path lib = HOME.resolve("lib-" + first(pom, "<camel.version>([^<]+)<"));
    if (!Files.isRegularFile(lib.resolve("complete"))) {
      resolve(lib, first(pom, "<camel.version>([^<]+)<"));
    }
    // A version that nobody has seen: what Maven has once fetched of a version it keeps.
    String built = first(pom, "</groupId>\\s*<artifactId>cardata-bridge<.*?<version>([^<]+)<");
    String version = "0.0." + ProcessHandle.current().pid() + "-" + System.nanoTime();
    CamelCli cli = new CamelCli(directory.resolve("repository"), version);
    Path place = Files.createDirectories(cli.place(cli.repository));
    String name = "cardata-bridge-" + version;
    withChecksum(place.resolve(name + ".jar"), Files.readAllBytes(Child.jar()));
    withChecksum(
        place.resolve(name + ".pom"),
        pom.replace("<version>" + built + "<", "<version>" + version + "<").getBytes());
    return cli;
  }

  private static void resolve(Path lib, String camelVersion) throws Exception {
    List<String> command =
        List.of(
            "sh",
            "./mvnw",
            "-q",
            "-B",
            "-f",
            SOURCES.resolve("pom.xml").toString(),
            "-Dcamel.version=" + camelVersion,
            "dependency:copy-dependencies",
            "-DoutputDirectory=" + lib);
    Map<String, String> java = Map.of("JAVA_HOME", System.getProperty("java.home"));
    try (Child maven = Child.start(Path.of("").toAbsolutePath(), java, command)) {
      int code = maven.exitCode(Duration.ofMinutes(5));
      Programs.need(
          "camel-cli", code == 0, "camel-jbang-core cannot be resolved: " + maven.out().strip());
    }
    Files.createFile(lib.resolve("complete"));
  }

  private static String first(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(text);
    assertThat(matcher.find()).as(pattern + " in pom.xml").isTrue();
    return matcher.group(1);
  }

  private static void withChecksum(Path file, byte[] bytes)
      throws IOException, NoSuchAlgorithmException {
    Files.write(file, bytes);
    Files.writeString(
        Path.of(file + ".sha1"),
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes)));
  }

  private Path place(Path root) {
    return root.resolve("org/cardatabridge/cardata-bridge/" + version);
  }

  /** {@code camel run} as contract.md has it, in a directory that holds settings and routes. */
  public Child run(Path directory, Map<String, String> variables) throws IOException {
    String camelVersion = first(Files.readString(Path.of("pom.xml")), "<camel.version>([^<]+)<");
    List<String> command =
        new ArrayList<>(
            List.of(
                Child.java(),
                "-XX:TieredStopAtLevel=1",
                "-Dmaven.repo.local=" + localRepository,
                "-cp",
                HOME.resolve("lib-" + camelVersion) + "/*",
                SOURCES.resolve("CliMain.java").toString(),
                "run",
                "application.properties"));
    try (Stream<Path> routes = Files.list(directory.resolve("routes"))) {
      routes
          .map(file -> "routes/" + file.getFileName())
          .filter(name -> name.endsWith(".camel.yaml"))
          .sorted()
          .forEach(command::add);
    }
    command.add("--dep=mvn:org.cardatabridge:cardata-bridge:" + version);
    command.add("--repos=" + repository.toUri());
    command.add("--logging-color=false");
    return Child.start(directory, variables, command);
  }

  @Override
  public void close() throws IOException {
    Path left = place(localRepository);
    if (Files.isDirectory(left)) {
      try (Stream<Path> tree = Files.walk(left)) {
        for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }
}
