// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker that is killed takes back nothing that it had sent: who listens must have heard it. */
@Timeout(60)
class EarTest {

  private static final int MESSAGES = 300;

  @Test
  void whatWasSentBeforeTheBrokerVanishedIsHeard() throws Exception {
    for (int round = 0; round < 20; round++) {
      try (ServerSocket broker = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
        CompletableFuture<Void> first =
            CompletableFuture.runAsync(() -> sendAndVanish(broker, 'a'));
        try (Ear ear = Ear.on(broker.getLocalPort())) {
          first.join();
          CompletableFuture<Void> second =
              CompletableFuture.runAsync(() -> sendAndVanish(broker, 'b'));
          ear.listen();
          second.join();
          assertThat(ear.on("a")).hasSize(MESSAGES);
        }
      }
    }
  }

  /** Answers the subscription, sends everything and ends as a killed process does. */
  private static void sendAndVanish(ServerSocket broker, char topic) {
    try (Socket socket = broker.accept()) {
      socket.getInputStream().readNBytes(14 + 8);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(new byte[] {(byte) 0x90, 3, 0, 1, 1});
      for (int id = 1; id <= MESSAGES; id++) {
        all.writeBytes(new byte[] {0x32, 6, 0, 1, (byte) topic, (byte) (id >> 8), (byte) id});
        all.write('m');
      }
      socket.getOutputStream().write(all.toByteArray());
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
