// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

/**
 * The other side of a session: its name, its ways and the words for them. Everything that tells one
 * broker's sentences from another's stands here. Immutable.
 *
 * @param word what its sources and threads are called
 * @param name its name in sentences
 * @param renews whether the bridge itself gets newer credentials, as tokens are; otherwise a person
 *     puts others in place
 * @param settings what the names of the settings of its host and port begin with
 * @param caAdvice what to do where none of our CAs signed its certificate
 * @param account what one connection is allowed for
 * @param route the route that consumes its stream
 * @param filters the setting that names what is subscribed to
 * @param filterAdvice what to do where it does not grant a filter
 * @param credentials what it may refuse to take
 * @param refusedAdvice what to do where it refuses the credentials
 * @param otherClients what to do where another client takes the session
 * @param closedAdvice what may be behind a connection that it closed before it answered
 * @param olderAdvice what to do where it speaks an older MQTT
 * @param closesUnanswered whether it closes the connection in place of refusing a filter
 */
public record Peer(
    String word,
    String name,
    boolean renews,
    String settings,
    String caAdvice,
    String account,
    String route,
    String filters,
    String filterAdvice,
    String credentials,
    String refusedAdvice,
    String otherClients,
    String closedAdvice,
    String olderAdvice,
    boolean closesUnanswered) {

  /** BMW CarData, with tokens of a login. */
  public static final Peer BMW =
      new Peer(
          "bmw",
          "BMW",
          true,
          "cardata.stream.",
          "somebody in between opens TLS: take the host out of the TLS inspection of your proxy,"
              + " firewall or virus scanner or, where that is meant, name its CA in"
              + " cardata.tls.ca-file",
          "account",
          "ingest-stream",
          "cardata.stream.topics",
          " — set it to {gcid}/+, or to topics below it, unless this happens with that as well",
          "user and token",
          "check in BMW's portal that the client id is subscribed to CarData Streaming, then log in"
              + " again if it goes on",
          " — stop the other one (a second bridge, evcc, a Home Assistant integration, a forgotten"
              + " container), BMW allows one",
          "",
          "",
          false);

  /** High Mobility, with a client certificate. */
  public static final Peer HIGH_MOBILITY =
      new Peer(
          "highmobility",
          "High Mobility",
          false,
          "cardata.highmobility.",
          "check that cardata.highmobility.ca-file is the CA file that came with the certificate,"
              + " and cardata.highmobility.host",
          "certificate",
          "ingest-highmobility",
          "cardata.highmobility.topic",
          " — check cardata.highmobility.app-id, and that cardata.highmobility.topic begins with"
              + " the application's environment (live or sandbox)",
          "the certificate",
          "check that certificate, key and cardata.highmobility.client-id belong together and that"
              + " the application is active, or download the three files anew",
          " — stop the other one (a second bridge, a script, a forgotten container), High Mobility"
              + " allows one for each certificate",
          "where this goes on, it does not take the certificate or cardata.highmobility.client-id, or"
              + " speaks MQTT 3.1.1 only (cardata.highmobility.protocol=3.1.1); ",
          " — set cardata.highmobility.protocol=3.1.1",
          true);

  /** What to do where it does not take the version of MQTT that we speak. */
  String versionAdvice() {
    return olderAdvice.isEmpty() ? "" : " — choose the other one in cardata.highmobility.protocol";
  }

  /** What comes from it. */
  String stream() {
    return name + "'s stream";
  }
}
