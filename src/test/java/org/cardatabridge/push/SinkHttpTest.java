// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.cardatabridge.push.PushedSink.KEY;
import static org.cardatabridge.push.PushedSink.VIN;
import static org.cardatabridge.push.PushedSink.distance;
import static org.cardatabridge.push.PushedSink.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.cardatabridge.journal.SinkSnapshot;
import org.cardatabridge.journal.TryLaterException;
import org.cardatabridge.push.HttpTarget.Answer;
import org.cardatabridge.push.HttpTarget.Request;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.ShippedRoute;
import org.cardatabridge.testing.TestCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped route against an HTTP server. */
@Timeout(120)
class SinkHttpTest {

  private static final ShippedRoute ROUTE = ShippedRoute.of("sink-http");

  @TempDir Path dir;
  private HttpTarget target;
  private HttpTarget elsewhere;
  private PushedSink sink;

  @BeforeEach
  void startTargets() throws Exception {
    target = new HttpTarget();
    elsewhere = new HttpTarget();
  }

  @AfterEach
  void stop() {
    if (sink != null) {
      sink.close();
    }
    target.close();
    elsewhere.close();
  }

  private void start(String yaml, String... more) throws Exception {
    Map<String, String> settings = new TreeMap<>();
    settings.put("enabled", "true");
    settings.put("url", target.url() + "/c%2Frs?from=a%2Fb&to=c%26d%20e&httpMethod=GET");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    sink = new PushedSink("http", yaml, settings);
  }

  private void awaitDone() {
    await().atMost(Duration.ofSeconds(40)).until(sink::isDone);
  }

  private List<Long> values() throws Exception {
    List<Long> values = new java.util.ArrayList<>();
    for (Request request : target.requests()) {
      JsonNode json = new ObjectMapper().readTree(request.body());
      (json.isArray() ? json : List.of(json)).forEach(e -> values.add(e.path("value").asLong()));
    }
    return values;
  }

  @Test
  void eachValueIsOneObjectWithTheFieldsOfTheContractInTheirOrder() throws Exception {
    start(ROUTE.yaml());
    sink.publish(1, 3);
    awaitDone();
    assertThat(values()).containsExactly(1L, 2L, 3L);
    Request first = target.requests().get(0);
    assertThat(first.method() + " " + first.uri())
        .isEqualTo("POST /c%2Frs?from=a%2Fb&to=c%26d%20e&httpMethod=GET");
    assertThat(first.headers())
        .containsEntry("Content-Type", "application/json")
        .doesNotContainKey("Authorization")
        .doesNotContainKey("webhook-signature");
    assertThat(first.body())
        .isEqualTo(
            "{\"account\":\"main\",\"vin\":\""
                + VIN
                + "\",\"vehicle\":\"ix\",\"key\":\""
                + KEY
                + "\",\"value\":1,\"unit\":\"km\",\"timestamp\":\"2026-01-31T12:00:01Z\","
                + "\"received\":\"2026-01-31T12:00:01.250Z\",\"source\":\"stream\"}");
    assertThat(target.requests()).extracting(Request::fromPort).containsOnly(first.fromPort());
  }

  @Test
  void inBatchesEachRequestIsAList() throws Exception {
    start(ROUTE.yaml(), "batch", "4");
    sink.publish(1, 1);
    awaitDone();
    sink.publish(2, 11);
    awaitDone();
    assertThat(values()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
    assertThat(target.requests()).hasSizeLessThan(11).allMatch(r -> r.body().startsWith("["));
  }

  @Test
  void tokenAndHeadersOfTheSettingsGoAlong() throws Exception {
    start(ROUTE.yaml(), "token", "abc", "header.x-api-key", "k1, k2");
    sink.publish(1, 1);
    awaitDone();
    assertThat(target.requests().get(0).headers())
        .containsEntry("Authorization", "Bearer abc")
        .containsEntry("X-Api-Key", "k1, k2");
  }

  @Test
  void aRequestIsSignedAsAStandardWebhookOverTheVeryBytes() throws Exception {
    start(ROUTE.yaml(), "secret", "correct horse");
    sink.publish(event(KEY, "größer \"als\" 1", 1));
    awaitDone();
    assertSigned(target.requests().get(0), "correct horse".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aSecretMayBeWrittenAsTheStandardDoes() throws Exception {
    byte[] key = "0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    start(ROUTE.yaml(), "secret", "whsec_" + Base64.getEncoder().encodeToString(key));
    sink.publish(1, 1);
    awaitDone();
    assertSigned(target.requests().get(0), key);
  }

  private static void assertSigned(Request request, byte[] key) throws Exception {
    String id = request.headers().get("webhook-id");
    String time = request.headers().get("webhook-timestamp");
    assertThat(Duration.between(Instant.ofEpochSecond(Long.parseLong(time)), request.at()).abs())
        .isLessThan(Duration.ofSeconds(60));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    mac.update((id + "." + time + ".").getBytes(StandardCharsets.UTF_8));
    assertThat(request.headers().get("webhook-signature"))
        .isEqualTo("v1," + Base64.getEncoder().encodeToString(mac.doFinal(request.bytes())));
  }

  @Test
  void aRepeatHasTheSameIdAndAnotherEventAnother() throws Exception {
    target.answers(r -> target.requests().size() < 3 ? Answer.of(500) : Answer.of(200));
    start(ROUTE.yaml());
    sink.publish(1, 2);
    awaitDone();
    List<String> ids = target.requests().stream().map(r -> r.headers().get("webhook-id")).toList();
    assertThat(ids).hasSize(4);
    assertThat(ids.subList(0, 3)).containsOnly(ids.get(0));
    assertThat(ids.get(3)).isNotEqualTo(ids.get(0)).startsWith("msg_");
  }

  @Test
  void aRefusedOneIsSetAsideAloneAlsoOutOfABatch() throws Exception {
    target.answers(r -> r.body().contains("\"value\":7,") ? Answer.of(422) : Answer.of(200));
    start(ROUTE.yaml(), "batch", "100");
    sink.publish(1, 20);
    awaitDone();
    assertThat(sink.snapshot().failed()).isEqualTo(1);
    assertThat(sink.snapshot().delivered()).isEqualTo(19);
    assertThat(sink.snapshot().lastError()).contains("Posting to the webhook: it answers 422");
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 502})
  void oneEventThatAReceiverAnswersAsIfItWereAwayBlocksTheOthersNotForEver(int status)
      throws Exception {
    target.answers(r -> Answer.of(r.body().contains("\"value\":2,") ? status : 200));
    start(ROUTE.yaml(), "attempts", "3");
    sink.publish(1, 4);
    awaitDone();
    assertThat(sink.snapshot().failed()).isOne();
    assertThat(sink.snapshot().delivered()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {502, 503, 504})
  void theReturnOfAReceiverBehindAProxyIsNoticedSoon(int status) {
    Webhook webhook =
        new Webhook(Settings.of(Map.of("cardata.sink.http.url", "http://x")), Clock.systemUTC());
    assertThatThrownBy(() -> webhook.check(status, null, null))
        .isInstanceOf(TryLaterException.class)
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void aReceiverThatAsksForAPauseGetsIt() throws Exception {
    target.answers(
        r ->
            target.requests().size() == 1
                ? Answer.of(503).with("Retry-After", "1")
                : Answer.of(200));
    start(ROUTE.yaml());
    sink.publish(1, 1);
    awaitDone();
    assertThat(Duration.between(target.requests().get(0).at(), target.requests().get(1).at()))
        .isGreaterThanOrEqualTo(Duration.ofMillis(990));
  }

  @Test
  void aRedirectIsNotFollowedAndAWrongSetUpSetsNothingAside() throws Exception {
    target.answers(
        r ->
            target.requests().size() < 20
                ? Answer.of(307).with("Location", elsewhere.url())
                : target.requests().size() < 40 ? Answer.of(401) : Answer.of(200));
    start(ROUTE.yaml(), "attempts", "2");
    sink.publish(1, 2);
    await().until(() -> target.requests().size() > 10 && sink.snapshot().lastError() != null);
    awaitDone();
    assertThat(elsewhere.requests()).isEmpty();
    assertThat(sink.snapshot().failed()).isZero();
    assertThat(sink.snapshot().delivered()).isEqualTo(2);
  }

  @Test
  void onlyWhatTheFilterTakesIsPosted() throws Exception {
    start(ROUTE.yaml(), "exclude", "*.secret*");
    sink.publish(distance(1), event("vehicle.secretPlace", 2L, 2), distance(3));
    awaitDone();
    assertThat(values()).containsExactly(1L, 3L);
  }

  private String headersOfAStranger() {
    return """
        - setHeader:
            name: CamelHttpUri
            expression:
              constant:
                expression: "%s"
        - setHeader:
            name: X-Stray
            expression:
              constant:
                expression: stray
        """
        .formatted(elsewhere.url());
  }

  @EditsRoute("sink-http")
  void headersOfTheMessageNeitherTurnTheCallElsewhereNorGoAlong() throws Exception {
    start(ROUTE.before("method: json", headersOfAStranger()).yaml());
    sink.publish(1, 1);
    awaitDone();
    assertThat(elsewhere.requests()).isEmpty();
    assertThat(target.requests().get(0).headers()).doesNotContainKey("X-Stray");
  }

  @EditsRoute("sink-http")
  void withoutItsGuardsTheCallCouldBeTurnedElsewhere() throws Exception {
    start(
        ROUTE
            .without("pattern: \"*\"")
            .without("name: CamelHttpUri")
            .before("method: json", headersOfAStranger())
            .yaml());
    sink.publish(1, 1);
    awaitDone();
    assertThat(elsewhere.requests().get(0).headers()).containsEntry("X-Stray", "stray");
  }

  @EditsRoute("sink-http")
  void withoutTheSignatureStepNothingIsSigned() throws Exception {
    start(ROUTE.without("method: sign").yaml(), "secret", "correct horse");
    sink.publish(1, 1);
    awaitDone();
    assertThat(target.requests().get(0).headers()).doesNotContainKey("webhook-signature");
  }

  @Test
  void aCaOfOnesOwnIsTrustedAndNobodyElse() throws Exception {
    TestCertificates certificates = TestCertificates.in(dir);
    try (HttpTarget secure = new HttpTarget(certificates.serverContext())) {
      start(ROUTE.yaml(), "url", secure.url(), "ca-file", certificates.ca().toString());
      sink.publish(1, 1);
      awaitDone();
      assertThat(secure.requests()).hasSize(1);
      sink.close();

      start(ROUTE.yaml(), "url", secure.url(), "ca-file", certificates.otherCa().toString());
      sink.publish(1, 1);
      await().until(() -> sink.snapshot().state() == SinkSnapshot.State.DOWN);
      assertThat(secure.requests()).hasSize(1);
    }
  }

  @Test
  void aSwitchedOffSinkNeedsNoSettings() throws Exception {
    sink = new PushedSink("http", ROUTE.yaml(), Map.of());
    assertThat(sink.snapshot().state()).isEqualTo(SinkSnapshot.State.DISABLED);
  }

  @Test
  void aSettingThatIsOfNoUseIsNamedAndItsValueIsNot() {
    for (String[] wrong :
        new String[][] {
          {"url"},
          {"header.host", "header.host", "other.example"},
          {"header.Webhook-Id", "header.Webhook-Id", "hidden"},
          {"header.authorization", "token", "t", "header.authorization", "hidden"},
          {"header.x", "header.x", "a\r\nX-Other: hidden"},
          {"secret", "secret", "whsec_hidden!"}
        }) {
      Map<String, String> settings = new TreeMap<>();
      settings.put("cardata.sink.http.enabled", "true");
      if (wrong.length > 1) {
        settings.put("cardata.sink.http.url", "http://x");
      }
      for (int i = 1; i < wrong.length; i += 2) {
        settings.put("cardata.sink.http." + wrong[i], wrong[i + 1]);
      }
      assertThatThrownBy(() -> new Webhook(Settings.of(settings), Clock.systemUTC()))
          .isInstanceOf(BadSettingException.class)
          .hasMessageStartingWith("cardata.sink.http." + wrong[0] + ": ")
          .hasMessageNotContaining("hidden");
    }
  }
}
