// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLHandshakeException;
import org.cardatabridge.settings.BadSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BmwTrustTest {

  @TempDir Path dir;

  private static int get(BmwTrust trust, String url) throws Exception {
    HttpClient client = HttpClient.newBuilder().sslContext(trust.sslContext()).build();
    return client
        .send(
            HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void trustsTheAuthorityInTheFileAndWithoutItDoesNot() throws Exception {
    try (FakeLoginServer server = FakeLoginServer.tls()) {
      server.reply(204, "");
      Path pem = server.writeCertificate(dir.resolve("ca.pem"));

      assertThat(get(new BmwTrust(pem), server.base())).isEqualTo(204);
      assertThatThrownBy(() -> get(new BmwTrust(null), server.base()))
          .isInstanceOf(SSLHandshakeException.class);
    }
  }

  @Test
  void aFileMayHoldSeveralAuthorities() throws Exception {
    try (FakeLoginServer one = FakeLoginServer.tls();
        FakeLoginServer two = FakeLoginServer.tls()) {
      String both =
          Files.readString(one.writeCertificate(dir.resolve("1.pem")))
              + Files.readString(two.writeCertificate(dir.resolve("2.pem")));
      BmwTrust trust = new BmwTrust(Files.writeString(dir.resolve("both.pem"), both));
      one.reply(204, "");
      two.reply(204, "");

      assertThat(get(trust, one.base())).isEqualTo(204);
      assertThat(get(trust, two.base())).isEqualTo(204);
    }
  }

  @Test
  void aMissingFileIsABadSetting() {
    assertThatThrownBy(() -> new BmwTrust(dir.resolve("none.pem")))
        .isInstanceOf(BadSettingException.class)
        .hasMessageContaining("cardata.tls.ca-file")
        .hasMessageContaining("none.pem");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "hello", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
  void aFileWithoutCertificatesIsABadSetting(String content) throws IOException {
    Path pem = Files.writeString(dir.resolve("ca.pem"), content);

    assertThatThrownBy(() -> new BmwTrust(pem))
        .isInstanceOf(BadSettingException.class)
        .hasMessageContaining("cardata.tls.ca-file");
  }
}
