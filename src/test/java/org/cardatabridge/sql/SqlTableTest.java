// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.cardatabridge.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SqlTableTest {

  @Test
  void closingDoesNotWaitForAServerThatNeverAnswers() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "jdbc:postgresql://127.0.0.1:%d/x?sslmode=disable&gssEncMode=disable";
      SqlTable table =
          new SqlTable(
              Settings.defaults()
                  .with(Map.of("cardata.sink.sql.url", url.formatted(server.getLocalPort()))),
              Clock.systemUTC());
      CompletableFuture<Exception> prepared = new CompletableFuture<>();
      Thread connecting =
          new Thread(
              () -> {
                try {
                  table.prepare();
                  prepared.complete(null);
                } catch (Exception e) {
                  prepared.complete(e);
                }
              });
      connecting.setDaemon(true);
      connecting.start();
      Socket asking = server.accept();
      assertThat(asking.getInputStream().read()).isNotNegative();

      CompletableFuture.runAsync(table::close).get(40, TimeUnit.SECONDS);

      assertThat(prepared).isNotDone();
      asking.close();
      assertThat(prepared.get(40, TimeUnit.SECONDS))
          .isInstanceOf(org.cardatabridge.journal.TargetAwayException.class);
    }
  }
}
