// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Shakes hands with a server as the bridge does, and where that fails once more without trust, to
 * learn who is there: nothing but {@code HEAD /} is ever sent. Remembers what it saw. Safe for use
 * by many threads.
 */
final class TlsProbe {

  private static final Duration PATIENCE = Duration.ofSeconds(4);
  private static final int MOST_LINES = 100;

  private final SSLContext trusted;
  private final Clock clock;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  /** What is wrong with a server. */
  enum Problem {
    NONE,
    UNREACHABLE,
    TOO_OLD,
    UNTRUSTED,
    WRONG_NAME,
    EXPIRED,
    OTHER
  }

  /**
   * What was seen of a server. Immutable.
   *
   * @param protocol such as {@code TLSv1.3}; null where no handshake came about
   * @param subject whose certificate it is; empty where none was seen
   * @param issuer who signed that; empty where none was seen
   * @param from since when the certificate is valid; null where none was seen
   * @param until until when; null where none was seen
   * @param ahead how far this machine's clock is ahead of the server's; null where that is not
   *     known
   * @param detail what Java said; empty for nothing
   */
  record Seen(
      Problem problem,
      String protocol,
      String subject,
      String issuer,
      Instant from,
      Instant until,
      Duration ahead,
      String detail) {}

  TlsProbe(SSLContext trusted, Clock clock) {
    this.trusted = trusted;
    this.clock = clock;
  }

  /** Looks at a server; the first look counts. */
  Seen look(Host host) {
    String key = host.name() + ":" + host.port() + host.isHttp();
    Seen known = seen.get(key);
    if (known == null) {
      known = probe(host);
      seen.put(key, known);
    }
    return known;
  }

  private Seen probe(Host host) {
    try {
      return shake(host, trusted, true, Problem.NONE, "");
    } catch (SSLException e) {
      return withoutTrust(host, e);
    } catch (IOException e) {
      return unreachable(e);
    }
  }

  private Seen withoutTrust(Host host, SSLException refused) {
    String detail = String.valueOf(refused.getMessage());
    try {
      Problem problem = passesWithoutName(host) ? Problem.WRONG_NAME : Problem.UNTRUSTED;
      Seen who = shake(host, trustingAll(), false, problem, detail);
      boolean isOfNow =
          !clock.instant().isBefore(who.from()) && !clock.instant().isAfter(who.until());
      return isOfNow || problem == Problem.WRONG_NAME
          ? who
          : new Seen(
              Problem.EXPIRED,
              who.protocol(),
              who.subject(),
              who.issuer(),
              who.from(),
              who.until(),
              who.ahead(),
              detail);
    } catch (SSLException e) {
      // The alert is told in the message only.
      String said = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
      boolean isOld = said.contains("protocol_version") || said.contains("appropriate protocol");
      Problem problem = isOld ? Problem.TOO_OLD : Problem.OTHER;
      return new Seen(problem, null, "", "", null, null, null, detail);
    } catch (IOException e) {
      return unreachable(e);
    }
  }

  private boolean passesWithoutName(Host host) throws IOException {
    try {
      shake(host, trusted, false, Problem.NONE, "");
      return true;
    } catch (SSLException e) {
      return false;
    }
  }

  private static Seen unreachable(IOException e) {
    String detail = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new Seen(Problem.UNREACHABLE, null, "", "", null, null, null, detail);
  }

  private Seen shake(
      Host host, SSLContext context, boolean withName, Problem problem, String detail)
      throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host.name(), host.port()), (int) PATIENCE.toMillis());
      socket.setSoTimeout((int) PATIENCE.toMillis());
      SSLSocket tls =
          (SSLSocket)
              context.getSocketFactory().createSocket(socket, host.name(), host.port(), true);
      if (withName) {
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
      }
      tls.startHandshake();
      SSLSession session = tls.getSession();
      X509Certificate leaf = (X509Certificate) session.getPeerCertificates()[0];
      return new Seen(
          problem,
          session.getProtocol(),
          leaf.getSubjectX500Principal().getName(),
          leaf.getIssuerX500Principal().getName(),
          leaf.getNotBefore().toInstant(),
          leaf.getNotAfter().toInstant(),
          host.isHttp() ? ahead(tls, host) : null,
          detail);
    }
  }

  /** How far we are ahead of the answer's Date; null where it has none, or none comes. */
  private Duration ahead(SSLSocket tls, Host host) {
    try {
      OutputStream out = tls.getOutputStream();
      out.write(
          ("HEAD / HTTP/1.1\r\nHost: " + host.name() + "\r\nConnection: close\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(tls.getInputStream(), StandardCharsets.US_ASCII));
      for (int i = 0; i < MOST_LINES; i++) {
        String line = in.readLine();
        if (line == null || line.isEmpty()) {
          return null;
        }
        if (line.regionMatches(true, 0, "Date:", 0, 5)) {
          Instant date =
              ZonedDateTime.parse(line.substring(5).strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                  .toInstant();
          return Duration.between(date, clock.instant());
        }
      }
      return null;
    } catch (IOException | DateTimeException e) {
      return null;
    }
  }

  private static SSLContext trustingAll() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anybody()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform must have TLS", e);
    }
  }

  /** Takes each certificate, so that it can be looked at; no secret ever goes to such a server. */
  private static final class Anybody implements X509TrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("there are no clients here");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      // Whoever it is.
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
