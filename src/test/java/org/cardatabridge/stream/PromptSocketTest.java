// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection whose other side says something and hangs up while we speak. */
class PromptSocketTest {

  private ServerSocket server;
  private Socket socket;
  private Socket accepted;

  @BeforeEach
  void connect() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getByName("localhost"));
    socket = new PromptSocket();
    socket.connect(server.getLocalSocketAddress());
    accepted = server.accept();
  }

  @AfterEach
  void end() throws IOException {
    socket.close();
    accepted.close();
    server.close();
  }

  @Test
  void whatWasSaidBeforeTheEndIsReadAlthoughWritingFails() throws IOException {
    OutputStream out = socket.getOutputStream();
    InputStream in = socket.getInputStream();
    accepted.getOutputStream().write(new byte[] {1, 2, 3});
    accepted.close();
    // The first is answered by a reset, which the ones after it meet.
    await()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> {
              out.write(new byte[100]);
              return in.available() == 3;
            });
    for (int i = 0; i < 50; i++) {
      out.write(7);
    }
    assertThat(in.readNBytes(3)).containsExactly(1, 2, 3);
    assertThatThrownBy(in::read).isInstanceOf(SocketException.class);
  }

  @Test
  void anOrderlyEndIsAnEnd() throws IOException {
    accepted.getOutputStream().write(5);
    accepted.close();
    assertThat(socket.getInputStream().readAllBytes()).containsExactly(5);
  }

  @Test
  void whatWeClosedOurselvesTakesNoMore() throws IOException {
    OutputStream out = socket.getOutputStream();
    socket.close();
    assertThatThrownBy(() -> out.write(1)).isInstanceOf(SocketException.class);
    assertThatThrownBy(socket::getOutputStream).isInstanceOf(SocketException.class);
  }
}
