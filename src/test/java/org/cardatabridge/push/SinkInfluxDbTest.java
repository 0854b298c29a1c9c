// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.cardatabridge.push.PushedSink.KEY;
import static org.cardatabridge.push.PushedSink.distance;
import static org.cardatabridge.push.PushedSink.event;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.cardatabridge.journal.SinkSnapshot;
import org.cardatabridge.push.HttpTarget.Answer;
import org.cardatabridge.push.HttpTarget.Request;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The shipped route against a server that answers as InfluxDB does. */
@Timeout(120)
class SinkInfluxDbTest {

  private static final ShippedRoute ROUTE = ShippedRoute.of("sink-influxdb");
  private static final String PARTIAL =
      "{\"error\":\"partial write: unable to parse 'cardata,key=a value=50.1234567': bad\"}";

  private HttpTarget target;
  private PushedSink sink;

  @BeforeEach
  void startTarget() throws Exception {
    target = new HttpTarget();
  }

  @AfterEach
  void stop() {
    if (sink != null) {
      sink.close();
    }
    target.close();
  }

  private void start(String yaml, String... more) throws Exception {
    Map<String, String> settings = new TreeMap<>();
    settings.put("enabled", "true");
    settings.put("url", target.url());
    settings.put("org", "my house");
    settings.put("bucket", "cars&co");
    settings.put("token", "s3cret-token");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    sink = new PushedSink("influxdb", yaml, settings);
  }

  private List<Double> written() {
    return target.requests().stream()
        .flatMap(request -> LineParser.parse(request.body()).stream())
        .map(point -> (Double) point.fields().get("value"))
        .toList();
  }

  private void awaitDone() {
    await().atMost(Duration.ofSeconds(40)).until(sink::isDone);
  }

  private static Answer refusing(Request request, String bad, Answer answer) {
    return request.body().contains(bad) ? answer : Answer.of(204);
  }

  @Test
  void valuesGoOutPackedAndInBatchesToTheWriteApiOfVersion2() throws Exception {
    start(ROUTE.yaml());
    sink.publish(1, 2500);
    awaitDone();
    assertThat(written())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 2500).mapToObj(n -> n * 1.0).toList());
    assertThat(target.requests()).hasSizeBetween(3, 10);
    Request first = target.requests().get(0);
    assertThat(first.method()).isEqualTo("POST");
    assertThat(first.uri()).isEqualTo("/api/v2/write?org=my%20house&bucket=cars%26co&precision=us");
    assertThat(first.headers())
        .containsEntry("Authorization", "Token s3cret-token")
        .containsEntry("Content-Encoding", "gzip")
        .containsEntry("Content-Type", "text/plain; charset=utf-8");
    assertThat(first.lines().get(0))
        .isEqualTo("cardata,vehicle=ix,key=" + KEY + " value=1 1769860801000000");
    assertThat(target.requests()).extracting(Request::fromPort).containsOnly(first.fromPort());
  }

  @Test
  void version1HasItsOwnPathAndLogin() throws Exception {
    start(
        ROUTE.yaml(),
        "version",
        "1",
        "database",
        "cars",
        "username",
        "me",
        "password",
        "pw",
        "token",
        "");
    sink.publish(1, 1);
    awaitDone();
    Request first = target.requests().get(0);
    assertThat(first.uri()).isEqualTo("/write?db=cars&precision=u");
    assertThat(first.headers()).containsEntry("Authorization", "Basic bWU6cHc=");
  }

  @Test
  void aSwitchedOffSinkNeedsNoSettingsAndSendsNothing() throws Exception {
    sink = new PushedSink("influxdb", ROUTE.yaml(), Map.of());
    sink.publish(1, 3);
    assertThat(sink.snapshot().state()).isEqualTo(SinkSnapshot.State.DISABLED);
    assertThat(target.requests()).isEmpty();
  }

  @Test
  void whatIsNotAvailableIsPassedBy() throws Exception {
    start(ROUTE.yaml());
    sink.publish(event(KEY, null, 1));
    awaitDone();
    assertThat(target.requests()).isEmpty();
    sink.publish(event(KEY, null, 2), distance(3));
    awaitDone();
    assertThat(written()).containsExactly(3.0);
  }

  @Test
  void oneBadLineIsSetAsideAndTheRestFlows() throws Exception {
    target.answers(r -> refusing(r, "value=7 ", Answer.because(400, PARTIAL)));
    start(ROUTE.yaml());
    sink.publish(1, 40);
    awaitDone();
    assertThat(sink.snapshot().failed()).isEqualTo(1);
    assertThat(sink.snapshot().delivered()).isEqualTo(39);
    assertThat(written()).contains(1.0, 6.0, 8.0, 40.0);
    assertThat(sink.snapshot().lastError())
        .contains("Writing to InfluxDB: it answers 400 (partial write: unable to parse …")
        .doesNotContain("50.1234567");
  }

  @Test
  void whatNoFloatHoldsIsSetAsideBeforeItIsSent() throws Exception {
    start(ROUTE.yaml());
    sink.publish(distance(1), event(KEY, new java.math.BigDecimal("1e999"), 2), distance(3));
    awaitDone();
    assertThat(sink.snapshot().failed()).isEqualTo(1);
    assertThat(written()).contains(1.0, 3.0);
  }

  @Test
  void aBatchThatIsTooLargeIsHalved() throws Exception {
    target.answers(r -> r.lines().size() > 10 ? Answer.of(413) : Answer.of(204));
    start(ROUTE.yaml());
    sink.publish(1, 100);
    awaitDone();
    assertThat(sink.snapshot().failed()).isZero();
    assertThat(sink.snapshot().delivered()).isEqualTo(100);
  }

  @Test
  void aTargetThatAsksForAPauseGetsTheWholeBatchAgainWhenItIsOver() throws Exception {
    target.answers(
        r ->
            target.requests().size() == 1
                ? Answer.of(429).with("Retry-After", "1")
                : Answer.of(204));
    start(ROUTE.yaml());
    sink.publish(1, 20);
    awaitDone();
    List<Request> requests = target.requests();
    assertThat(requests).hasSize(2);
    assertThat(requests.get(1).lines()).isEqualTo(requests.get(0).lines()).hasSize(20);
    assertThat(Duration.between(requests.get(0).at(), requests.get(1).at()))
        .isGreaterThanOrEqualTo(Duration.ofMillis(990));
  }

  @Test
  void aWrongSetUpSetsNothingAsideAndSaysWhatToCheck() throws Exception {
    int[] answers = {401, 403, 404, 302, 400};
    target.answers(
        r ->
            target.requests().size() <= 40
                ? Answer.of(answers[target.requests().size() % answers.length])
                    .with("Location", "http://localhost:1/")
                : target.requests().size() < 60
                    ? Answer.because(401, "{\"message\":\"unauthorized access\"}")
                    : Answer.of(204));
    start(ROUTE.yaml(), "attempts", "2");
    sink.publish(1, 4);
    await().until(() -> target.requests().size() >= 50);
    assertThat(sink.snapshot().lastError())
        .contains("Writing to InfluxDB: it answers 401 (unauthorized access) — check")
        .contains("cardata.sink.influxdb.url, .org, .bucket and .token")
        .doesNotContain("s3cret");
    awaitDone();
    assertThat(sink.snapshot().failed()).isZero();
    assertThat(sink.snapshot().delivered()).isEqualTo(4);
  }

  @Test
  void anOutageLosesNothing() throws Exception {
    target.answers(r -> target.requests().size() < 30 ? Answer.of(500) : Answer.of(204));
    start(ROUTE.yaml());
    sink.publish(1, 10);
    awaitDone();
    assertThat(sink.snapshot().failed()).isZero();
    assertThat(sink.snapshot().delivered()).isEqualTo(10);
  }

  @EditsRoute("sink-influxdb")
  void withoutTheLookAtTheAnswerARefusalCountsAsDelivered() throws Exception {
    target.answers(r -> Answer.because(400, PARTIAL));
    start(ROUTE.without("method: \"check(").yaml());
    sink.publish(1, 3);
    awaitDone();
    assertThat(sink.snapshot().failed()).isZero();
    assertThat(sink.snapshot().delivered()).isEqualTo(3);
  }

  @EditsRoute("sink-influxdb")
  void aStepPutInChangesTheLines() throws Exception {
    String mine =
        """
        - setBody:
            expression:
              simple:
                expression: "mine value=1\\n"
        """;
    start(ROUTE.after("method: lines", mine).yaml());
    sink.publish(1, 1);
    awaitDone();
    assertThat(target.requests().get(0).body()).startsWith("mine value=1");
  }

  @Test
  void aSettingThatIsMissingIsNamed() {
    for (String[] wrong :
        new String[][] {
          {"url", "bucket", "b", "org", "o"},
          {"bucket", "url", "http://x", "org", "o"},
          {"org", "url", "http://x", "bucket", "b"},
          {"database", "url", "http://x", "version", "1"},
          {"measurement", "url", "http://x", "org", "o", "bucket", "b", "measurement", "#x"}
        }) {
      Map<String, String> settings = new TreeMap<>();
      settings.put("cardata.sink.influxdb.enabled", "true");
      for (int i = 1; i < wrong.length; i += 2) {
        settings.put("cardata.sink.influxdb." + wrong[i], wrong[i + 1]);
      }
      assertThatThrownBy(() -> new InfluxDb(Settings.of(settings), Clock.systemUTC()))
          .isInstanceOf(BadSettingException.class)
          .hasMessageStartingWith("cardata.sink.influxdb." + wrong[0] + ": got ");
    }
  }
}
