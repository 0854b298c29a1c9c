// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.api.GateBench.NOON;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RestDecisionTest {

  private static final String VIN = "WBY00TEST00000001";
  private static final RestCall IMAGE =
      new RestCall(
          "main",
          Purpose.ROUTINE,
          "GET",
          "/customers/vehicles/" + VIN + "/image",
          Map.of(),
          null,
          "*/*");
  private static final RestCall DATA = GateBench.call("/customers/vehicles/" + VIN + "/basicData");
  private static final RestCall CONTAINER = GateBench.call("/customers/containers/C1");
  private static final RestCall MAPPINGS = GateBench.call("/customers/vehicles/mappings");

  private static RestReply of(RestCall call, int status, String body, String retryAfter) {
    return RestDecision.of(
        call,
        new RestAnswer(
            status, retryAfter, "application/json", body.getBytes(StandardCharsets.UTF_8), null),
        NOON);
  }

  private static RestReply of(int status, String body) {
    return of(DATA, status, body, null);
  }

  private static String error(String id) {
    return "{\"exveErrorRef\":\"r\",\"exveErrorId\":\"" + id + "\",\"exveNote\":null}";
  }

  @ParameterizedTest(name = "{0} with status {1} is {2}")
  @CsvSource({
    "CU-100, 401, TOKEN, log in again",
    "CU-101, 401, TOKEN, log in again",
    "CU-102, 401, TOKEN, expired",
    "CU-103, 401, LOGIN, cardata:api:read",
    "CU-103, 403, LOGIN, cardata:api:read",
    "CU-104, 403, VEHICLE, tomorrow",
    "CU-105, 403, CONTAINER_GONE, creates one",
    "CU-120, 400, WRONG, VIN is malformed",
    "CU-121, 400, WRONG, container id is malformed",
    "CU-122, 400, CONTAINER_GONE, creates another",
    "CU-124, 400, CONTAINERS_FULL, ten containers",
    "CU-125, 400, PAGE_EXPIRED, begins the list again",
    "CU-126, 404, NOTHING_THERE, no image",
    "CU-127, 404, NOTHING_THERE, no charging settings",
    "CU-400, 400, WRONG, bad request",
    "CU-401, 400, WRONG, parameter",
    "CU-402, 400, DESCRIPTOR, added last",
    "CU-403, 403, CONTAINER_TOO_LARGE, fewer descriptors",
    "CU-429, 403, QUOTA, midnight UTC",
    "CU-429, 429, QUOTA, midnight UTC",
    "CU-500, 500, LATER, tries again later",
    "CU-503, 503, LATER, tries again later"
  })
  void everyIdHasItsReactionAndSaysWhatToDo(
      String id, int status, RestVerdict.Kind kind, String words) {
    RestReply reply = of(status, error(id));
    assertThat(reply.verdict().kind()).isEqualTo(kind);
    assertThat(reply.errorId()).isEqualTo(id);
    assertThat(reply.verdict().sentence())
        .contains(words, id, "status " + status, " — ", "…0001/basicData")
        .doesNotContain(VIN);
    assertThat(RestErrors.BY_ID).containsKey(id);
  }

  @Test
  void noIdIsWithoutATest() {
    assertThat(RestErrors.BY_ID).hasSize(20);
  }

  @ParameterizedTest(name = "status {0} is {1}")
  @CsvSource({
    "302, LATER",
    "400, WRONG",
    "401, TOKEN",
    "403, WRONG",
    "404, LATER",
    "408, LATER",
    "409, WRONG",
    "429, QUOTA",
    "500, LATER",
    "502, LATER",
    "504, LATER",
    "0, LATER",
    "100, LATER",
    "999, LATER"
  })
  void whatHasNoIdOrAnUnknownOneIsDecidedByItsStatus(int status, RestVerdict.Kind kind) {
    assertThat(of(status, "<html>oops</html>").verdict().kind()).isEqualTo(kind);
    RestReply unknown = of(status, error("CU-777"));
    assertThat(unknown.verdict().kind()).isEqualTo(kind);
    assertThat(unknown.errorId()).isEqualTo("CU-777");
    assertThat(unknown.verdict().sentence()).contains("CU-777", " — ");
  }

  @Test
  void a404IsAboutWhatWasAskedFor() {
    assertThat(of(CONTAINER, 404, "", null).verdict().kind())
        .isEqualTo(RestVerdict.Kind.CONTAINER_GONE);
    assertThat(of(MAPPINGS, 404, "", null).verdict().kind()).isEqualTo(RestVerdict.Kind.WRONG);
    assertThat(of(IMAGE, 404, "", null).verdict().kind()).isEqualTo(RestVerdict.Kind.NOTHING_THERE);
    for (String rest : List.of("basicData", "telematicData", "chargingHistory")) {
      RestCall call = GateBench.call("/customers/vehicles/" + VIN + "/" + rest);
      assertThat(of(call, 404, "", null).verdict().kind())
          .as("a silence of a week for %s", rest)
          .isEqualTo(RestVerdict.Kind.LATER);
    }
  }

  @Test
  void anErrorIdCountsWhateverTheStatusSays() {
    assertThat(of(200, error("CU-429")).verdict().kind()).isEqualTo(RestVerdict.Kind.QUOTA);
    assertThat(of(500, error("cu-104 ")).verdict().kind()).isEqualTo(RestVerdict.Kind.VEHICLE);
    assertThat(of(400, "[" + error("CU-105") + "]").verdict().kind())
        .isEqualTo(RestVerdict.Kind.CONTAINER_GONE);
    assertThat(of(403, "{\"exveErrorId\":\"CU-429\",\"exve").verdict().kind())
        .as("an answer that breaks off")
        .isEqualTo(RestVerdict.Kind.QUOTA);
  }

  @Test
  void retryAfterIsReadInBothFormsAndBounded() {
    assertThat(of(DATA, 503, "", "120").verdict().retryAfter()).isEqualTo(Duration.ofSeconds(120));
    assertThat(of(DATA, 503, "", "Sat, 21 Nov 2026 12:05:00 GMT").verdict().retryAfter())
        .isEqualTo(Duration.ofMinutes(5));
    assertThat(of(DATA, 503, "", "999999999").verdict().retryAfter())
        .isEqualTo(Duration.ofHours(25));
    assertThat(of(DATA, 503, "", "Sat, 21 Nov 2020 12:05:00 GMT").verdict().retryAfter()).isZero();
    assertThat(of(DATA, 503, "", "soon").verdict().retryAfter()).isZero();
  }

  @Test
  void a429ThatAsksForAShortPauseIsNotTheDaysLimit() {
    assertThat(of(DATA, 429, "", "30").verdict())
        .matches(v -> v.kind() == RestVerdict.Kind.LATER)
        .matches(v -> v.retryAfter().equals(Duration.ofSeconds(30)));
    assertThat(of(DATA, 429, "", "40000").verdict().kind()).isEqualTo(RestVerdict.Kind.QUOTA);
    assertThat(of(DATA, 429, error("CU-429"), "30").verdict().kind())
        .isEqualTo(RestVerdict.Kind.QUOTA);
  }

  @Test
  void anAnswerThatIsNotWhatWasAskedForIsRefused() {
    assertThat(of(200, "<html>log in to the Wi-Fi</html>").verdict().sentence())
        .contains("not JSON");
    assertThat(of(200, "").verdict().kind()).isEqualTo(RestVerdict.Kind.LATER);
    assertThat(of(200, " \n{}").isOk()).isTrue();
    assertThat(of(200, "\uFEFF[]").isOk()).isTrue();
    assertThat(of(IMAGE, 200, "\u0089PNG", null).isOk()).isTrue();
  }

  static Stream<Exception> failures() {
    return Stream.of(
        new ConnectException("x"),
        new UnknownHostException("secret.example"),
        new NoRouteToHostException(),
        new SocketTimeoutException(),
        new SSLException("x"),
        new SocketException("x"),
        new IOException("x"),
        new IllegalStateException("x"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void noAnswerIsAMatterOfWaiting(Exception failure) {
    RestReply reply =
        RestDecision.of(DATA, new RestAnswer(0, null, null, new byte[0], failure), NOON);
    assertThat(reply.verdict().kind()).isEqualTo(RestVerdict.Kind.LATER);
    assertThat(reply.verdict().sentence()).contains(" — ").doesNotContain("secret");
    assertThat(reply.status()).isZero();
  }

  @Provide
  Arbitrary<String> bodies() {
    Arbitrary<String> text = Arbitraries.strings().ofMaxLength(60);
    Arbitrary<String> words =
        Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"exveErrorId\"",
            "\"exveErrorMsg\"",
            "\"CU-429\"",
            "\"CU-\"",
            "null",
            "1e999",
            "\"" + VIN + "\"",
            "\u0000",
            "\"\uD800");
    return Arbitraries.oneOf(text, words.list().ofMaxSize(12).map(all -> String.join("", all)));
  }

  @Property(tries = 3_000)
  void whateverCameThereIsAVerdictWithASentence(
      @ForAll int status,
      @ForAll("bodies") String body,
      @ForAll("bodies") String retryAfter,
      @ForAll boolean isUsual) {
    int code = isUsual ? Math.floorMod(status, 600) : status;
    for (RestCall call : new RestCall[] {IMAGE, DATA, CONTAINER, MAPPINGS}) {
      RestReply reply = of(call, code, body, retryAfter);
      assertThat(reply.verdict().kind()).isNotNull();
      if (!reply.isOk()) {
        assertThat(reply.verdict().sentence())
            .contains(" — ")
            .hasSizeLessThan(800)
            .doesNotContain(VIN)
            .doesNotContain("\n");
      }
      assertThat(reply.verdict().retryAfter()).isBetween(Duration.ZERO, Duration.ofHours(25));
    }
  }
}
