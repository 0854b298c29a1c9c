// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.cardatabridge.journal.EventRefusedException;
import org.cardatabridge.journal.TargetAwayException;
import org.cardatabridge.journal.TryLaterException;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.Page;
import org.cardatabridge.testing.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** What the store's answers mean to the sink. */
@Timeout(120)
class S3TroubleTest {

  @TempDir private Path dir;

  private static Throwable put(String endpoint) {
    return put(endpoint, Map.of());
  }

  private static Throwable put(String endpoint, Map<String, String> more) {
    Map<String, String> values = new HashMap<>(more);
    values.put("cardata.sink.s3.endpoint", endpoint);
    values.put("cardata.sink.s3.bucket", "cardata");
    values.put("cardata.sink.s3.access-key", "AKIATELLNOBODY");
    values.put("cardata.sink.s3.secret-key", "tell-nobody-of-this-one");
    Settings settings = Settings.defaults().with(values);
    try (S3Client client = S3Clients.of(settings, Path.of(""))) {
      return catchThrowable(
          () -> client.putObject(p -> p.bucket("cardata").key("a"), RequestBody.fromString("x")));
    }
  }

  @Test
  void aStoreThatCannotBeReachedIsAway() throws IOException {
    assertThat(put("http://127.0.0.1:" + Page.freePort()))
        .isInstanceOf(TargetAwayException.class)
        .hasMessageStartingWith("Writing to S3: ");
  }

  @ParameterizedTest
  @CsvSource({
    "404, NoSuchBucket, away",
    "403, InvalidAccessKeyId, away",
    "501, NotImplemented, away",
    "400, KeyTooLongError, refused",
    "413, Whatever, refused",
    "400, InvalidArgument, later"
  })
  void anAnswerIsAnOutageARefusalOrNeither(int status, String code, String meaning)
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] body =
        ("<Error><Code>" + code + "</Code><Message>for AKIATELLNOBODY</Message></Error>")
            .getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      assertThat(put("http://127.0.0.1:" + server.getAddress().getPort()))
          .hasMessageContaining("it answers " + status + " (" + code + ")")
          .hasMessageNotContaining("AKIA")
          .isInstanceOf(
              switch (meaning) {
                case "away" -> TargetAwayException.class;
                case "refused" -> EventRefusedException.class;
                default -> TryLaterException.class;
              });
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aStoreWithACaOfOnesOwnIsTrustedAndNobodyElse() throws Exception {
    TestCertificates certificates = TestCertificates.in(dir);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificates.serverContext()));
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      String url = "https://localhost:" + server.getAddress().getPort();
      String setting = "cardata.sink.s3.ca-file";
      assertThat(put(url, Map.of(setting, certificates.ca().toString()))).isNull();
      assertThat(put(url, Map.of(setting, certificates.otherCa().toString())))
          .isInstanceOf(TargetAwayException.class)
          .hasMessageContaining("certification path");
      assertThat(put(url)).isInstanceOf(TargetAwayException.class);
    } finally {
      server.stop(0);
    }
  }
}
