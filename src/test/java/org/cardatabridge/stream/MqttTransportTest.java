// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection that is opened before Paho asks for it. */
class MqttTransportTest {

  private ServerSocket server;

  @BeforeEach
  void begin() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    server.setSoTimeout(40_000);
  }

  @AfterEach
  void end() throws IOException {
    server.close();
  }

  private MqttTransport transport() {
    URI uri = URI.create("tcp://localhost:" + server.getLocalPort());
    return new MqttTransport(uri, null, Duration.ofSeconds(10), MqttProtocol.MQTT_5);
  }

  @Test
  void whatWasOpenedAheadIsWhatIsStarted() throws IOException {
    MqttTransport transport = transport();
    transport.openAhead();
    try (Socket accepted = server.accept()) {
      transport.start();
      transport.getOutputStream().write(7);
      assertThat(accepted.getInputStream().read()).isEqualTo(7);
      server.setSoTimeout(100);
      assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
      transport.stop();
      assertThat(accepted.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void oneThatNobodyStartsIsClosedByStop() throws IOException {
    MqttTransport transport = transport();
    transport.openAhead();
    try (Socket accepted = server.accept()) {
      transport.stop();
      assertThat(accepted.getInputStream().read()).isEqualTo(-1);
      assertThatThrownBy(transport::start).isInstanceOf(IOException.class);
    }
  }

  /**
   * Paho asks before it reads; a reader that ended here would leave its starter waiting for ever.
   */
  @Test
  void beforeWeSpeakNothingIsThereToReadWhateverTheOtherSideDid() throws Exception {
    MqttTransport transport = transport();
    transport.openAhead();
    Socket accepted = server.accept();
    transport.start();
    InputStream in = transport.getInputStream();
    accepted.getOutputStream().write(7);
    accepted.setSoLinger(true, 0);
    await()
        .during(Duration.ofMillis(300))
        .atMost(Duration.ofSeconds(40))
        .until(() -> in.available() == 0);
    accepted.close();
    await()
        .during(Duration.ofMillis(300))
        .atMost(Duration.ofSeconds(40))
        .until(() -> in.available() == 0);
    transport.stop();
  }

  @Test
  void aReaderEndsSoonOnceNobodyWillSpeak() throws Exception {
    MqttTransport transport = transport();
    transport.openAhead();
    try (Socket accepted = server.accept()) {
      assertThat(accepted.isConnected()).isTrue();
      Thread starter =
          new Thread(
              () -> {
                try {
                  transport.start();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      starter.start();
      starter.join(40_000);
      InputStream in = transport.getInputStream();
      CompletableFuture<Integer> reading =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return in.read();
                } catch (IOException e) {
                  return -1;
                }
              });
      transport.stop();
      assertThat(reading.get(40, TimeUnit.SECONDS)).isEqualTo(-1);
    }
  }

  @Test
  void whatFailsAheadFailsAtTheStartInTheSameWords() throws IOException {
    server.close();
    MqttTransport transport = transport();
    transport.openAhead();
    assertThatThrownBy(transport::start).isInstanceOf(ConnectException.class);
  }
}
