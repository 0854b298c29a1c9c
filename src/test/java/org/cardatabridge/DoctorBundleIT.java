// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.io.Writer;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.simulator.Fault;
import org.cardatabridge.simulator.Place;
import org.cardatabridge.testing.BridgeUnderTest;
import org.cardatabridge.testing.Child;
import org.cardatabridge.testing.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real program with known secrets: none of them is in its bundle, in no spelling. */
class DoctorBundleIT {

  private static final AccountConfig BMW = AccountConfig.first();
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String LOCAL_PASSWORD = "Sech+zehn/Aepfel?im-Korb";
  private static final String PAGE_PASSWORD = "the-page:password";
  private static final String ALIAS = "Omas-Flitzer";
  private static final String MAIL = "anna.berg@mail.example.org";
  private static final String HERE = "vehicle.cabin.infotainment.navigation.currentLocation.";

  @TempDir Path directory;

  @Test
  void theBundleSaysWhatIsWrongAndNamesNobody() throws Exception {
    try (BridgeUnderTest servers = BridgeUnderTest.in(directory)) {
      int port = Page.freePort();
      servers
          .set("cardata.http.port", Integer.toString(port))
          .set("cardata.api.url", servers.bmw().apiUrl().toString())
          .set("cardata.http.password", PAGE_PASSWORD)
          .set("cardata.sink.mqtt.url", "tcp://anna-nas.fritz.box:1883")
          .set("cardata.sink.mqtt.username", "berg-anna")
          .set("cardata.sink.mqtt.password", LOCAL_PASSWORD)
          .set("cardata.sink.http.enabled", "true")
          .set("cardata.sink.http.url", "http://127.0.0.1:1/hook?user=" + MAIL)
          .set("cardata.vehicle." + BMW.vins().get(0) + ".alias", ALIAS);
      Properties properties = new Properties();
      properties.putAll(servers.settings());
      try (Writer out = Files.newBufferedWriter(directory.resolve("application.properties"))) {
        properties.store(out, null);
      }
      JsonNode tokens = servers.store("main", BMW);
      try (Child run = Child.bridge(directory, Map.of(), "run")) {
        run.awaitOut("stream of main is up", SOON);
        servers.bmw().publish(BMW.vins().get(0), HERE + "latitude", 48.176543, "degrees");
        servers.bmw().publish(BMW.vins().get(0), HERE + "longitude", 11.556321, "degrees");
        servers.bmw().publish(BMW.vins().get(1), "vehicle.isMoving", true, null);
        Page page = new Page(port);
        await("both cars")
            .atMost(SOON)
            // The page opens behind the stream.
            .ignoreException(ConnectException.class)
            .untilAsserted(
                () ->
                    assertThat(page.get("/api/vehicles", PAGE_PASSWORD).body())
                        .contains("\"descriptors\":3", BMW.vins().get(1)));
        servers.bmw().fault(Place.SUBSCRIBE, Fault.code(135), 100);
        servers.bmw().disconnect(BMW.gcid(), 139);
        run.awaitOut("filter", SOON);
        try (Child doctor = Child.bridge(directory, Map.of(), "doctor", "--bundle=a.zip")) {
          assertThat(doctor.exitCode(Duration.ofSeconds(90))).isEqualTo(1);
          assertThat(doctor.out())
              .contains(
                  "FAIL  Stream, topics", "      → Set cardata.stream.topics to", " failed, ");
          assertThat(doctor.err()).contains("Bundle: ");
          List<String> secrets = secrets(tokens);
          grep(doctor.out(), "what is printed", List.of(BMW.gcid(), LOCAL_PASSWORD));
          check(directory.resolve("a.zip"), secrets);
        }
      }
    }
  }

  private static List<String> secrets(JsonNode tokens) {
    List<String> secrets =
        new ArrayList<>(
            List.of(
                BMW.gcid(),
                BMW.clientId(),
                LOCAL_PASSWORD,
                PAGE_PASSWORD,
                ALIAS,
                MAIL,
                "berg-anna",
                "anna-nas.fritz.box",
                "48.176543",
                "11.556321"));
    secrets.addAll(BMW.vins());
    for (String key : List.of("id_token", "access_token", "refresh_token")) {
      secrets.add(tokens.path(key).asText());
    }
    return secrets;
  }

  private static void check(Path zip, List<String> secrets) throws Exception {
    Map<String, String> files = new TreeMap<>();
    try (InputStream in = Files.newInputStream(zip);
        ZipInputStream unpacked = new ZipInputStream(in)) {
      for (ZipEntry e = unpacked.getNextEntry(); e != null; e = unpacked.getNextEntry()) {
        files.put(e.getName(), new String(unpacked.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    assertThat(files)
        .containsOnlyKeys(
            "descriptors.json",
            "doctor.json",
            "log.txt",
            "metrics.txt",
            "routes.json",
            "settings.json",
            "status.json",
            "timeline.json",
            "versions.json");
    files.forEach((name, text) -> grep(text, name, secrets));

    JsonNode doctor = new ObjectMapper().readTree(files.get("doctor.json"));
    assertThat(doctor.path("checks"))
        .anyMatch(
            c ->
                c.path("id").asText().equals("subscription")
                    && c.path("verdict").asText().equals("failed"))
        .anyMatch(
            c ->
                c.path("id").asText().equals("local-broker")
                    && c.path("verdict").asText().equals("failed"));
    assertThat(files.get("settings.json"))
        .contains("cardata.sink.mqtt.password", "cardata.stream.keep-alive", "30s", "isSet");
    assertThat(files.get("status.json"))
        .contains("vehicle-1", "a filter of cardata.stream.topics", "\"mqtt\"");
    assertThat(files.get("descriptors.json")).contains(HERE + "latitude", "vehicle-2");
    assertThat(files.get("log.txt")).contains("stream of main is up");
    assertThat(files.get("versions.json")).contains("java.version", "\"camel\" : \"4.");
    assertThat(files.get("metrics.txt")).contains("cardata_messages_total");
    assertThat(files.get("routes.json")).contains("ingest-stream", "Started");
  }

  /** Each secret, its encodings, and pieces of it. */
  private static void grep(String text, String where, List<String> secrets) {
    for (String secret : secrets) {
      List<String> forms = new ArrayList<>();
      forms.add(secret);
      forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
      for (String before : List.of("", "a", "ab")) {
        byte[] bytes = (before + secret).getBytes(StandardCharsets.UTF_8);
        String base64 = Base64.getEncoder().withoutPadding().encodeToString(bytes);
        forms.add(base64.substring(before.isEmpty() ? 0 : 4, base64.length() - 2));
      }
      int half = secret.length() / 2;
      if (half >= 6) {
        forms.add(secret.substring(0, half));
        forms.add(secret.substring(half));
      }
      for (int at = 0; secret.length() > 60 && at + 30 <= secret.length(); at += 30) {
        forms.add(secret.substring(at, at + 30));
      }
      for (String form : forms) {
        assertThat(text).as("%s with a form of %s", where, secret).doesNotContainIgnoringCase(form);
      }
    }
  }
}
