// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.cardatabridge.highmobility.CertificateFiles;
import org.cardatabridge.stream.TlsRefusal.Party;
import org.cardatabridge.testing.TestAuthority;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server of Java says of certificates, and we of its; in both versions of TLS. */
class TlsRefusalTest {

  private static TestAuthority ours;
  private static TestAuthority other;
  private static KeyPair keys;

  @TempDir Path dir;

  private ServerSocket server;
  private CompletableFuture<Void> serving = CompletableFuture.completedFuture(null);

  @BeforeAll
  static void authorities() {
    ours = TestAuthority.named("CN=Ours");
    other = TestAuthority.named("CN=Other");
    keys = TestAuthority.ec();
  }

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getByName("localhost"));
  }

  @AfterEach
  void end() throws Exception {
    server.close();
    serving.exceptionally(e -> null).get(40, TimeUnit.SECONDS);
  }

  /** Serves one connection: a handshake, one byte read and one written. */
  private void serve(SSLContext context, String version) throws IOException {
    server.close();
    SSLServerSocket tls =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getByName("localhost"));
    tls.setEnabledProtocols(new String[] {version});
    tls.setNeedClientAuth(true);
    server = tls;
    serve(tls);
  }

  private void serve(ServerSocket from) {
    serving =
        CompletableFuture.runAsync(
            () -> {
              try (Socket accepted = from.accept()) {
                accepted.getInputStream().read();
                accepted.getOutputStream().write(7);
              } catch (IOException e) {
                // The client is told; that is what is looked at.
              }
            });
  }

  private SSLContext identity(TestAuthority trusted, X509Certificate certificate) throws Exception {
    return new CertificateFiles(
            TestAuthority.file(dir, "ca", TestAuthority.pem(trusted.certificate())),
            TestAuthority.file(dir, "crt", TestAuthority.pem(certificate)),
            TestAuthority.file(dir, "key", TestAuthority.pkcs8(keys.getPrivate())))
        .read(Clock.fixed(certificate.getNotBefore().toInstant(), ZoneOffset.UTC))
        .sslContext();
  }

  private static SSLContext nobody(TestAuthority trusted) throws Exception {
    java.security.KeyStore store = java.security.KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("ca", trusted.certificate());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    TrustManager[] managers = trust.getTrustManagers();
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers, new SecureRandom());
    return context;
  }

  /** What a connection throws that says something and listens; null where it is let in. */
  private Throwable thrown(SSLContext context) {
    URI uri = URI.create("ssl://localhost:" + server.getLocalPort());
    MqttTransport transport =
        new MqttTransport(
            uri, context.getSocketFactory(), Duration.ofSeconds(20), MqttProtocol.MQTT_3_1_1);
    try {
      transport.start();
      transport.getOutputStream().write(new byte[] {(byte) 0xC0, 0}, 0, 2);
      return transport.getInputStream().read() < 0 ? new IOException("closed") : null;
    } catch (java.net.ProtocolException | java.io.EOFException e) {
      // The one byte that the server says is no MQTT: it has let us in.
      return null;
    } catch (IOException e) {
      return e;
    } finally {
      try {
        transport.stop();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void assertSays(Throwable thrown, Party party, String cause, String remedy) {
    assertThat(TlsRefusal.of(thrown))
        .as("%s", thrown)
        .hasValueSatisfying(
            refusal -> {
              assertThat(refusal.party()).isEqualTo(party);
              assertThat(refusal.sentence())
                  .contains(cause)
                  .contains(" — ")
                  .contains(remedy)
                  .doesNotEndWith(".");
            });
    assertThat(TlsRefusal.sentence(new MqttException(32109, thrown))).contains(cause);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void theRightCertificateIsLetIn(String version) throws Exception {
    serve(ours.server("localhost"), version);
    assertThat(thrown(identity(ours, ours.issue("CN=us", keys)))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void aForeignCertificateIsTold(String version) throws Exception {
    serve(ours.server("localhost"), version);
    assertSays(
        thrown(identity(ours, other.issue("CN=us", keys))),
        Party.OURS,
        "client certificate",
        "cardata.highmobility.host");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void anExpiredCertificateIsTold(String version) throws Exception {
    serve(ours.server("localhost"), version);
    X509Certificate old = ours.issue("CN=us", keys, TestAuthority.day(-9), TestAuthority.day(-2));
    assertSays(thrown(identity(ours, old)), Party.OURS, "client certificate", "download a new one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void aMissingCertificateIsTold(String version) throws Exception {
    serve(ours.server("localhost"), version);
    assertSays(thrown(nobody(ours)), Party.OURS, "client certificate", "download a new one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void aServerOfAnotherAuthorityIsTold(String version) throws Exception {
    serve(ours.server("localhost"), version);
    assertSays(
        thrown(identity(other, ours.issue("CN=us", keys))),
        Party.THEIRS,
        "signed by none of the CAs that we trust",
        "cardata.highmobility.ca-file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void aServerOfAnotherNameIsTold(String version) throws Exception {
    serve(ours.server("elsewhere.example"), version);
    assertSays(
        thrown(identity(ours, ours.issue("CN=us", keys))),
        Party.THEIRS,
        "made out to another host name",
        "cardata.highmobility.host");
  }

  @Test
  void aServerWithoutAnyNameIsTold() throws Exception {
    serve(ours.server(), "TLSv1.3");
    assertSays(
        thrown(identity(ours, ours.issue("CN=us", keys))),
        Party.THEIRS,
        "made out to another host name",
        "cardata.highmobility.host");
  }

  @Test
  void aPortWithoutTlsIsTold() throws Exception {
    serving =
        CompletableFuture.runAsync(
            () -> {
              try (Socket accepted = server.accept()) {
                accepted.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
                accepted.getInputStream().readNBytes(10);
              } catch (IOException e) {
                // The client looks.
              }
            });
    assertSays(
        thrown(identity(ours, ours.issue("CN=us", keys))),
        Party.NEITHER,
        "without TLS",
        "cardata.highmobility.port");
  }

  @Test
  void aServerThatHangsUpInTheHandshakeIsTold() throws Exception {
    serve(server);
    assertSays(
        thrown(identity(ours, ours.issue("CN=us", keys))),
        Party.NEITHER,
        "broke the TLS handshake off",
        "cardata.highmobility.port");
  }

  @Test
  void everyAlertHasASentence() {
    String[][] alerts = {
      {"certificate_required", "OURS", "got none"},
      {"certificate_expired", "OURS", "has expired"},
      {"certificate_revoked", "OURS", "was revoked"},
      {"unknown_ca", "OURS", "who signed"},
      {"certificate_unknown", "OURS", "does not take"},
      {"bad_certificate", "OURS", "does not take"},
      {"unsupported_certificate", "OURS", "of this kind"},
      {"access_denied", "OURS", "does not let it in"},
      {"decrypt_error", "OURS", "does not fit"},
      {"handshake_failure", "OURS", "broke the TLS handshake off"},
      {"protocol_version", "NEITHER", "no TLS version in common"},
      {"unrecognized_name", "NEITHER", "host name"},
      {"internal_error", "NEITHER", "broke TLS off"}
    };
    for (String[] alert : alerts) {
      assertSays(
          new SSLException("(" + alert[0] + ") Received fatal alert: " + alert[0]),
          Party.valueOf(alert[1]),
          alert[2],
          " — ");
    }
    assertSays(
        new SSLException("PKIX path validation failed", new CertificateExpiredException("then")),
        Party.THEIRS,
        "server's certificate has expired",
        "this machine's clock");
    assertSays(
        new SSLException(
            "PKIX path validation failed", new CertificateNotYetValidException("then")),
        Party.THEIRS,
        "server's certificate is not yet valid",
        "this machine's clock");
    assertSays(
        new SSLException("No appropriate protocol (protocol is disabled)"),
        Party.NEITHER,
        "no TLS version in common",
        "port");
  }

  /** It is shown no certificate, so none of ours can be at fault. */
  @Test
  void ofBmwNothingIsSaidThatIsHighMobilitys() {
    for (Throwable thrown :
        List.of(
            new SSLException("(handshake_failure) Received fatal alert: handshake_failure"),
            new SSLException("(unknown_ca) Received fatal alert: unknown_ca"),
            new SSLException("(unrecognized_name) Received fatal alert: unrecognized_name"),
            new SSLException("Unrecognized SSL message, plaintext connection?"),
            new SSLException("No appropriate protocol (protocol is disabled)"),
            new SSLException("Remote host terminated the handshake", new EOFException()),
            new SSLException("PKIX path building failed", new CertificateException("no path")),
            new SSLException("No name matching x found", new CertificateException("No name")),
            new SSLException("PKIX path validation", new CertificateExpiredException("then")),
            new SSLException("Tag mismatch"))) {
      Ending ending = Ending.of(new MqttException(0, thrown), Peer.BMW);
      assertThat(ending.kind()).isEqualTo(Ending.Kind.BROKER);
      assertThat(ending.text())
          .matches("TLS with BMW failed: .+ — .+[^.]")
          .doesNotContain("High Mobility", "highmobility", "client certificate");
    }
  }

  @Test
  void whatIsNotOfTlsIsLeftToOthers() {
    assertThat(TlsRefusal.of(new IOException("Received fatal alert: unknown_ca"))).isEmpty();
    assertThat(TlsRefusal.sentence(new SSLException("anything"))).isNull();
    assertThat(TlsRefusal.sentence(null)).isNull();
    Throwable circle = new IOException("a");
    circle.initCause(new IOException("b", circle));
    assertThat(TlsRefusal.of(circle)).isEmpty();
  }
}
