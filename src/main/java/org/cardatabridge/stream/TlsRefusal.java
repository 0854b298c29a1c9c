// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.io.EOFException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * Why a TLS connection did not come about, in words. Immutable.
 *
 * <p>In TLS 1.3 a server says only after the handshake what it thinks of our certificate, so this
 * is for whatever a connection threw at any time.
 *
 * @param party whose certificate it is about
 * @param sentence what is wrong and what to do, without a full stop; nothing that is secret
 */
public record TlsRefusal(Party party, String sentence) {

  /** Whose certificate was refused. */
  public enum Party {
    /** The server does not take ours: nothing but other files helps. */
    OURS,
    /** We do not take the server's. */
    THEIRS,
    /** Neither, or nobody knows. */
    NEITHER
  }

  private static final int MOST_CAUSES = 20;
  private static final String NEW_FILES =
      "download a new one from High Mobility and put its files in place of these";
  private static final String SAME_ENVIRONMENT =
      "check that cardata.highmobility.host is the host High Mobility names for this certificate"
          + " (live and sandbox, V1 and V2 differ), or "
          + NEW_FILES;

  /** The alerts of RFC 8446, section 6, that are about our certificate. */
  private static final Map<String, String> ABOUT_OURS =
      Map.of(
          "certificate_required",
          "the server asks for a client certificate and got none that it takes — " + NEW_FILES,
          "certificate_expired",
          "the server says that our client certificate has expired — "
              + NEW_FILES
              + ", and look at this machine's clock",
          "certificate_revoked",
          "the server says that our client certificate was revoked — " + NEW_FILES,
          "unknown_ca",
          "the server does not know who signed our client certificate — " + SAME_ENVIRONMENT,
          "certificate_unknown",
          "the server does not take our client certificate — " + SAME_ENVIRONMENT,
          "bad_certificate",
          "the server does not take our client certificate — " + SAME_ENVIRONMENT,
          "unsupported_certificate",
          "the server does not take a client certificate of this kind — " + SAME_ENVIRONMENT,
          "access_denied",
          "the server knows our client certificate and does not let it in — ask High Mobility"
              + " whether the application is active",
          "decrypt_error",
          "the server says that our key does not fit our client certificate — " + NEW_FILES);

  /** The sentence alone; null where nothing of TLS is in it. */
  public static String sentence(Throwable thrown) {
    return of(thrown).map(TlsRefusal::sentence).orElse(null);
  }

  /** The same with High Mobility as the other side. */
  public static Optional<TlsRefusal> of(Throwable thrown) {
    return of(thrown, Peer.HIGH_MOBILITY);
  }

  /**
   * What a connection, an attempt at one or Paho threw.
   *
   * @return empty where no exception of TLS is among its causes, or one that says nothing to a user
   */
  static Optional<TlsRefusal> of(Throwable thrown, Peer peer) {
    SSLException tls = find(thrown, SSLException.class);
    if (tls == null) {
      return Optional.empty();
    }
    String said = texts(tls);
    // Java tells of an alert and of a wrong name in its text only.
    if (said.contains("received fatal alert")) {
      return Optional.of(alert(said, peer));
    }
    if (find(tls, CertificateException.class) != null
        || find(tls, CertPathValidatorException.class) != null) {
      return Optional.of(theirs(tls, said, peer));
    }
    if (said.contains("unrecognized ssl message") || said.contains("unsupported record version")) {
      return Optional.of(
          neither("something without TLS answers at this port — check " + hostAndPort(peer)));
    }
    if (said.contains("no appropriate protocol")) {
      return Optional.of(tooOld(peer));
    }
    if (find(tls, EOFException.class) != null) {
      return Optional.of(
          neither(
              "the server broke the TLS handshake off without a word — check "
                  + hostAndPort(peer)));
    }
    return Optional.empty();
  }

  private static TlsRefusal alert(String said, Peer peer) {
    boolean showsOurs = !peer.renews();
    for (Map.Entry<String, String> each : ABOUT_OURS.entrySet()) {
      if (showsOurs && said.contains("received fatal alert: " + each.getKey())) {
        return new TlsRefusal(Party.OURS, each.getValue());
      }
    }
    if (said.contains("protocol_version") || said.contains("insufficient_security")) {
      return tooOld(peer);
    }
    if (showsOurs && said.contains("handshake_failure")) {
      return new TlsRefusal(
          Party.OURS,
          "the server broke the TLS handshake off, as it does without a client certificate that it"
              + " takes — "
              + SAME_ENVIRONMENT);
    }
    if (said.contains("unrecognized_name")) {
      return neither("the server does not know this host name — check " + host(peer));
    }
    return neither("the server broke TLS off — try again later, or check " + host(peer));
  }

  private static String host(Peer peer) {
    return peer.settings() + "host";
  }

  private static String hostAndPort(Peer peer) {
    return host(peer) + " and " + peer.settings() + "port";
  }

  private static TlsRefusal theirs(SSLException tls, String said, Peer peer) {
    CertPathValidatorException path = find(tls, CertPathValidatorException.class);
    Object reason = path == null ? null : path.getReason();
    if (reason == CertPathValidatorException.BasicReason.EXPIRED
        || find(tls, CertificateExpiredException.class) != null) {
      return theirs("the server's certificate has expired — look at this machine's clock");
    }
    if (reason == CertPathValidatorException.BasicReason.NOT_YET_VALID
        || find(tls, CertificateNotYetValidException.class) != null) {
      return theirs("the server's certificate is not yet valid — look at this machine's clock");
    }
    if (said.contains("no name matching") || said.contains("no subject alternative")) {
      return theirs(
          "the server's certificate is made out to another host name — check " + host(peer));
    }
    return theirs(
        "the server's certificate is signed by none of the CAs that we trust — " + peer.caAdvice());
  }

  private static TlsRefusal tooOld(Peer peer) {
    return neither(
        "the server and this Java have no TLS version in common — check " + hostAndPort(peer));
  }

  private static TlsRefusal theirs(String sentence) {
    return new TlsRefusal(Party.THEIRS, sentence);
  }

  private static TlsRefusal neither(String sentence) {
    return new TlsRefusal(Party.NEITHER, sentence);
  }

  private static String texts(Throwable thrown) {
    StringBuilder all = new StringBuilder();
    int depth = 0;
    for (Throwable t = thrown; t != null && depth < MOST_CAUSES; t = t.getCause(), depth++) {
      all.append(t.getMessage()).append('\n');
    }
    return all.toString().toLowerCase(Locale.ROOT);
  }

  private static <T extends Throwable> T find(Throwable thrown, Class<T> type) {
    int depth = 0;
    for (Throwable t = thrown; t != null && depth < MOST_CAUSES; t = t.getCause(), depth++) {
      if (type.isInstance(t)) {
        return type.cast(t);
      }
    }
    return null;
  }
}
