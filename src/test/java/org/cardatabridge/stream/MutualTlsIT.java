// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.GeneralName;
import org.cardatabridge.highmobility.CertificateFiles;
import org.cardatabridge.highmobility.ClientIdentity;
import org.cardatabridge.testing.Mosquitto;
import org.cardatabridge.testing.TestAuthority;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A real mosquitto that takes client certificates for names: who comes with the right files is let
 * in and gets what is its own, who does not is told why.
 */
class MutualTlsIT {

  private static final String APP_ID = "0123456789ABCDEF01234567";
  private static final String CLIENT_ID = "0f1e2d3c-4b5a-4697-8877-665544332211";

  private static TestAuthority authority;
  private static TestAuthority other;
  private static KeyPair keys;
  private static X509Certificate revoked;
  private static Mosquitto mosquitto;

  @TempDir static Path broker;
  @TempDir Path dir;

  @BeforeAll
  static void start() throws IOException {
    Mosquitto.assumeInstalled();
    authority = TestAuthority.named("CN=Test MQTT CA");
    other = TestAuthority.named("CN=Other CA");
    keys = TestAuthority.rsa();
    revoked = authority.issue("CN=" + APP_ID, keys);
    KeyPair server = TestAuthority.ec();
    X509Certificate own =
        authority.issue("CN=broker", server, new GeneralName(GeneralName.dNSName, "localhost"));
    mosquitto =
        Mosquitto.start(
            broker,
            List.of(
                "cafile "
                    + TestAuthority.file(
                        broker, "ca.pem", TestAuthority.pem(authority.certificate())),
                "certfile " + TestAuthority.file(broker, "server.pem", TestAuthority.pem(own)),
                "keyfile "
                    + TestAuthority.file(
                        broker, "server.key", TestAuthority.pkcs8(server.getPrivate())),
                "crlfile " + TestAuthority.file(broker, "crl.pem", authority.revoking(revoked)),
                "require_certificate true",
                "use_identity_as_username true",
                "acl_file "
                    + TestAuthority.file(
                        broker,
                        "acl",
                        "user fleet\ntopic readwrite #\n\npattern read live/level13/%u/#\n")));
  }

  @AfterAll
  static void stop() {
    if (mosquitto != null) {
      mosquitto.close();
    }
  }

  /** Files as High Mobility hands them out. */
  private ClientIdentity identity(TestAuthority trusted, X509Certificate certificate)
      throws Exception {
    return new CertificateFiles(
            TestAuthority.file(
                dir, CLIENT_ID + "-ca_certificates.pem", TestAuthority.pem(trusted.certificate())),
            TestAuthority.file(
                dir, CLIENT_ID + "-certificate.pem.crt", TestAuthority.pem(certificate).indent(2)),
            TestAuthority.file(
                dir, CLIENT_ID + "-private.pem.key", TestAuthority.pkcs1(keys.getPrivate())))
        .read(Clock.fixed(certificate.getNotBefore().toInstant(), ZoneOffset.UTC));
  }

  private static ClientUnderTest client(String host, MqttProtocol protocol) {
    return new ClientUnderTest(
        "ssl://" + host + ":" + mosquitto.port(),
        protocol,
        Duration.ofSeconds(30),
        "live/level13/{app-id}/#",
        1);
  }

  private static Credentials credentials(ClientIdentity identity) {
    return new CertificateCredentials(
        identity.clientId(), identity.appId(), identity.sslContext(), identity.notAfter());
  }

  private static Ending refusal(String host, ClientIdentity identity) throws Exception {
    try (ClientUnderTest client = client(host, MqttProtocol.MQTT_5)) {
      Ending ending = client.connect(credentials(identity));
      assertThat(ending).as("this must not be let in").isNotNull();
      return ending;
    }
  }

  @ParameterizedTest
  @EnumSource(MqttProtocol.class)
  void theRightFilesAreLetInAndGetWhatIsTheirOwn(MqttProtocol protocol) throws Exception {
    ClientIdentity identity = identity(authority, authority.issue("C=DE,CN=" + APP_ID, keys));
    try (ClientUnderTest client = client("localhost", protocol)) {
      assertThat(client.connect(credentials(identity))).isNull();
      publish("live/level13/" + "F".repeat(24) + "/VIN/a/get/b", "theirs");
      publish("live/level13/" + APP_ID + "/VIN/a/get/b", "ours");
      assertThat(client.next(1)).extracting(MqttMessage::toString).containsExactly("ours");
      assertThat(mosquitto.log())
          .contains("as " + CLIENT_ID + " (p" + (protocol == MqttProtocol.MQTT_5 ? 5 : 2) + ", c0")
          .contains("u'" + APP_ID + "'");
    }
  }

  /** As High Mobility itself, which may write everywhere. */
  private void publish(String topic, String payload) throws Exception {
    ClientIdentity fleet = identity(authority, authority.issue("CN=fleet", keys));
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setSocketFactory(fleet.sslContext().getSocketFactory());
    MqttClient publisher =
        new MqttClient("ssl://localhost:" + mosquitto.port(), "publisher", new MemoryPersistence());
    publisher.connect(options);
    publisher.publish(topic, payload.getBytes(StandardCharsets.UTF_8), 1, false);
    publisher.disconnect();
    publisher.close();
  }

  @Test
  void aCertificateOfAnotherAuthorityIsTold() throws Exception {
    Ending ending = refusal("localhost", identity(authority, other.issue("CN=x", keys)));
    assertThat(ending.kind()).isEqualTo(Ending.Kind.AUTH);
    assertThat(ending.text())
        .contains("does not know who signed our client certificate")
        .contains(" — check that cardata.highmobility.host");
  }

  @Test
  void anExpiredCertificateIsToldByTheBrokerToo() throws Exception {
    X509Certificate old =
        authority.issue("CN=x", keys, TestAuthority.day(-9), TestAuthority.day(-2));
    Ending ending = refusal("localhost", identity(authority, old));
    assertThat(ending.kind()).isEqualTo(Ending.Kind.AUTH);
    assertThat(ending.text()).contains("has expired — download a new one");
  }

  @Test
  void aRevokedCertificateIsTold() throws Exception {
    Ending ending = refusal("localhost", identity(authority, revoked));
    assertThat(ending.kind()).isEqualTo(Ending.Kind.AUTH);
    assertThat(ending.text()).contains("was revoked — download a new one");
  }

  @Test
  void aBrokerThatOurCaFileDoesNotKnowIsTold() throws Exception {
    Ending ending = refusal("localhost", identity(other, authority.issue("CN=" + APP_ID, keys)));
    assertThat(ending.kind()).isEqualTo(Ending.Kind.BROKER);
    assertThat(ending.text())
        .contains("signed by none of the CAs that we trust")
        .contains("cardata.highmobility.ca-file");
  }

  @Test
  void aBrokerOfAnotherNameIsTold() throws Exception {
    Ending ending =
        refusal("127.0.0.1", identity(authority, authority.issue("CN=" + APP_ID, keys)));
    assertThat(ending.kind()).isEqualTo(Ending.Kind.BROKER);
    assertThat(ending.text()).contains("another host name — check cardata.highmobility.host");
  }

  /** The alert lies there and the connection is closed before we have said a word. */
  @Test
  void aRefusalIsReadAlsoWhereItCameBeforeOurConnect() throws Exception {
    ClientIdentity foreign = identity(authority, other.issue("CN=x", keys));
    MqttTransport transport =
        new MqttTransport(
            URI.create("ssl://localhost:" + mosquitto.port()),
            foreign.sslContext().getSocketFactory(),
            Duration.ofSeconds(20),
            MqttProtocol.MQTT_5);
    int before = refusals();
    transport.start();
    await().atMost(Duration.ofSeconds(40)).until(() -> refusals() > before);
    Throwable thrown =
        catchThrowable(
            () -> {
              transport.getOutputStream().write(new byte[100], 0, 100);
              transport.getInputStream().read();
            });
    transport.stop();
    assertThat(TlsRefusal.of(thrown))
        .as("%s", thrown)
        .hasValueSatisfying(
            refusal -> assertThat(refusal.party()).isEqualTo(TlsRefusal.Party.OURS));
  }

  private static int refusals() throws IOException {
    return (int) Pattern.compile("OpenSSL Error").matcher(mosquitto.log()).results().count();
  }
}
