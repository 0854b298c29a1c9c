// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a test's port is good for. */
class HeldPortTest {

  private static final Path OUTGOING = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

  @Test
  void noOutgoingConnectionCanGetItsNumber() throws Exception {
    assumeTrue(Files.exists(OUTGOING));
    int lowest = Integer.parseInt(Files.readAllLines(OUTGOING).get(0).strip().split("\\s+")[0]);
    for (int i = 0; i < 50; i++) {
      try (HeldPort port = HeldPort.take()) {
        assertThat(port.number()).isLessThan(lowest);
      }
      assertThat(HeldPort.free()).isLessThan(lowest);
    }
  }

  @Test
  void aServerCanListenThereAndSomebodyElseCannotHoldIt() throws Exception {
    try (HeldPort port = HeldPort.take()) {
      assumeTrue(System.getProperty("os.name").equals("Linux"));
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port.number());
      try (Socket other = new Socket()) {
        other.setReuseAddress(false);
        assertThatThrownBy(() -> other.bind(address)).isInstanceOf(java.io.IOException.class);
      }
      assertThat(port.answers()).isFalse();
      try (ServerSocket server = new ServerSocket()) {
        server.setReuseAddress(true);
        server.bind(address);
        assertThat(port.answers()).isTrue();
      }
      try (ServerSocket again = new ServerSocket()) {
        again.setReuseAddress(true);
        again.bind(address);
      }
    }
  }
}
