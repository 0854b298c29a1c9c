// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a bundle hides, and what it still shows. */
class CloakTest {

  private static final String GCID = "5b1e0c7a-2f4d-4e81-9a36-c07d18e4f2b9";
  private static final String PASSWORD = "Sech+zehn/Äpfel?";

  private final Cloak cloak =
      new Cloak(
          Map.of(
              GCID,
              "[gcid]",
              PASSWORD,
              "[password]",
              "anna",
              "[user]",
              "WBY00TEST00000001",
              "vehicle-1"));

  @ParameterizedTest
  @ValueSource(strings = {GCID, PASSWORD, "WBY00TEST00000001"})
  void aKnownValueIsFoundInEachSpelling(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    String url = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    assertThat(cloak.apply("a " + secret + " b")).doesNotContain(secret);
    assertThat(cloak.apply("a " + secret.toUpperCase() + " b")).doesNotContainIgnoringCase(secret);
    assertThat(cloak.apply("?x=" + url + "&y")).doesNotContain(url);
    for (String before : List.of("", "a", "me:", "user:")) {
      String pair =
          Base64.getEncoder().encodeToString((before + secret).getBytes(StandardCharsets.UTF_8));
      String core = Base64.getEncoder().encodeToString(bytes).substring(0, 8);
      assertThat(cloak.apply("Basic " + pair)).doesNotContain(core);
      assertThat(cloak.apply("Basic " + pair).length()).isLessThan(("Basic " + pair).length());
    }
    int half = secret.length() / 2;
    assertThat(cloak.apply("x " + secret.substring(0, half) + "\ny " + secret.substring(half)))
        .doesNotContain(secret.substring(0, half))
        .doesNotContain(secret.substring(half));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "eyJhbGciOiJSUzI1NiJ9.eyJnY2lkIjoi.c2ln | [token]",
        "write to Anna.Berg+car@mail.example.org now | write to [e-mail] now",
        "3f0c2a54-7b1d-4c8e-9a57-51d0c1e4a901 | [id]",
        "of WBA00TEST00000003: late | of [vehicle]: late",
        "http://homeserver:8086/write?db=x | http://[host]:8086/write?db=x",
        "tcp://192.168.178.20:1883 | tcp://[address]:1883",
        "from 192.168.178.20 | from [address]",
        "from fe80::1ff:fe23:4567:890a | from [address]",
        "at 3c:37:86:aa:bb:cc | at [address]",
        "nas.fritz.box is away | [host] is away",
        "in /home/berg/cardata | in /home/[user]/cardata",
        "at 48.176543, 11.556321 | at [number], [number]",
        "token R0dGhpcyBpcyBhIHRva2VuIG9mIDI0IGNo | token [text]",
        "anna logged in | [user] logged in"
      })
  void whatIsShapedLikeAnIdOrAPlaceIsHidden(String text, String expected) {
    assertThat(cloak.apply(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vehicle.drivetrain.batteryManagement.header",
        "vehicle.cabin.infotainment.navigation.currentLocation.latitude",
        "not authorized (135) at 12:04:17",
        "2026-11-22T12:00:00Z",
        "ssl://customer.streaming-cardata.bmwgroup.com:9000",
        "org.apache.camel.component.quartz.CamelJob",
        "cardata.sink.homeassistant.prefix is not set, takes a text",
        "tcp://localhost:1883 and 127.0.0.1",
        "cardata.home.latitude and cardata.sink.mqtt.blur-home",
        "Susanna drives"
      })
  void whatHelpsIsLeftAsItIs(String text) {
    assertThat(cloak.apply(text)).isEqualTo(text);
  }

  @Test
  void aBundleLeavesCodesOutAndKeepsTimesAndNumbers() throws Exception {
    byte[] zip =
        new Bundle(cloak)
            .jsonText(
                "status.json",
                "{\"userCode\":\"qRtVw3Kd\",\"since\":\"2026-11-22T12:00:00.123456Z\",\"lag\":7,"
                    + "\"vin\":\"WBY00TEST00000001\",\"list\":[\"anna\"],\"id\":\"S000\"}")
            .named("doctor.json", Map.of("id", "clock"))
            .numbers("metrics.txt", "seconds 0.123456")
            .text("log.txt", GCID)
            .zip();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      assertThat(in.getNextEntry().getName()).isEqualTo("doctor.json");
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains("clock");
      assertThat(in.getNextEntry().getName()).isEqualTo("log.txt");
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("[gcid]");
      assertThat(in.getNextEntry().getName()).isEqualTo("metrics.txt");
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains("0.123456");
      assertThat(in.getNextEntry().getName()).isEqualTo("status.json");
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .contains("2026-11-22T12:00:00.123456Z", "7", "\"vehicle-1\"", "[user]")
          .doesNotContain("qRtVw3Kd", "S000");
    }
  }
}
