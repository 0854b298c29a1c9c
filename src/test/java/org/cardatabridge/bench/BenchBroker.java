// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bench;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.cardatabridge.testing.HeldPort;

/** A mosquitto of the benchmark's own: the local broker, or one with TLS that stands for BMW. */
final class BenchBroker implements AutoCloseable {

  private static final String PASSWORD = "bench-bench";

  private final Process process;
  private final int port;
  private final int tlsPort;
  private final Path caFile;

  private BenchBroker(Process process, int port, int tlsPort, Path caFile) {
    this.process = process;
    this.port = port;
    this.tlsPort = tlsPort;
    this.caFile = caFile;
  }

  static BenchBroker local(Path dir) throws Exception {
    return start(dir, false);
  }

  static BenchBroker bmw(Path dir) throws Exception {
    return start(dir, true);
  }

  private static BenchBroker start(Path dir, boolean tls) throws Exception {
    Files.createDirectories(dir);
    int port = HeldPort.free();
    int tlsPort = tls ? HeldPort.free() : 0;
    StringBuilder text =
        new StringBuilder("allow_anonymous true\nmax_queued_messages 0\nset_tcp_nodelay true\n")
            .append("persistence false\nlog_dest none\n")
            .append("user ")
            .append(System.getProperty("user.name"))
            .append("\nlistener ")
            .append(port)
            .append(" 127.0.0.1\n");
    Path ca = dir.resolve("ca.pem");
    if (tls) {
      certificate(dir, ca);
      text.append("listener ").append(tlsPort).append(" 127.0.0.1\ncertfile ").append(ca);
      text.append("\nkeyfile ").append(dir.resolve("key.pem")).append('\n');
    }
    Path config = Files.writeString(dir.resolve("mosquitto.conf"), text);
    Process process =
        new ProcessBuilder("/usr/sbin/mosquitto", "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("mosquitto.log").toFile())
            .start();
    await().atMost(Duration.ofSeconds(10)).until(() -> isListening(port));
    return new BenchBroker(process, port, tlsPort, ca);
  }

  /** A self-signed certificate for localhost, by the JDK's keytool. */
  private static void certificate(Path dir, Path ca)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = dir.resolve("store.p12");
    String command =
        Path.of(System.getProperty("java.home"), "bin", "keytool")
            + " -genkeypair -alias a -keyalg EC -groupname secp256r1 -dname CN=localhost"
            + " -ext SAN=dns:localhost -validity 3 -storetype PKCS12 -storepass "
            + PASSWORD
            + " -keystore "
            + store;
    new ProcessBuilder(command.split(" ")).inheritIO().start().waitFor();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    pem(ca, "CERTIFICATE", keys.getCertificate("a").getEncoded());
    pem(
        dir.resolve("key.pem"),
        "PRIVATE KEY",
        keys.getKey("a", PASSWORD.toCharArray()).getEncoded());
  }

  private static void pem(Path file, String what, byte[] der) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.write(file, List.of("-----BEGIN " + what + "-----", text, "-----END " + what + "-----"));
  }

  private static boolean isListening(int port) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  int port() {
    return port;
  }

  int tlsPort() {
    return tlsPort;
  }

  Path caFile() {
    return caFile;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
