// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
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
import org.cardatabridge.stream.PromptSocket;

/**
 * Shakes hands with a server as the bridge does, and where that fails once more without trust, to
 * learn who is there: nothing but {@code HEAD /} is ever sent. A server that wants a certificate of
 * ours says what it thinks of it only after the handshake, so it is listened to for a moment.
 * Remembers what it saw. Safe for use by many threads.
 */
final class TlsProbe {

  private static final Duration PATIENCE = Duration.ofSeconds(6);
  private static final Duration WORD_OF_REFUSAL = Duration.ofSeconds(1);
  private static final String ALERT = "Received fatal alert:";
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
    /** It does not take our own certificate. */
    REFUSED,
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
    } catch (RefusedException e) {
      return nobody(Problem.REFUSED, e.getMessage());
    } catch (SSLException e) {
      String detail = String.valueOf(e.getMessage());
      return host.asksWho() && detail.contains(ALERT) && !isOfVersion(detail)
          ? nobody(Problem.REFUSED, alert(detail))
          : withoutTrust(host, detail);
    } catch (IOException e) {
      return unreachable(e);
    }
  }

  private static String alert(String detail) {
    return detail.contains(ALERT)
        ? detail.substring(detail.indexOf(ALERT) + ALERT.length()).strip()
        : detail;
  }

  private static Seen nobody(Problem problem, String detail) {
    return new Seen(problem, null, "", "", null, null, null, detail);
  }

  private Seen withoutTrust(Host host, String detail) {
    Anybody anybody = new Anybody();
    Problem problem = Problem.UNTRUSTED;
    try {
      problem = passesWithoutName(host) ? Problem.WRONG_NAME : Problem.UNTRUSTED;
      return ofNow(shake(host, trusting(anybody), false, problem, detail));
    } catch (SSLException e) {
      // A server that wants a certificate hangs up on whoever has none, but has shown its own.
      if (anybody.leaf != null) {
        return ofNow(seen(problem, null, anybody.leaf, null, detail));
      }
      return nobody(
          isOfVersion(String.valueOf(e.getMessage())) ? Problem.TOO_OLD : Problem.OTHER, detail);
    } catch (IOException e) {
      return unreachable(e);
    }
  }

  /** The alert is told in the message only. */
  private static boolean isOfVersion(String message) {
    String said = message.toLowerCase(Locale.ROOT);
    return said.contains("protocol_version") || said.contains("appropriate protocol");
  }

  private Seen ofNow(Seen who) {
    boolean isOfNow =
        !clock.instant().isBefore(who.from()) && !clock.instant().isAfter(who.until());
    return isOfNow || who.problem() == Problem.WRONG_NAME
        ? who
        : new Seen(
            Problem.EXPIRED,
            who.protocol(),
            who.subject(),
            who.issuer(),
            who.from(),
            who.until(),
            who.ahead(),
            who.detail());
  }

  private boolean passesWithoutName(Host host) throws IOException {
    try {
      shake(host, trusted, false, Problem.WRONG_NAME, "");
      return true;
    } catch (SSLException e) {
      return false;
    }
  }

  private static Seen unreachable(IOException e) {
    return nobody(
        Problem.UNREACHABLE,
        e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
  }

  private Seen shake(
      Host host, SSLContext context, boolean withName, Problem problem, String detail)
      throws IOException {
    // A server that refuses our certificate may hang up while we still speak.
    try (Socket socket = new PromptSocket()) {
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
      if (host.asksWho() && problem == Problem.NONE) {
        listen(tls);
      }
      return seen(
          problem, session.getProtocol(), leaf, host.isHttp() ? ahead(tls, host) : null, detail);
    }
  }

  private static Seen seen(
      Problem problem, String protocol, X509Certificate leaf, Duration ahead, String detail) {
    return new Seen(
        problem,
        protocol,
        leaf.getSubjectX500Principal().getName(),
        leaf.getIssuerX500Principal().getName(),
        leaf.getNotBefore().toInstant(),
        leaf.getNotAfter().toInstant(),
        ahead,
        detail);
  }

  /** A broker that takes our certificate says nothing before we do. */
  private static void listen(SSLSocket tls) throws IOException {
    tls.setSoTimeout((int) WORD_OF_REFUSAL.toMillis());
    try {
      if (tls.getInputStream().read() < 0) {
        throw new RefusedException("it closed the connection");
      }
    } catch (SocketTimeoutException e) {
      // As it should be.
    } catch (SSLException e) {
      throw new RefusedException(alert(String.valueOf(e.getMessage())));
    } catch (SocketException e) {
      throw new RefusedException("it broke the connection");
    }
  }

  /** The server does not take our certificate. */
  private static final class RefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
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

  private static SSLContext trusting(Anybody anybody) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {anybody}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform must have TLS", e);
    }
  }

  /** Takes each certificate, so that it can be looked at; no secret ever goes to such a server. */
  private static final class Anybody implements X509TrustManager {

    private X509Certificate leaf;

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("there are no clients here");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      leaf = chain[0];
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
