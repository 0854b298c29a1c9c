// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The High Mobility side of a {@link Simulator}: a broker with client certificates, the
 * certificates' files, cars of several brands and their faults. Safe for use by many threads; every
 * method waits until its effect has taken place. A client id names an application, null the first.
 * Methods throw {@link IllegalArgumentException} with a sentence for an application, car or value
 * that does not exist.
 */
public final class HighMobility {

  private final Loop loop;
  private final HighMobilityWorld world;

  HighMobility(Loop loop, HighMobilityWorld world) {
    this.loop = loop;
    this.world = world;
  }

  /** Host name of the broker. */
  public String host() {
    return world.door().host();
  }

  /** Port of the broker. */
  public int port() {
    return world.door().port();
  }

  /** Id of the first application's certificate. */
  public String clientId() {
    return world.app(null).clientId();
  }

  /** The three files of an application's certificate. */
  public ClientFiles files(String clientId) {
    return world.files(world.app(clientId));
  }

  /** The three files of the first application's certificate. */
  public ClientFiles files() {
    return files(null);
  }

  /** Environment variables that point a bridge at the first application, in a fixed order. */
  public Map<String, String> environment() {
    return environment(null);
  }

  /** Environment variables that point a bridge at an application, in a fixed order. */
  public Map<String, String> environment(String clientId) {
    return world.environment(world.app(clientId));
  }

  /** Makes another certificate for an application, good or bad, in a folder of its own. */
  public ClientFiles issue(String clientId, CertificateOrder order) {
    return loop.call(() -> world.issue(world.app(clientId), order));
  }

  /** Writes another certificate, good or bad, over the files of an application's own. */
  public ClientFiles install(String clientId, CertificateOrder order) {
    return loop.call(() -> world.install(world.app(clientId), order));
  }

  /** Lets the certificates that an application has so far be expired, and closes its connection. */
  public void expire(String clientId) {
    condemn(clientId, ClientObjection.EXPIRED);
  }

  /** Revokes the certificates that an application has so far, and closes its connection. */
  public void revoke(String clientId) {
    condemn(clientId, ClientObjection.REVOKED);
  }

  private void condemn(String clientId, ClientObjection why) {
    run(() -> world.broker().condemn(world.app(clientId).clientId(), why));
  }

  /** Changes the behaviour from now on. */
  public void change(UnaryOperator<HighMobilityBehaviour> how) {
    run(() -> world.change(how));
  }

  /** Ends a session by DISCONNECT with a reason (0: without); false when none is open. */
  public boolean disconnect(String clientId, int code) {
    return loop.call(() -> sessions().disconnect(world.app(clientId).clientId(), code));
  }

  /** Resets a session's TCP connection; false when none is open. */
  public boolean reset(String clientId) {
    return loop.call(() -> sessions().reset(world.app(clientId).clientId()));
  }

  /** Lets a session's connection fall silent for good; false when none is open. */
  public boolean stall(String clientId) {
    return loop.call(() -> sessions().stall(world.app(clientId).clientId()));
  }

  /** Resets every connection, now and until it is told otherwise. */
  public void outage(boolean down) {
    run(() -> world.door().gate().setDown(down));
  }

  /** Publishes one property, measured now, in the application's shape; gives its number. */
  public long publish(String vin, String capability, String property, Object data) {
    return loop.call(() -> world.traffic().publish(vin, capability, property, data));
  }

  /** Publishes a payload of a car on a topic; gives its number. */
  public long publish(String vin, String topic, byte[] payload) {
    return loop.call(() -> world.fleet().publish(vin, topic, payload));
  }

  /** Tells a car what to do. */
  public void car(String vin, CarAction action) {
    run(() -> world.fleet().perform(vin, action));
  }

  /** Sends an odd message from a car; gives its number. */
  public long odd(String vin, HighMobilityOdd odd) {
    return loop.call(() -> world.traffic().odd(vin, odd));
  }

  /** What happened to sessions, oldest first; a client that TLS turned away has no client id. */
  public List<SessionEvent> sessionLog() {
    return loop.call(() -> world.log().events());
  }

  /** How many sessions of an application are open. */
  public int openSessions(String clientId) {
    return loop.call(() -> world.log().open(world.app(clientId).clientId()));
  }

  /** The most sessions of an application that were ever open at once. */
  public int mostOpenSessions(String clientId) {
    return loop.call(() -> world.log().mostOpen(world.app(clientId).clientId()));
  }

  /** Whether an application has an open session with its filter. */
  public boolean isSubscribed(String clientId) {
    return loop.call(
        () ->
            sessions()
                .session(world.app(clientId).clientId())
                .filter(Session::isSubscribed)
                .isPresent());
  }

  /** How many messages wait for an application or are not acknowledged yet. */
  public int held(String clientId) {
    return loop.call(() -> sessions().held(world.app(clientId).clientId()));
  }

  /** Published messages, oldest first. */
  public List<SentMessage> published() {
    return loop.call(() -> world.messages().published());
  }

  /** Acknowledged messages, in the order of their acknowledgements. */
  public List<SentMessage> acknowledged() {
    return loop.call(() -> world.messages().acknowledged());
  }

  /** How many messages had this fate, those forgotten by the log included. */
  public long count(SentMessage.Fate fate) {
    return loop.call(() -> world.messages().count(fate));
  }

  /** The {@code message_id} of a message; null where it has none. */
  public static String messageId(SentMessage message) {
    try {
      return Json.decodeValue(message.text()) instanceof JsonObject json
          ? json.getString("message_id")
          : null;
    } catch (DecodeException e) {
      return null;
    }
  }

  private Sessions sessions() {
    return world.broker().sessions();
  }

  private void run(Runnable work) {
    loop.call(
        () -> {
          work.run();
          return null;
        });
  }
}
