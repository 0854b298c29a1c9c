// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.x509.GeneralName;
import org.cardatabridge.highmobility.CertificateFiles;
import org.cardatabridge.testing.TestAuthority;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server looks at our certificate again after it hung up without a word. */
@Timeout(60)
class ResumptionTest {

  private static final byte[] PINGRESP = {(byte) 0xd0, 0};

  @TempDir Path dir;
  private final TestAuthority authority = TestAuthority.named("CN=Test CA");
  private final AtomicInteger looks = new AtomicInteger();
  private SSLServerSocket server;
  private SSLSocketFactory ours;

  @BeforeEach
  void begin() throws Exception {
    KeyPair keys = TestAuthority.ec();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    X509Certificate own =
        authority.issue("CN=server", keys, new GeneralName(GeneralName.dNSName, "localhost"));
    store.setKeyEntry("own", keys.getPrivate(), new char[0], new X509Certificate[] {own});
    KeyManagerFactory holder = KeyManagerFactory.getInstance("PKIX");
    holder.init(store, new char[0]);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(holder.getKeyManagers(), new TrustManager[] {new Looking()}, null);
    server =
        (SSLServerSocket)
            tls.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
    server.setNeedClientAuth(true);
    server.setSoTimeout(40_000);
    KeyPair client = TestAuthority.rsa();
    ours =
        new CertificateFiles(
                TestAuthority.file(dir, "ca.pem", TestAuthority.pem(authority.certificate())),
                TestAuthority.file(
                    dir, "client.crt", TestAuthority.pem(authority.issue("CN=client", client))),
                TestAuthority.file(dir, "client.key", TestAuthority.pkcs1(client.getPrivate())))
            .read(Clock.systemUTC())
            .sslContext()
            .getSocketFactory();
  }

  @AfterEach
  void end() throws Exception {
    server.close();
  }

  /** Takes any client, and counts how often it looked at a certificate. */
  private final class Looking implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      looks.incrementAndGet();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      throw new IllegalStateException("this is a server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /**
   * Gives what we read from a server that hears one byte, says PINGRESP or nothing, and hangs up.
   */
  private int connect(boolean answers) throws Exception {
    CompletableFuture<Void> served =
        CompletableFuture.runAsync(
            () -> {
              try (SSLSocket accepted = (SSLSocket) server.accept()) {
                accepted.getInputStream().read();
                if (answers) {
                  accepted.getOutputStream().write(PINGRESP);
                }
              } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    MqttTransport transport =
        new MqttTransport(
            URI.create("ssl://localhost:" + server.getLocalPort()),
            ours,
            Duration.ofSeconds(20),
            MqttProtocol.MQTT_5);
    try {
      transport.start();
      transport.getOutputStream().write(1);
      int read = transport.getInputStream().read(new byte[1], 0, 1);
      served.get(20, TimeUnit.SECONDS);
      return read;
    } finally {
      transport.stop();
    }
  }

  @Test
  void whoHangsUpWithoutAWordLooksAtTheCertificateTheNextTime() throws Exception {
    assertThat(connect(true)).isEqualTo(1);
    assertThat(connect(true)).isEqualTo(1);
    assertThat(looks).as("a session that works is resumed").hasValue(1);
    assertThat(connect(false)).isEqualTo(-1);
    assertThat(looks).as("before it hung up").hasValue(1);
    assertThat(connect(true)).isEqualTo(1);
    assertThat(looks).as("after it hung up").hasValue(2);
  }
}
