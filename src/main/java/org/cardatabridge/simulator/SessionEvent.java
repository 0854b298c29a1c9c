// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;

/**
 * One thing that happened to an MQTT session. Immutable.
 *
 * @param at when
 * @param gcid user name of the client, or the id of its certificate; empty where it has none
 * @param session number of the session, counted from 1; each CONNECT has its own
 * @param kind what happened
 * @param code MQTT 5 reason code that went with it, or the protocol level for {@code CONNECTED}
 * @param clientId MQTT client id
 * @param detail in words; topic filters for subscriptions
 */
public record SessionEvent(
    Instant at, String gcid, int session, Kind kind, int code, String clientId, String detail) {

  /** What can happen to a session. */
  public enum Kind {
    /** CONNECT accepted. */
    CONNECTED(false),
    /** CONNECT refused, not answered, or reset. */
    REFUSED(false),
    /** SUBSCRIBE granted. */
    SUBSCRIBED(false),
    /** SUBSCRIBE refused or not answered. */
    SUBSCRIBE_REFUSED(false),
    /** UNSUBSCRIBE answered. */
    UNSUBSCRIBED(false),
    /** The connection was told to fall silent. */
    STALLED(false),
    /** The client sent DISCONNECT. */
    CLIENT_DISCONNECT(true),
    /** The client, its keep-alive or the network closed the connection without DISCONNECT. */
    CLOSED(true),
    /** Another client connected with the same account or certificate. */
    TAKEN_OVER(true),
    /** The id token or the certificate ran out. */
    EXPIRED(true),
    /** Dropped after a filter outside the ACL, or for breaking the protocol. */
    DROPPED(true),
    /** A command sent DISCONNECT. */
    KICKED(true),
    /** A command or a fault reset the TCP connection. */
    RESET(true);

    private final boolean end;

    Kind(boolean end) {
      this.end = end;
    }

    /** Whether a session is over with it. */
    public boolean isEnd() {
      return end;
    }
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("at", at.toString())
        .put("gcid", gcid)
        .put("session", session)
        .put("kind", kind.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .put("code", code)
        .put("clientId", clientId)
        .put("detail", detail);
  }
}
