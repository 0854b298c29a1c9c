// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.cardatabridge.settings.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ShortAnswerTest {

  /** Writes a body that may have no end. */
  private interface Body {
    void write(OutputStream out) throws Exception;
  }

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch hungUp = new CountDownLatch(1);
  private final AtomicLong nanos = new AtomicLong();

  /** How far the clock goes with each look. */
  private long step;

  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private String get(int most, Body body) throws IOException {
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, 0);
            body.write(exchange.getResponseBody());
          } catch (Exception e) {
            hungUp.countDown();
          }
        });
    ShortAnswer limits =
        new ShortAnswer(
            Duration.ofSeconds(20), most, Duration.ofSeconds(30), () -> nanos.getAndAdd(step));
    try (CloseableHttpClient client =
        HttpClients.custom().addExecInterceptorFirst("short-answer", limits).build()) {
      HttpGet request = new HttpGet("http://localhost:" + server.getAddress().getPort() + "/");
      return client.execute(request, answer -> EntityUtils.toString(answer.getEntity()));
    }
  }

  @Test
  void anAnswerOfUsualLengthIsHandedOnWhole() throws Exception {
    String text = "ab".repeat(10_000);
    assertThat(get(65_536, out -> out.write(text.getBytes(StandardCharsets.UTF_8))))
        .isEqualTo(text);
  }

  @Test
  void anAnswerWithoutAnEndIsCutAndHungUpOn() throws Exception {
    byte[] piece = "x".repeat(1_000).getBytes(StandardCharsets.UTF_8);
    String got =
        get(
            20_000,
            out -> {
              while (true) {
                out.write(piece);
              }
            });
    assertThat(got).hasSize(20_000);
    hungUp.await();
  }

  @Test
  void anAnswerThatDripsIsLeftWhenItsTimeIsUp() throws Exception {
    step = Duration.ofSeconds(31).toNanos();
    String got =
        get(
            20_000,
            out -> {
              out.write('a');
              out.flush();
              new CountDownLatch(1).await();
            });
    assertThat(got).isEqualTo("a");
  }

  /** A server that knows no manners: it answers each connection with what it is given. */
  private Throwable fromRawServer(HttpClientBuilder client, Body answer) throws IOException {
    try (ServerSocket raw = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        CloseableHttpClient http = client.build()) {
      threads.submit(
          () -> {
            try (Socket socket = raw.accept()) {
              socket.getInputStream().read();
              answer.write(socket.getOutputStream());
            } catch (Exception e) {
              hungUp.countDown();
            }
          });
      HttpGet request = new HttpGet("http://localhost:" + raw.getLocalPort() + "/");
      return catchThrowable(
          () -> http.execute(request, got -> EntityUtils.toString(got.getEntity())));
    }
  }

  @Test
  void headersThatDripAreLeftWhenTheirTimeIsUp() throws Exception {
    ShortAnswer limits =
        new ShortAnswer(Duration.ofMillis(500), 20_000, Duration.ofSeconds(30), System::nanoTime);
    Throwable thrown =
        fromRawServer(
            HttpClients.custom()
                .disableAutomaticRetries()
                .addExecInterceptorFirst("short-answer", limits),
            out -> {
              out.write("HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII));
              while (true) {
                out.write('a');
                out.flush();
                LockSupport.parkNanos(20_000_000);
              }
            });
    assertThat(thrown)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("headers of the answer");
    hungUp.await();
  }

  private static HttpClientBuilder pushClient() {
    HttpClientBuilder client = HttpClients.custom();
    new PushClient(Settings.defaults(), "http", Path.of("")).configureHttpClient(client);
    return client;
  }

  @Test
  void moreHeadersThanAnyServerHasAreRefused() throws Exception {
    Throwable thrown =
        fromRawServer(
            pushClient(),
            out -> {
              out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
              while (true) {
                out.write("X: y\r\n".getBytes(StandardCharsets.US_ASCII));
              }
            });
    assertThat(thrown)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("header count exceeded");
    hungUp.await();
  }

  @Test
  void aHeaderWithoutAnEndIsRefused() throws Exception {
    byte[] piece = "x".repeat(1_000).getBytes(StandardCharsets.US_ASCII);
    Throwable thrown =
        fromRawServer(
            pushClient(),
            out -> {
              out.write("HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII));
              while (true) {
                out.write(piece);
              }
            });
    assertThat(thrown).isInstanceOf(IOException.class).hasMessageContaining("line length");
    hungUp.await();
  }
}
