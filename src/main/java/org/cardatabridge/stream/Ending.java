// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.common.MqttException;

/**
 * How a connection, or an attempt at one, came to its end. Immutable.
 *
 * @param kind which rule of the back-off holds
 * @param code the broker's reason code; null where there was none
 * @param floor the shortest pause after it
 * @param text what happened, in words, without a full stop
 */
record Ending(Kind kind, Integer code, Duration floor, String text) {

  /** Classes of endings, each with a rule of its own. */
  enum Kind {
    /** No word from the broker: the network, DNS, TCP. */
    NETWORK,
    /** The other side closed it without a word: the network, or a server that gives no reasons. */
    CLOSED,
    /** The same in place of a SUBACK: as before, or a refused filter of a server that says none. */
    UNANSWERED,
    /** The broker refused or ended it, or did not keep to the protocol. */
    BROKER,
    /** The broker does not grant a filter that we subscribe to. */
    FILTER,
    /** The broker does not take our credentials. */
    AUTH,
    /** Another client took the session over. */
    TAKEN_OVER,
    /** The broker says that the quota is used up. */
    QUOTA;

    /** The spelling for others. */
    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static final String REMEDY = " — ";
  private static final Duration NO_FLOOR = Duration.ZERO;

  /** Whether the words say what to do as well. */
  boolean hasRemedy() {
    return text.contains(REMEDY);
  }

  /** A reason code from CONNACK or DISCONNECT. */
  static Ending ofCode(int code, Peer peer) {
    String name = peer.name();
    return switch (code) {
      case 4, 134 ->
          new Ending(Kind.AUTH, code, seconds(30), name + " does not take " + peer.credentials());
      case 5, 135 -> new Ending(Kind.AUTH, code, seconds(30), name + " says not authorized");
      case 142 -> new Ending(Kind.TAKEN_OVER, code, seconds(10), "another client took over");
      case 151 -> new Ending(Kind.QUOTA, code, seconds(60), name + " says quota exceeded");
      case 128 ->
          new Ending(Kind.BROKER, code, seconds(20), name + " reports an unspecified error");
      case 133 -> new Ending(Kind.BROKER, code, seconds(20), name + " does not take the client id");
      case 132 ->
          new Ending(
              Kind.BROKER,
              code,
              NO_FLOOR,
              name + " does not take this version of MQTT" + peer.versionAdvice());
      case 136 -> new Ending(Kind.BROKER, code, seconds(20), name + "'s server is unavailable");
      case 137 -> new Ending(Kind.BROKER, code, seconds(20), name + "'s server is busy");
      case 139 -> new Ending(Kind.BROKER, code, NO_FLOOR, name + "'s server is shutting down");
      case 141 -> new Ending(Kind.BROKER, code, NO_FLOOR, name + " missed our keep-alive");
      case 152 ->
          new Ending(Kind.BROKER, code, NO_FLOOR, name + " ended it by an administrative act");
      case 160 -> new Ending(Kind.BROKER, code, NO_FLOOR, name + "'s maximum connect time is over");
      default -> new Ending(Kind.BROKER, code, NO_FLOOR, name + " ended it with code " + code);
    };
  }

  /** A SUBACK that did not grant every filter. */
  static Ending ofSubAck(int code, Peer peer) {
    return new Ending(
        Kind.FILTER,
        code,
        seconds(20),
        code == 135
            ? peer.name() + " does not allow a filter of " + peer.filters()
            : peer.name() + " refused a filter of " + peer.filters());
  }

  /** A connection that was closed in place of a SUBACK, for the first time in a row. */
  static Ending ofUnanswered(Peer peer) {
    return new Ending(
        Kind.UNANSWERED,
        null,
        NO_FLOOR,
        peer.name() + " closed the connection at SUBSCRIBE without a reason");
  }

  /** A connection that was closed in place of a SUBACK again. */
  static Ending ofUnansweredAgain(Peer peer) {
    return new Ending(
        Kind.FILTER,
        null,
        seconds(20),
        peer.name()
            + " closed the connection at SUBSCRIBE, as it does for a filter of "
            + peer.filters()
            + " that it does not allow");
  }

  /** Whether it says nothing of us: the network may be behind it, and no pause helps. */
  boolean isLoss() {
    return kind == Kind.NETWORK || kind == Kind.CLOSED || kind == Kind.UNANSWERED;
  }

  /** No answer in time. */
  static Ending ofTimeout(String missing, Peer peer) {
    return new Ending(
        Kind.BROKER, null, NO_FLOOR, peer.name() + " sent no " + missing + " in time");
  }

  /** Whatever Paho throws. */
  static Ending of(Throwable thrown, Peer peer) {
    if (thrown instanceof MqttException e && e.getCause() == null) {
      int code = e.getReasonCode();
      if (code == 4 || code == 5 || code >= 128 && code <= 255) {
        return ofCode(code, peer);
      }
      return switch (code) {
        case MqttClientException.REASON_CODE_CLIENT_TIMEOUT,
            MqttClientException.REASON_CODE_WRITE_TIMEOUT ->
            network(peer.name() + " does not answer our keep-alive");
        case MqttClientException.REASON_CODE_CONNECTION_LOST,
            MqttClientException.REASON_CODE_CLIENT_DISCONNECTING,
            MqttClientException.REASON_CODE_CLIENT_NOT_CONNECTED ->
            network("the connection broke");
        default ->
            new Ending(
                Kind.BROKER,
                null,
                NO_FLOOR,
                peer.name() + " sent what MQTT does not allow: " + code);
      };
    }
    Throwable cause = thrown;
    while (cause instanceof MqttException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof MqttException) {
      return of(cause, peer);
    }
    if (cause instanceof UnknownHostException) {
      return network("DNS does not know " + peer.name() + "'s host");
    }
    if (cause instanceof NoRouteToHostException) {
      return network("there is no network");
    }
    if (cause instanceof ConnectException) {
      return network(peer.name() + "'s port does not answer");
    }
    if (cause instanceof SocketTimeoutException) {
      return network(peer.name() + "'s host does not answer");
    }
    if (cause instanceof Mqtt5Input.OlderBrokerException) {
      return new Ending(
          Kind.BROKER, null, NO_FLOOR, peer.name() + " answers in MQTT 3.1.1" + peer.olderAdvice());
    }
    if (cause instanceof ProtocolException) {
      return new Ending(Kind.BROKER, null, NO_FLOOR, peer.stream() + ": " + cause.getMessage());
    }
    if (cause instanceof SSLException) {
      Optional<TlsRefusal> refusal = TlsRefusal.of(thrown, peer);
      boolean isOurs = refusal.filter(r -> r.party() == TlsRefusal.Party.OURS).isPresent();
      return new Ending(
          isOurs ? Kind.AUTH : Kind.BROKER,
          null,
          isOurs ? seconds(30) : NO_FLOOR,
          "TLS with "
              + peer.name()
              + " failed: "
              + refusal
                  .map(TlsRefusal::sentence)
                  .orElse(
                      cause.getMessage()
                          + " — it is tried again by itself; where it goes on, look at the way"
                          + " there (firewall, proxy)"));
    }
    if (cause instanceof EOFException) {
      return new Ending(
          Kind.CLOSED, null, NO_FLOOR, peer.name() + " closed the connection without a reason");
    }
    return network("the connection broke");
  }

  private static Ending network(String text) {
    return new Ending(Kind.NETWORK, null, NO_FLOOR, text);
  }

  private static Duration seconds(int n) {
    return Duration.ofSeconds(n);
  }
}
