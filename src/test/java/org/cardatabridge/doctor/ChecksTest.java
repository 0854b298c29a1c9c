// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.cardatabridge.auth.BmwTrust;
import org.cardatabridge.testing.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks of what is around the bridge: names, certificates, clock, proxy, disk. */
@Timeout(120)
class ChecksTest {

  private static final Host BMW =
      new Host("stream", "customer.streaming-cardata.bmwgroup.com", 9000, false, "x");
  private static final Instant NOW = Clock.systemUTC().instant();

  @TempDir Path directory;

  private static String found(Finding finding) {
    return finding.verdict().word() + " " + finding.words();
  }

  private static String dns(Host host, String address) {
    return found(new DnsCheck(host, "", name -> List.of(InetAddress.getByName(address))).look());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1", "0.0.0.0", "192.168.1.2", "10.0.0.5", "::1", "fd00::1", "fe80::1"})
  void anAddressInsideTheHouseIsAnInterceptedName(String address) {
    assertThat(dns(BMW, address)).isEqualTo("failed dns.intercepted");
  }

  @Test
  void anAddressOutsideIsFineAndSoIsAHostOfTheUsersOwn() {
    assertThat(dns(BMW, "160.46.226.165")).isEqualTo("ok dns.ok");
    assertThat(dns(new Host("stream", "localhost", 1, false, "x"), "127.0.0.1"))
        .isEqualTo("ok dns.ok");
  }

  @Test
  void aNameThatNobodyKnowsFails() {
    Finding finding =
        new DnsCheck(
                BMW,
                "",
                name -> {
                  throw new UnknownHostException(name);
                })
            .look();
    assertThat(found(finding)).isEqualTo("failed dns.unknown");
  }

  /** A server that does one thing with each connection. */
  private record Server(ServerSocket socket, Thread thread) implements AutoCloseable {

    interface Talk {
      void with(Socket client) throws IOException;
    }

    static Server start(ServerSocket socket, Talk talk) {
      Thread thread =
          new Thread(
              () -> {
                while (!socket.isClosed()) {
                  try (Socket client = socket.accept()) {
                    talk.with(client);
                  } catch (IOException e) {
                    // A client that does not trust us hangs up, and the test closes the socket.
                    continue;
                  }
                }
              },
              "tls-server");
      thread.start();
      return new Server(socket, thread);
    }

    Host host(String name, boolean isHttp) {
      return new Host(isHttp ? "auth" : "stream", name, socket.getLocalPort(), isHttp, "x");
    }

    @Override
    public void close() throws IOException {
      socket.close();
      try {
        thread.join(10_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Server plain(Server.Talk talk) throws IOException {
    return Server.start(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()), talk);
  }

  private static Server tls(SSLContext context, String protocol, Server.Talk talk)
      throws IOException {
    SSLServerSocket socket =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
    socket.setEnabledProtocols(new String[] {protocol});
    return Server.start(socket, talk);
  }

  private static void date(Socket client, Instant date) throws IOException {
    byte[] request = new byte[1000];
    if (client.getInputStream().read(request) > 0) {
      client
          .getOutputStream()
          .write(
              ("HTTP/1.1 404 Not Found\r\nDate: "
                      + DateTimeFormatter.RFC_1123_DATE_TIME.format(date.atOffset(ZoneOffset.UTC))
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static TlsProbe probe(Path ca, Instant now) {
    return new TlsProbe(new BmwTrust(ca).sslContext(), Clock.fixed(now, ZoneOffset.UTC));
  }

  private static void read(Socket client) throws IOException {
    assertThat(client.getInputStream().read()).isNotNull();
  }

  @Test
  void whoIsTrustedIsFineAndAnOldVersionOfTheStreamIsOdd() throws Exception {
    TestCertificates certificates = TestCertificates.in(directory);
    TlsProbe probe = probe(certificates.ca(), NOW);
    try (Server newest = tls(certificates.serverContext(), "TLSv1.3", ChecksTest::read);
        Server older = tls(certificates.serverContext(), "TLSv1.2", ChecksTest::read)) {
      assertThat(found(new TlsCheck(newest.host("localhost", false), "", probe).look()))
          .isEqualTo("ok tls.ok");
      assertThat(found(new TlsCheck(older.host("localhost", false), "", probe).look()))
          .isEqualTo("warning tls.not-newest");
    }
  }

  @Test
  void whoIsSignedByAnotherIsNamed() throws Exception {
    TestCertificates certificates = TestCertificates.in(directory);
    try (Server server = tls(certificates.serverContext(), "TLSv1.3", ChecksTest::read)) {
      Finding finding =
          new TlsCheck(server.host("localhost", false), "", probe(certificates.otherCa(), NOW))
              .look();
      assertThat(found(finding)).isEqualTo("failed tls.intercepted");
      assertThat(finding.values()).containsEntry("issuer", "CN=ca");
    }
  }

  @Test
  void aCertificateOfAnotherNameIsToldFromOneOfNobody() throws Exception {
    TestCertificates certificates = TestCertificates.in(directory);
    try (Server server = tls(certificates.serverContext(), "TLSv1.3", ChecksTest::read)) {
      Finding finding =
          new TlsCheck(server.host("127.0.0.1", false), "", probe(certificates.ca(), NOW)).look();
      assertThat(found(finding)).isEqualTo("failed tls.name");
    }
  }

  @Test
  void aServerWithoutACommonVersionIsTooOld() throws Exception {
    byte[] protocolVersion = {21, 3, 3, 0, 2, 2, 70};
    try (Server server =
        plain(
            client -> {
              byte[] hello = new byte[4096];
              if (client.getInputStream().read(hello) > 0) {
                client.getOutputStream().write(protocolVersion);
              }
            })) {
      assertThat(found(new TlsCheck(server.host("localhost", false), "", probe(null, NOW)).look()))
          .isEqualTo("failed tls.old");
    }
  }

  @Test
  void nobodyAtThePortIsUnreachable() throws Exception {
    Host gone;
    try (Server server = plain(client -> {})) {
      gone = server.host("localhost", false);
    }
    assertThat(found(new TlsCheck(gone, "", probe(null, NOW)).look()))
        .isEqualTo("failed tls.unreachable");
  }

  @ParameterizedTest
  @CsvSource({
    "0, ok clock.ok",
    "90, warning clock.behind",
    "-90, warning clock.ahead",
    "600, failed clock.behind",
    "-600, failed clock.ahead"
  })
  void theClockIsComparedWithTheServers(long serverAhead, String expected) throws Exception {
    TestCertificates certificates = TestCertificates.in(directory);
    try (Server server =
        tls(
            certificates.serverContext(),
            "TLSv1.3",
            client -> date(client, NOW.plusSeconds(serverAhead)))) {
      Host host = server.host("localhost", true);
      assertThat(found(new ClockCheck(host, probe(certificates.ca(), NOW)).look()))
          .isEqualTo(expected);
    }
  }

  /** With a clock that is years off each certificate looks expired: the clock is the cause. */
  @Test
  void aClockThatIsYearsOffIsSeenThoughNoCertificateHolds() throws Exception {
    TestCertificates certificates = TestCertificates.in(directory);
    Instant wrong = NOW.minus(Duration.ofDays(4000));
    try (Server server =
        tls(certificates.serverContext(), "TLSv1.3", client -> date(client, NOW))) {
      Host host = server.host("localhost", true);
      assertThat(found(new ClockCheck(host, probe(certificates.otherCa(), wrong)).look()))
          .isEqualTo("failed clock.behind");
    }
  }

  @Test
  void aProxyIsNamedAndWarnsOnlyWhereItIsNeeded() throws Exception {
    TestCertificates certificates = TestCertificates.in(directory);
    TlsProbe probe = probe(certificates.ca(), NOW);
    Map<String, String> environment = Map.of("https_proxy", "http://me:secret@proxy:3128");
    Host gone;
    try (Server server = tls(certificates.serverContext(), "TLSv1.3", ChecksTest::read)) {
      Host host = server.host("localhost", false);
      assertThat(found(new ProxyCheck(n -> null, n -> null, host, probe).look()))
          .isEqualTo("ok proxy.none");
      Finding unused = new ProxyCheck(environment::get, n -> null, host, probe).look();
      assertThat(found(unused)).isEqualTo("ok proxy.unused");
      assertThat(unused.values().toString()).isEqualTo("{name=https_proxy}");
      gone = host;
    }
    assertThat(
            found(
                new ProxyCheck(environment::get, n -> null, gone, probe(certificates.ca(), NOW))
                    .look()))
        .isEqualTo("warning proxy.needed");
  }

  @ParameterizedTest
  @CsvSource({
    "10, failed disk.full",
    "500, warning disk.small",
    "5000, ok disk.ok",
  })
  void theDiskIsMeasuredAgainstWhatTheJournalMayBecome(long megabytes, String expected) {
    DiskCheck check =
        new DiskCheck(directory, () -> megabytes << 20, () -> 100L << 20, 2000L << 20);
    assertThat(found(check.look())).isEqualTo(expected);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aDirectoryThatCannotBeWrittenToFails() {
    DiskCheck check = new DiskCheck(directory.resolve("gone"), () -> 1L << 40, () -> 0, 1);
    Finding finding = check.look();
    assertThat(found(finding)).isEqualTo("failed disk.unwritable");
    assertThat(finding.values()).containsEntry("reason", "NoSuchFile");
  }

  @Test
  void aGcidThatSomebodyWroteOutIsNotTold() {
    String gcid = "1f2e3d4c-0000-4000-8000-00000000abcd";
    assertThat(SubscriptionCheck.withoutGcid("{gcid}/+")).isEqualTo("{gcid}/+");
    assertThat(SubscriptionCheck.withoutGcid(gcid + "/+")).isEqualTo("{gcid}/+");
    assertThat(SubscriptionCheck.withoutGcid(gcid + "/A, " + gcid + "/B," + gcid + "/#"))
        .isEqualTo("{gcid}/A, {gcid}/B,{gcid}/#");
  }
}
