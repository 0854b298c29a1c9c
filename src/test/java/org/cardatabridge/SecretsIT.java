// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.simulator.Behaviour.RefreshReuse;
import org.cardatabridge.simulator.Fault;
import org.cardatabridge.simulator.Place;
import org.cardatabridge.simulator.Simulator;
import org.cardatabridge.testing.BridgeUnderTest;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real program, in a process of its own for each kind of log, through a bad day: no token, id,
 * VIN or password may be in what it logs, whatever happened. The code of a login under way is the
 * one exception, and only on the terminal.
 *
 * <p>Form and level do not depend on each other, and each level logs what the one before it does:
 * so three runs stand for all.
 */
class SecretsIT {

  private static final AccountConfig BMW = AccountConfig.first();
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final String LOCAL_PASSWORD = "the-local-password";
  private static final String PAGE_PASSWORD = "the-page-password";

  /** What the simulator's tokens look like; its id tokens and device codes are JWTs. */
  private static final Pattern TOKEN = Pattern.compile("\\b[AR]0[\\w-]{40,}|eyJ[\\w-]{10,}");

  private static final String HERE = "vehicle.cabin.infotainment.navigation.currentLocation.";
  private static final double LATITUDE = 48.176543;
  private static final double LONGITUDE = 11.556321;

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  @Test
  void nothingSecretIsLoggedInAnyFormAndAtAnyLevel() throws Exception {
    ExecutorService days = Executors.newFixedThreadPool(3);
    try {
      List<Future<Void>> all = new ArrayList<>();
      for (String kind : List.of("text-info", "text-trace", "json-debug")) {
        Callable<Void> day =
            () -> {
              String[] parts = kind.split("-");
              try (BadDay bad = new BadDay(directory.resolve(kind), parts[0], parts[1])) {
                bad.live();
                bad.check();
              }
              return null;
            };
        all.add(days.submit(day));
      }
      for (Future<Void> day : all) {
        day.get(3, TimeUnit.MINUTES);
      }
    } finally {
      days.shutdownNow();
      assertThat(days.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** One run of the program, with everything going wrong that can. */
  private static final class BadDay implements AutoCloseable {

    private final Path directory;
    private final String kind;
    private final BridgeUnderTest servers;
    private final Simulator bmw;
    private final List<String> codes = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private Process program;

    BadDay(Path directory, String format, String level) throws Exception {
      this.directory = Files.createDirectories(directory);
      this.kind = format + " at " + level;
      servers = BridgeUnderTest.in(directory);
      bmw = servers.bmw();
      servers
          .set("cardata.log.format", format)
          .set("cardata.log.level", level)
          .set("cardata.log.file", "bridge.log")
          .set("cardata.routes.dir", routes().toString())
          .set("cardata.sink.mqtt.username", "local-user")
          .set("cardata.sink.mqtt.password", LOCAL_PASSWORD)
          .set("cardata.sink.mqtt-raw.enabled", "true")
          .set("cardata.http.password", PAGE_PASSWORD)
          .bmw(
              b ->
                  b.pollInterval(Duration.ofSeconds(1))
                      .idTokenLife(Duration.ofSeconds(6))
                      .accessTokenLife(Duration.ofSeconds(6))
                      .refreshReuse(RefreshReuse.ALLOWED));
      Properties properties = new Properties();
      properties.putAll(servers.settings());
      try (Writer out = Files.newBufferedWriter(directory.resolve("application.properties"))) {
        properties.store(out, null);
      }
    }

    /** With a step of the user's own that fails on the second car, and names it in full. */
    private Path routes() throws IOException {
      Path routes = Files.createDirectories(directory.resolve("routes"));
      try (Stream<Path> files = Files.list(Path.of("routes"))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.copy(file, routes.resolve(file.getFileName()));
        }
      }
      String last = "        - to:\n            uri: events:publish\n";
      String step =
          """
                  - filter:
                      expression:
                        simple:
                          expression: "${exchangeProperty[cardata.topic]} endsWith '2'"
                      steps:
                        - throwException:
                            exceptionType: java.lang.IllegalStateException
                            message: "cannot take ${exchangeProperty[cardata.topic]}"
          """;
      Path flatten = routes.resolve("flatten.camel.yaml");
      String text = Files.readString(flatten);
      assertThat(text).endsWith(last);
      Files.writeString(flatten, text.replace(last, step + last));
      return routes;
    }

    void live() throws Exception {
      bmw.fault(Place.DEVICE_CODE, Fault.status(503));
      bmw.fault(Place.POLL, Fault.gateway());
      bmw.fault(Place.POLL, Fault.garbage("{\"error\":\"authorization_pending\"}"));
      bmw.fault(Place.CONNECT, Fault.code(135));
      start();
      awaitCode();
      await("a code that lasts").atMost(PATIENCE).until(() -> polls() >= 3);
      awaitCode();
      bmw.approve();
      awaitLine("Logged in: account main");
      awaitLine("stream of main is up");

      bmw.perform("odd", "{}");
      for (String vin : BMW.vins()) {
        bmw.publish(vin, HERE + "latitude", LATITUDE, "degrees");
        bmw.publish(vin, HERE + "longitude", LONGITUDE, "degrees");
      }
      bmw.publish(BMW.vins().get(0), "vehicle.isMoving", true, null);
      bmw.publish(BMW.vins().get(1), "vehicle.isMoving", true, null);
      awaitLine("cannot take");
      servers.broker().kill();
      bmw.publish(BMW.vins().get(0), "vehicle.isMoving", false, null);

      bmw.fault(Place.REFRESH, Fault.loseAnswer());
      bmw.fault(Place.SUBSCRIBE, Fault.code(135));
      awaitRefreshes(2);
      bmw.perform("disconnect", "{\"code\":142}");
      servers.broker().start();
      bmw.fault(Place.CONNECT, Fault.reset());
      bmw.perform("disconnect", "{\"code\":151}");

      bmw.fault(Place.REFRESH, Fault.error("invalid_grant"), 10);
      awaitLine("has ended");
      ask("POST", "/api/login");
      awaitCode();
      bmw.deny();
      awaitLine("you refused");
      ask("GET", "/api/status");
      program.destroy();
      assertThat(program.waitFor(40, TimeUnit.SECONDS)).as("ends in time").isTrue();
    }

    private void start() throws IOException {
      ProcessBuilder builder =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "org.cardatabridge.Bridge",
                  "run")
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("stdout").toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("CARDATA_"));
      program = builder.start();
    }

    private long polls() {
      return bmw.requests().stream().filter(r -> r.place() == Place.POLL).count();
    }

    private void awaitRefreshes(int count) {
      long before = refreshes();
      await(kind + ": refreshes").atMost(PATIENCE).until(() -> refreshes() >= before + count);
    }

    private long refreshes() {
      return bmw.requests().stream().filter(r -> r.place() == Place.REFRESH).count();
    }

    private void awaitCode() {
      await(kind + ": a code").atMost(PATIENCE).until(() -> !bmw.waitingCodes().isEmpty());
      codes.addAll(bmw.waitingCodes());
    }

    private void awaitLine(String text) {
      await(kind + ": " + text).atMost(PATIENCE).until(() -> log().contains(text));
    }

    private String log() throws IOException {
      Path file = directory.resolve("bridge.log");
      return Files.exists(file) ? Files.readString(file) : "";
    }

    private String page;

    private void ask(String method, String path) throws Exception {
      if (page == null) {
        Matcher found = Pattern.compile("http://127\\.0\\.0\\.1:\\d+").matcher(log());
        await(kind + ": the page").atMost(PATIENCE).until(() -> found.reset(log()).find());
        // Said once, and at debug the log is rolled.
        page = found.group();
      }
      String basic =
          Base64.getEncoder()
              .encodeToString(("me:" + PAGE_PASSWORD).getBytes(StandardCharsets.UTF_8));
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(page + path))
              .timeout(PATIENCE)
              .header("Authorization", "Basic " + basic)
              .method(method, BodyPublishers.noBody())
              .build();
      assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }

    void check() throws IOException {
      String file = log();
      String stdout = Files.readString(directory.resolve("stdout"));
      JsonNode stored = JSON.readTree(directory.resolve("data/tokens.json").toFile());
      List<String> secrets =
          new ArrayList<>(
              List.of(BMW.gcid(), BMW.clientId(), LOCAL_PASSWORD, PAGE_PASSWORD, "code_verifier"));
      secrets.add(Double.toString(LATITUDE));
      secrets.add(Double.toString(LONGITUDE));
      secrets.addAll(BMW.vins());
      for (String key : List.of("id_token", "access_token", "refresh_token")) {
        secrets.add(stored.path(key).asText());
      }
      for (Map.Entry<String, String> log : Map.of("file", file, "stdout", stdout).entrySet()) {
        for (String secret : secrets) {
          assertThat(linesWith(log.getValue(), Pattern.compile(Pattern.quote(secret))))
              .as("lines of the %s of %s with %s", log.getKey(), kind, secret)
              .isEmpty();
        }
        assertThat(linesWith(log.getValue(), TOKEN))
            .as("lines of the %s of %s with a token", log.getKey(), kind)
            .isEmpty();
      }
      assertThat(codes).hasSizeGreaterThanOrEqualTo(3);
      for (String code : codes) {
        assertThat(file).as("a code is for the terminal").doesNotContain(code);
      }
      assertThat(file).as("a VIN's end may be shown").contains("…0002");
    }

    private static List<String> linesWith(String log, Pattern pattern) {
      return log.lines().filter(line -> pattern.matcher(line).find()).toList();
    }

    @Override
    public void close() throws MqttException {
      if (program != null) {
        program.destroyForcibly();
      }
      servers.close();
    }
  }
}
