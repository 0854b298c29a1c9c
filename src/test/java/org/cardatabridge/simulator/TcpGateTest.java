// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TcpGateTest {

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void end() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(40, TimeUnit.SECONDS);
  }

  @Test
  void aClientThatEndedItsSideStillHearsTheAnswer() throws Exception {
    CompletableFuture<Integer> port = new CompletableFuture<>();
    vertx.runOnContext(
        v ->
            vertx
                .createNetServer()
                .connectHandler(
                    socket ->
                        socket.handler(
                            asked ->
                                // Late, but before this side is closed as well.
                                vertx.runOnContext(
                                    w ->
                                        socket.write(
                                            Buffer.buffer("answer to ").appendBuffer(asked)))))
                .listen(0, "127.0.0.1")
                .map(NetServer::actualPort)
                .compose(behind -> new TcpGate(vertx).listen("127.0.0.1", 0, behind))
                .onSuccess(port::complete)
                .onFailure(port::completeExceptionally));

    for (int round = 0; round < 50; round++) {
      try (Socket client = new Socket("127.0.0.1", port.get(40, TimeUnit.SECONDS))) {
        client.getOutputStream().write("goodbye".getBytes(StandardCharsets.UTF_8));
        client.shutdownOutput();
        assertThat(client.getInputStream().readAllBytes())
            .asString()
            .isEqualTo("answer to goodbye");
      }
    }
  }
}
