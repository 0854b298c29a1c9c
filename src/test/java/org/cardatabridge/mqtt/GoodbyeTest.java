// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of a connection, at a broker that has read the farewell and done nothing about it. */
@Timeout(120)
class GoodbyeTest {

  private static final byte[] LET_IN = {0x20, 2, 0, 0};
  private static final int DISCONNECT = 0xE0;
  private static final int PATIENCE_MILLIS = 40_000;

  private ServerSocket door;
  private Publisher publisher;
  private Socket broker;

  @BeforeEach
  void connect() throws Exception {
    door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    publisher =
        new Publisher(
            BrokerSettings.tcp("127.0.0.1", door.getLocalPort(), "test"),
            Presence.on("cardata/bridge/state"));
    publisher.start();
    broker = door.accept();
    broker.setSoTimeout(PATIENCE_MILLIS);
    broker.getOutputStream().write(LET_IN);
    await().atMost(Duration.ofSeconds(40)).until(publisher::isConnected);
  }

  @AfterEach
  void hangUp() throws IOException {
    broker.close();
    publisher.close();
    door.close();
  }

  /** All that comes until DISCONNECT. */
  private String farewell() throws IOException {
    InputStream in = broker.getInputStream();
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    for (int next = in.read(); next != DISCONNECT; next = in.read()) {
      assertThat(next).as("behind %s", said).isNotNegative();
      said.write(next);
    }
    assertThat(in.read()).isZero();
    return said.toString(StandardCharsets.UTF_8);
  }

  @Test
  void itIsTheBrokerThatHangsUp() throws Exception {
    CompletableFuture<Void> closing = CompletableFuture.runAsync(publisher::close);
    assertThat(farewell()).endsWith("offline");
    assertThat(publisher.isConnected()).isFalse();
    broker.close();
    assertThat(closing).succeedsWithin(Duration.ofSeconds(40));
  }

  @Test
  void aBrokerThatDoesNotIsLeftAfterSecondsInWhichNothingMoreIsSaid() throws Exception {
    byte[] halfOfExactlyOnce = {0x50, 2, 0, 9};
    long begin = System.nanoTime();
    CompletableFuture<Void> closing = CompletableFuture.runAsync(publisher::close);
    farewell();
    broker.getOutputStream().write(halfOfExactlyOnce);
    assertThat(broker.getInputStream().read()).as("the end").isEqualTo(-1);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(2));
    assertThat(closing).succeedsWithin(Duration.ofSeconds(40));
  }
}
