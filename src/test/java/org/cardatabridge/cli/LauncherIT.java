// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script, with a Java and a Maven that note what they are asked to do. */
class LauncherIT {

  @TempDir Path temp;
  private Path home;
  private Path elsewhere;
  private Path jdk;
  private final Map<String, String> env = new HashMap<>();

  private record Run(int exitCode, String out, String err) {}

  @BeforeEach
  void makeACheckout() throws IOException {
    temp = temp.toRealPath();
    home = Files.createDirectory(temp.resolve("check out"));
    elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
    Files.copy(Path.of("bridge"), home.resolve("bridge"));
    makeExecutable(home.resolve("bridge"));
    Files.createDirectories(home.resolve("src/main"));
    Files.writeString(home.resolve("src/main/A.java"), "");
    Files.writeString(home.resolve("pom.xml"), "");
    script(
        home.resolve("mvnw"),
        "echo built \"$@\" >&2; mkdir -p target; : > target/cardata-bridge.jar");
    jdk = java("jdk", "17.0.9");
    env.put("JAVA_HOME", jdk.toString());
  }

  @Test
  void buildsWhereThereIsNoJarAndSaysSo() throws Exception {
    Run run = bridge("run");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err())
        .contains("bridge: building", "built -q -B -Dmaven.test.skip=true package");
    assertThat(run.out()).endsWith("-jar " + jar() + " run\n");
  }

  @Test
  void buildsAgainOnlyWhenASourceIsNewerThanTheJar() throws Exception {
    bridge();
    assertThat(bridge().err()).doesNotContain("building");
    Files.setLastModifiedTime(
        home.resolve("src/main/A.java"), FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(bridge().err()).contains("building");
  }

  @Test
  void aFailedBuildIsExitCodeOne() throws Exception {
    script(home.resolve("mvnw"), "echo no network >&2; exit 7");
    Run run = bridge();
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("no network", "building: ./mvnw package failed");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void anInstalledJarIsTakenAsItIs() throws Exception {
    Files.createFile(home.resolve("cardata-bridge.jar"));
    Run run = bridge("run");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("-jar " + home.resolve("cardata-bridge.jar") + " run");
  }

  @Test
  void anInstallationWithoutAJarSaysSo() throws Exception {
    Files.delete(home.resolve("mvnw"));
    Run run = bridge();
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("there is no " + home.resolve("cardata-bridge.jar"));
  }

  @Test
  void theWorkingDirectoryIsWhereTheUserStands() throws Exception {
    assertThat(bridge().out())
        .startsWith("in " + elsewhere + "\n")
        .contains("-Dcardatabridge.home=" + home);
  }

  @Test
  void aLinkToTheLauncherFindsTheProgram() throws Exception {
    Path link = temp.resolve("link");
    Files.createSymbolicLink(link, Path.of("check out/bridge"));
    assertThat(run(link.toString(), "run").out()).contains("-jar " + jar() + " run");
  }

  @Test
  void argumentsKeepTheirBlanksAndTheExitCodeIsTheProgramsOwn() throws Exception {
    env.put("JAVA_EXIT", "2");
    Run run = bridge("demo", "--for", "60 s");
    assertThat(run.out()).endsWith("demo --for 60 s\n");
    assertThat(jdk.resolve("bin/java.count")).hasContent("3");
    assertThat(run.exitCode()).isEqualTo(2);
  }

  @Test
  void theHeapIsSmallAndThatOfDemoAndSimulatorLargerAndJavaOptsWin() throws Exception {
    assertThat(bridge("run").out()).contains("-XX:+UseSerialGC", "-Xmx64m");
    assertThat(bridge("demo").out()).contains("-Xmx192m");
    assertThat(bridge("simulator").out()).contains("-Xmx192m");
    env.put("JAVA_OPTS", "-Xmx99m -Da=b");
    assertThat(bridge("run").out()).containsSubsequence("-Xmx64m", "-Xmx99m", "-Da=b", "-jar");
  }

  @Test
  void theLauncherIsReplacedByJavaSoThatSignalsReachIt() throws Exception {
    env.put("JAVA_SHOWS_PID", "1");
    Process process = start(List.of(home.resolve("bridge").toString()));
    String out = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
    assertThat(out).contains("pid " + process.pid() + "\n");
  }

  @Test
  void aJavaThatIsTooOldIsNamed() throws Exception {
    env.put("JAVA_HOME", java("old", "11.0.20").toString());
    Run run = bridge();
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("version 11.0.20, needed is 17 or newer");
    env.put("JAVA_HOME", java("older", "1.8.0_372").toString());
    assertThat(bridge().err()).contains("version 1.8.0_372");
  }

  @Test
  void aJavaWithANoteOfItsVersionIsNotStartedForIt() throws Exception {
    Files.writeString(
        jdk.resolve("release"), "JAVA_RUNTIME_VERSION=\"21+1\"\nJAVA_VERSION=\"21.0.1\"\n");
    assertThat(bridge().out()).contains("cardata-bridge-21.0.1.jsa");
  }

  @Test
  void aWrongJavaHomeIsNamed() throws Exception {
    env.put("JAVA_HOME", temp.resolve("nothing").toString());
    Run run = bridge();
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("JAVA_HOME is " + temp.resolve("nothing"));
  }

  @Test
  void withoutJavaHomeTheJavaOfThePathIsTaken() throws Exception {
    env.put("JAVA_HOME", "");
    env.put("PATH", jdk.resolve("bin") + ":" + System.getenv("PATH"));
    assertThat(bridge().out()).contains("cardata-bridge-17.0.9.jsa");
  }

  @Test
  void withoutAnyJavaThereIsASentence() throws Exception {
    Path tools = Files.createDirectory(temp.resolve("tools"));
    for (String tool : List.of("sh", "dirname", "readlink", "sed", "head", "find", "touch")) {
      Path real =
          Stream.of("/bin", "/usr/bin")
              .map(dir -> Path.of(dir, tool))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow();
      Files.createSymbolicLink(tools.resolve(tool), real);
    }
    env.put("JAVA_HOME", "");
    env.put("PATH", tools.toString());
    Run run = bridge();
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("looking for Java: there is none");
  }

  @Test
  void aBuildPreparesFastStarts() throws Exception {
    makeClasses();
    assertThat(bridge("run").err()).contains("building", "preparing fast starts");
    Path archive = home.resolve("target/cardata-bridge-17.0.9.jsa");
    assertThat(archive).content().startsWith("java/lang/Object\norg/cardatabridge/Bridge\n");
    try (Stream<Path> files = Files.list(archive.getParent())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("cardata-bridge.jar", "cardata-bridge-17.0.9.jsa");
    }
    assertThat(bridge("run"))
        .satisfies(run -> assertThat(run.err()).isEmpty())
        .satisfies(run -> assertThat(run.out()).contains("-XX:SharedArchiveFile=" + archive));
  }

  @Test
  void whatOnlyADemoNeedsStaysOutOfTheArchive() throws Exception {
    makeClasses();
    bridge("run");
    assertThat(home.resolve("target/cardata-bridge-17.0.9.jsa"))
        .content()
        .doesNotContain("activemq", "bouncycastle", "simulator", "picocli");
  }

  @Test
  void prepareDoesItForAJarFromElsewhereAndSaysWhereItCannot() throws Exception {
    Files.createFile(home.resolve("cardata-bridge.jar"));
    Run refused = bridge("prepare");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("Java made no " + home.resolve("cardata-bridge-17.0.9.jsa"));
    makeClasses();
    assertThat(bridge("prepare").exitCode()).isZero();
    assertThat(home.resolve("cardata-bridge-17.0.9.jsa")).isNotEmptyFile();
  }

  /** From here on the Java of this test writes class lists and archives as a real one does. */
  private void makeClasses() throws IOException {
    Files.writeString(
        jdk.resolve("classes"),
        """
        java/lang/Object
        org/cardatabridge/Bridge
        org/cardatabridge/simulator/Simulator
        org/apache/activemq/artemis/A
        org/bouncycastle/B
        picocli/CommandLine
        """);
    // An archive below 8 MB is not taken.
    Files.write(jdk.resolve("padding"), new byte[9_000_000]);
  }

  @Test
  void temporaryFilesGoWhereTheUserSays() throws Exception {
    assertThat(bridge("run").out()).doesNotContain("java.io.tmpdir");
    env.put("TMPDIR", elsewhere.toString());
    assertThat(bridge("run").out()).contains("-Djava.io.tmpdir=" + elsewhere);
  }

  @Test
  void theFirstOrderlyRunLeavesAnArchiveWhereNoneWasPrepared() throws Exception {
    Path archive = home.resolve("target/cardata-bridge-17.0.9.jsa");
    assertThat(bridge("--version").out()).doesNotContain(".jsa");
    assertThat(bridge("demo", "--help").out()).doesNotContain(".jsa");
    assertThat(bridge("run").out()).contains("-XX:ArchiveClassesAtExit=" + archive);

    Files.write(archive, new byte[9_000_000]);
    Files.setLastModifiedTime(archive, FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(bridge("login").out()).contains("-XX:SharedArchiveFile=" + archive);
    assertThat(bridge("run").out())
        .contains("-XX:SharedArchiveFile=" + archive)
        .doesNotContain("ArchiveClassesAtExit");
  }

  @Test
  void anArchiveThatIsTooOldOrTooSmallIsMadeAnew() throws Exception {
    bridge();
    Path archive = home.resolve("target/cardata-bridge-17.0.9.jsa");
    Files.write(archive, new byte[9_000_000]);
    Files.setLastModifiedTime(archive, FileTime.from(Instant.now().minusSeconds(60)));
    assertThat(bridge().out()).contains("-XX:ArchiveClassesAtExit=");
    Files.write(archive, new byte[1_000_000]);
    Files.setLastModifiedTime(archive, FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(bridge().out()).contains("-XX:ArchiveClassesAtExit=");
  }

  @Test
  void aDamagedArchiveNeverBreaksTheStart() throws Exception {
    Path real = Path.of(System.getProperty("java.home"));
    env.put("JAVA_HOME", real.toString());
    Path classes = Files.createDirectory(home.resolve("classes"));
    Path source = home.resolve("Hello.java");
    Files.writeString(
        source,
        "class Hello { public static void main(String[] a) { System.out.print(\"hello\"); } }");
    tool(real, "javac", "-d", classes.toString(), source.toString());
    Files.createDirectory(home.resolve("target"));
    tool(real, "jar", "-cfe", jar().toString(), "Hello", "-C", classes.toString(), ".");
    Path archive =
        home.resolve("target/cardata-bridge-" + System.getProperty("java.version") + ".jsa");
    Files.write(archive, new byte[9_000_000]);
    Files.setLastModifiedTime(archive, FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(bridge("run")).isEqualTo(new Run(0, "hello", ""));
    Files.delete(archive);
    assertThat(bridge("run")).isEqualTo(new Run(0, "hello", ""));
    assertThat(archive).isNotEmptyFile();
  }

  private void tool(Path java, String name, String... arguments) throws Exception {
    Run run =
        run(
            Stream.concat(Stream.of(java.resolve("bin/" + name).toString()), Stream.of(arguments))
                .toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  private Path jar() {
    return home.resolve("target/cardata-bridge.jar");
  }

  private Run bridge(String... arguments) throws Exception {
    return run(
        Stream.concat(Stream.of(home.resolve("bridge").toString()), Stream.of(arguments))
            .toArray(String[]::new));
  }

  private Run run(String... command) throws Exception {
    Path err = temp.resolve("err");
    Path out = temp.resolve("out");
    ProcessBuilder builder = builder(List.of(command));
    Process process = builder.redirectError(err.toFile()).redirectOutput(out.toFile()).start();
    try {
      assertThat(process.waitFor(40, TimeUnit.SECONDS)).as("ends in time").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private Process start(List<String> command) throws IOException {
    return builder(command).start();
  }

  private ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(elsewhere.toFile());
    builder.environment().remove("JAVA_OPTS");
    builder.environment().remove("TMPDIR");
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().putAll(env);
    return builder;
  }

  private Path java(String name, String version) throws IOException {
    Path dir = Files.createDirectory(temp.resolve(name));
    Files.createDirectory(dir.resolve("bin"));
    script(
        dir.resolve("bin/java"),
        """
        if [ "$1" = -version ]; then
          echo 'Picked up JAVA_TOOL_OPTIONS: -Dx=y' >&2
          echo 'openjdk version "VERSION" 2025-04-15' >&2
          exit 0
        fi
        jdk=${0%/bin/java}
        for word in "$@"; do
          case $word in
            -XX:DumpLoadedClassList=*) [ -f "$jdk/classes" ] || exit 1; exec cp "$jdk/classes" "${word#*=}" ;;
            -XX:SharedClassListFile=*) list=${word#*=} ;;
            -XX:SharedArchiveFile=*) made=${word#*=} ;;
          esac
        done
        if [ "$1" = -Xshare:dump ]; then exec cat "$list" "$jdk/padding" >"$made"; fi
        echo "in $(pwd)"
        [ -z "$JAVA_SHOWS_PID" ] || echo "pid $$"
        echo "java $*"
        while [ "$1" != -jar ]; do shift; done
        shift 2
        echo "$#" > "$0.count"
        exit "${JAVA_EXIT:-0}"
        """
            .replace("VERSION", version));
    return dir;
  }

  private static void script(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    makeExecutable(file);
  }

  private static void makeExecutable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
