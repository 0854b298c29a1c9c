// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules of a session with a certificate, where they differ from those of tokens. */
class CertificateSessionTest {

  private static final Peer PEER = Peer.HIGH_MOBILITY;
  private static final String EXPIRED = "Reading a file: it has expired — take another";

  private Bench bench;

  @BeforeEach
  void begin() {
    bench = new Bench(settings(), new Random(1));
  }

  private static StreamSettings settings() {
    return new StreamSettings(
        "tcp://localhost:1",
        CertificateCredentials.CLIENT_ID,
        Duration.ofSeconds(30),
        Duration.ofDays(7),
        Duration.ZERO,
        Bench.QUIET_AFTER,
        Duration.ofSeconds(30),
        null,
        MqttProtocol.MQTT_5,
        PEER);
  }

  private static Ending closed() {
    return Ending.of(new EOFException(), PEER);
  }

  private static MqttException tls(String said) {
    return new MqttException(0, new SSLHandshakeException(said));
  }

  private void connected() {
    bench.did(bench.machine.connected(bench.attempt(), bench.now()));
  }

  private List<String> announced() {
    return bench.of(StreamAction.Announce.class).stream()
        .map(StreamAction.Announce::sentence)
        .toList();
  }

  @Test
  void withoutAUsableCertificateItIsRefusedWithTheSentenceAndLeftInPeaceForDays() {
    bench.unusable(EXPIRED);
    bench.did(bench.machine.start(bench.now(), null));

    assertThat(bench.state()).isEqualTo(StreamState.REFUSED);
    assertThat(bench.shown().lastReason().text()).isEqualTo(EXPIRED);
    assertThat(bench.shown().nextAttemptAt()).isNull();
    for (int day = 0; day < 3; day++) {
      bench.pass(Duration.ofDays(1));
      bench.unusable(EXPIRED);
      assertThat(bench.machine.verdict(bench.now(), false, true)).isEqualTo(Verdict.FINE);
    }
    assertThat(bench.connects()).isEmpty();
    assertThat(announced()).containsExactly(EXPIRED);
  }

  @Test
  void anotherSentenceIsShownAndSaidToo() {
    bench.unusable(EXPIRED);
    bench.did(bench.machine.start(bench.now(), null));
    bench.unusable("Reading a file: it is gone — put it back");

    assertThat(bench.shown().lastReason().text()).startsWith("Reading a file: it is gone");
    assertThat(announced()).hasSize(2);
  }

  @Test
  void newFilesMendItAtOnceAndTheOldOnesDoWhenTheyAreBack() {
    Credentials same = bench.tokens(Duration.ofDays(100));
    bench.start(same);
    bench.subscribe();
    bench.unusable("Reading a file: it is gone — put it back");
    assertThat(bench.state()).as("what works is left alone").isEqualTo(StreamState.LIVE);
    bench.end(closed());
    assertThat(bench.state()).isEqualTo(StreamState.REFUSED);

    bench.did(bench.machine.tokensChanged(bench.now(), same));

    assertThat(bench.state()).isEqualTo(StreamState.CONNECTING);
  }

  @Test
  void anotherCertificateReplacesALiveSessionInGoodOrderAndCutsAPauseShort() {
    bench.startLive();
    bench.newTokens();
    assertThat(bench.connects()).hasSize(2);
    bench.end(Ending.ofCode(137, PEER));
    assertThat(bench.state()).isEqualTo(StreamState.BACKING_OFF);
    bench.newTokens();

    assertThat(bench.connects()).hasSize(3);
  }

  @Test
  void aSessionOutlivesTheCertificateAndNothingIsEverRenewed() {
    bench.start(bench.tokens(Duration.ofDays(1)));
    bench.subscribe();
    for (int day = 0; day < 3; day++) {
      bench.did(bench.machine.message(bench.now()));
      bench.pass(Duration.ofDays(1));
    }

    assertThat(bench.machine.verdict(bench.now(), true, true)).isEqualTo(Verdict.FINE);
    assertThat(bench.state().isSubscribed()).isTrue();
    bench.end(Ending.ofCode(135, PEER));
    bench.seconds(2000);
    assertThat(bench.refreshes()).isEmpty();
  }

  @Test
  void aConnectionThatIsClosedAtSubscribeTwiceNamesTheFilterAndTheAppId() {
    bench.start();
    connected();
    bench.end(closed());
    bench.pass(bench.pause());
    connected();
    bench.end(closed());

    assertThat(bench.state()).isEqualTo(StreamState.BACKING_OFF);
    assertThat(bench.pause()).isGreaterThanOrEqualTo(Duration.ofSeconds(20));
    assertThat(bench.shown().lastReason().kind()).isEqualTo("filter");
    assertThat(bench.shown().lastReason().text()).contains("cardata.highmobility.topic");
    assertThat(announced()).singleElement().asString().contains("cardata.highmobility.app-id");
  }

  @Test
  void oneThatIsClosedAtSubscribeOnceIsALossAndTriedAgainAtOnce() {
    for (Ending between : List.of(Ending.ofCode(137, PEER), Bench.RESET, closed())) {
      bench = new Bench(settings(), new Random(1));
      bench.start();
      connected();
      bench.end(closed());

      assertThat(bench.state()).isEqualTo(StreamState.BACKING_OFF);
      assertThat(bench.pause()).isLessThan(Duration.ofSeconds(2));
      assertThat(bench.shown().lastReason().kind()).isEqualTo("unanswered");
      assertThat(bench.shown().lastReason().text())
          .isEqualTo(
              "High Mobility closed the connection at SUBSCRIBE without a reason: trying again by"
                  + " itself");
      bench.pass(bench.pause());
      bench.end(between);
      bench.pass(bench.pause());
      connected();
      bench.end(closed());
      assertThat(bench.shown().lastReason().kind()).as("not in a row").isEqualTo("unanswered");
      bench.pass(bench.pause());
      bench.subscribe();
      bench.end(closed());
      bench.pass(bench.pause());
      connected();
      bench.end(closed());
      assertThat(bench.shown().lastReason().kind()).as("it was up").isEqualTo("unanswered");
      assertThat(announced()).isEmpty();
    }
  }

  @Test
  void aConnectionThatIsClosedBeforeAnAnswerNamesTheClientId() {
    bench.start();
    bench.end(closed());

    assertThat(bench.shown().lastReason().text()).contains("cardata.highmobility.client-id");
  }

  @Test
  void aCertificateThatTlsDoesNotTakeIsSaidAtOnceAndTriedAgainByTheLadder() {
    bench.start();
    bench.end(Ending.of(tls("Received fatal alert: unknown_ca"), PEER));

    assertThat(bench.state()).isEqualTo(StreamState.REFUSED);
    assertThat(bench.pause()).isGreaterThanOrEqualTo(Duration.ofSeconds(30));
    assertThat(announced())
        .singleElement()
        .asString()
        .startsWith("Connecting to High Mobility's stream: TLS with High Mobility failed: ");
  }

  @Test
  void aServerThatWeDoNotTrustIsNoRefusal() {
    bench.start();
    bench.end(
        Ending.of(
            new MqttException(
                0,
                new SSLHandshakeException("PKIX") {
                  private static final long serialVersionUID = 1L;

                  @Override
                  public synchronized Throwable getCause() {
                    return new java.security.cert.CertificateException("no path");
                  }
                }),
            PEER));

    assertThat(bench.state()).isEqualTo(StreamState.BACKING_OFF);
    assertThat(bench.shown().lastReason().text()).contains("cardata.highmobility.ca-file");
  }

  @Test
  void twoBridgesWithOneCertificateAreTold() {
    bench.start();
    for (int i = 0; i < 3; i++) {
      bench.subscribe();
      bench.seconds(2);
      bench.end(closed());
      bench.pass(bench.pause());
    }

    assertThat(announced())
        .singleElement()
        .asString()
        .contains("another client that uses this certificate", "High Mobility allows one");
  }

  @Test
  void whatPahoCannotUseIsSaidWithoutAVersion() {
    assertThat(Ending.of(new MqttException(50_000), PEER).text())
        .isEqualTo("High Mobility sent what MQTT does not allow: 50000");
  }

  @Test
  void noSentenceOfItNamesBmw() throws NoSuchAlgorithmException {
    List<String> words = new ArrayList<>();
    IntStream.range(0, 256).forEach(code -> words.add(Ending.ofCode(code, PEER).text()));
    Stream.of(
            new EOFException(),
            new ConnectException(),
            new UnknownHostException(),
            new Mqtt5Input.OlderBrokerException(),
            new MqttException(32000),
            new MqttException(1),
            new SSLException("Tag mismatch"))
        .forEach(e -> words.add(Ending.of(e, PEER).text()));
    for (int code : List.of(128, 135)) {
      words.add(Ending.ofSubAck(code, PEER).text());
    }
    bench.start();
    for (int code : List.of(135, 135, 135, 142, 142, 142, 151, 160)) {
      if (code > 135) {
        bench.subscribe();
      }
      bench.end(Ending.ofCode(code, PEER));
      words.add(bench.shown().lastReason().text());
      bench.pass(bench.pause());
    }
    bench.trouble("The disk is full — make room");
    bench.pass(StreamMachine.TROUBLE_PATIENCE);
    words.add(bench.shown().lastReason().text());
    bench.trouble(null);
    words.addAll(announced());
    words.add(PEER.toString());
    CertificateCredentials own = credentials("client-1", "app-1");
    words.add(own.toString());

    assertThat(words).hasSizeGreaterThan(270).noneMatch(text -> text.contains("BMW"));
    assertThat(own.toString()).doesNotContain("client-1", "app-1");
  }

  private static CertificateCredentials credentials(String clientId, String appId)
      throws NoSuchAlgorithmException {
    return new CertificateCredentials(
        clientId, appId, SSLContext.getDefault(), Instant.parse("2027-01-01T00:00:00Z"));
  }

  @Test
  void aFilterIsShownWithoutTheApplication() throws NoSuchAlgorithmException {
    CertificateCredentials own = credentials("client-1", "app-1");

    assertThat(own.filledIn("live/level13/{app-id}/#")).isEqualTo("live/level13/app-1/#");
    assertThat(own.filledIn("{client-id}")).isEqualTo("client-1");
    assertThat(own.shown("live/level13/app-1/#")).isEqualTo("live/level13/…/#");
    assertThat(credentials("c", null).shown("live/level13/written-out/+/x"))
        .isEqualTo("live/level13/…/+/x");
    assertThat(credentials("c1", null).shown("live/level13/+/#")).isEqualTo("live/level13/+/#");
  }
}
