// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.simulator.Place;
import org.cardatabridge.testing.BridgeUnderTest;
import org.cardatabridge.testing.CapturedLog;
import org.cardatabridge.testing.Programs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What becomes of tokens where they cannot be written down. The tests run together: they wait. */
class TokenDiskIT {

  private static final AccountConfig FIRST = AccountConfig.first();
  private static final AccountConfig SECOND = AccountConfig.second();
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The bridge looks at a disk that was full each 10 s. */
  private static final Duration LOOK = Duration.ofSeconds(40);

  @TempDir Path directory;

  /** A small file system of its own below the test's directory. */
  private record Disk(Path path) implements AutoCloseable {

    static Disk mount(Path path) throws Exception {
      Files.createDirectories(path);
      boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", path.toString());
      Programs.need("mount", mounted, "this user may not mount a file system");
      return new Disk(path);
    }

    void readOnly(boolean on) throws Exception {
      assertThat(run("mount", "-o", on ? "remount,ro" : "remount,rw", path.toString())).isTrue();
    }

    void fill() throws IOException {
      try (OutputStream out = Files.newOutputStream(path.resolve("filler"))) {
        byte[] page = new byte[4096];
        for (int i = 0; i < 1000; i++) {
          out.write(page);
        }
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("No space left");
      }
    }

    void makeRoom() throws IOException {
      Files.delete(path.resolve("filler"));
    }

    @Override
    public void close() throws IOException {
      try {
        run("umount", "-l", path.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
      if (Programs.find(command[0]).isEmpty()) {
        return false;
      }
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
  }

  /** Tokens that are due for a refresh now and expire in so long. */
  private static JsonNode due(
      BridgeUnderTest test, String name, AccountConfig account, Duration left) throws Exception {
    ObjectNode file = (ObjectNode) test.store(name, account);
    Instant now = Instant.now();
    file.put("obtained_at", now.minusSeconds(3400).toString());
    file.put("expires_at", now.plus(left).toString());
    JSON.writeValue(test.tokenFile(name).toFile(), file);
    return file;
  }

  /** One account on a full disk, one on a read-only one; each waits by the same rule. */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aRefreshWaitsForTheDiskUntilTwoMinutesBeforeTheEnd() throws Exception {
    try (BridgeUnderTest test = BridgeUnderTest.in(directory, FIRST, SECOND);
        CapturedLog log = CapturedLog.open();
        Disk full = Disk.mount(directory.resolve("data"));
        Disk readOnly = Disk.mount(directory.resolve("data/accounts/second"))) {
      test.set("cardata.accounts", "main,second")
          .set("cardata.account.second.client-id", SECOND.clientId())
          .set("cardata.sink.mqtt.client-id", "disk-test");
      Instant began = Instant.now();
      JsonNode first = due(test, "main", FIRST, Duration.ofSeconds(138));
      JsonNode second = due(test, "second", SECOND, Duration.ofSeconds(170));
      full.fill();
      readOnly.readOnly(true);
      test.start();

      // What cannot be kept is not taken: the journal is on the full disk too.
      test.awaitStream("main", "backing-off");
      test.awaitAccount("main", "waits", a -> says(a.login().message(), "cannot be written"));
      test.awaitAccount("second", "waits", a -> says(a.login().message(), "cannot be written"));
      assertThat(test.account("second").login().message())
          .contains("Read-only file system", "two minutes before");
      assertThat(test.account("main").login().message()).contains("No space left");
      assertThat(test.account("main").login().state()).isEqualTo("authorized");

      // The read-only one is cured in time: nothing was sent before.
      assertThat(test.requests(SECOND, Place.values())).isZero();
      readOnly.readOnly(false);
      await("a refresh that is stored")
          .atMost(LOOK)
          .until(
              () ->
                  !test.storedTokens("second")
                      .path("refresh_token")
                      .equals(second.path("refresh_token")));
      test.awaitAccount("second", "is well", a -> a.login().message() == null);

      // The full one is not: its tokens are renewed in memory.
      await("a refresh in memory")
          .atMost(LOOK)
          .until(() -> test.requests(FIRST, Place.REFRESH) == 1);
      assertThat(test.bmw().requests())
          .filteredOn(r -> r.clientId().equals(FIRST.clientId()))
          .allSatisfy(r -> assertThat(r.at()).isAfter(began.plusSeconds(17)));
      test.awaitAccount("main", "says so", a -> says(a.login().message(), "lost at a restart"));
      assertThat(test.storedTokens("main")).as("the old file is whole").isEqualTo(first);

      full.makeRoom();
      test.awaitStream("main", "live");
      test.proveFlow(FIRST, 8);
      await("the tokens are stored after all")
          .atMost(LOOK)
          .until(
              () ->
                  !test.storedTokens("main")
                      .path("refresh_token")
                      .equals(first.path("refresh_token")));
      test.awaitAccount("main", "is well", a -> a.login().message() == null);
      assertThat(test.requests(FIRST, Place.values())).isEqualTo(1);
      assertThat(log.lines("tokens.json: works again"))
          .filteredOn(line -> !line.contains("/alone/"))
          .hasSize(2);
      assertThat(log.warnings())
          .filteredOn(line -> !line.contains("/alone/"))
          .filteredOn(line -> !line.contains("journal.db"))
          .as("each said once")
          .hasSize(3);

      // And they are the right ones.
      test.stop();
      test.start();
      test.awaitStream("main", "live");
      test.awaitStream("second", "live");
      assertThat(test.requests(FIRST, Place.values())).isEqualTo(1);
      test.stop();
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aLoginThatCannotBeStoredHoldsUntilTheEndOfTheProcess() throws Exception {
    try (BridgeUnderTest test = BridgeUnderTest.in(directory);
        CapturedLog log = CapturedLog.open()) {
      // Even root cannot make a directory where a file is.
      Path inTheWay = Files.createDirectories(directory.resolve("data")).resolve("accounts");
      Files.writeString(inTheWay, "");
      test.set("cardata.accounts", "alone")
          .set("cardata.sink.mqtt.client-id", "disk-test")
          .bmw(b -> b.pollInterval(Duration.ofSeconds(1)));
      test.start();
      test.approve();
      test.awaitStream("alone", "live");
      test.proveFlow(FIRST, 9);
      assertThat(test.account("alone").login().state()).isEqualTo("authorized");
      assertThat(test.account("alone").login().message())
          .contains("tokens.json", "make room or make it writable", "lost at a restart");
      assertThat(log.warnings())
          .filteredOn(line -> line.contains("account alone"))
          .singleElement()
          .asString()
          .contains("make it writable");

      Files.delete(inTheWay);
      await("the tokens are stored after all")
          .atMost(LOOK)
          .until(() -> Files.exists(test.tokenFile("alone")));
      test.awaitAccount("alone", "is well", a -> a.login().message() == null);
      assertThat(test.requests(FIRST, Place.DEVICE_CODE)).isEqualTo(1);
    }
  }

  private static boolean says(String message, String text) {
    return message != null && message.contains(text);
  }
}
