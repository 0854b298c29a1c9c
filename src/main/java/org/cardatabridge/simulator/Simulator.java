// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * A simulated BMW: the HTTPS login, the MQTT stream, the REST API, cars, and a control API to
 * script them. Safe for use by many threads; every method waits until its effect has taken place.
 * Methods throw {@link IllegalArgumentException} with a sentence for an account, car or value that
 * does not exist.
 */
public final class Simulator implements AutoCloseable {

  private static final long TICK_MILLIS = 100;

  private final Loop loop;
  private final ThrowAwayCa ca;
  private final Doors doors;
  private final World world;
  private final ControlApi control;
  private final Operations operations;

  private Simulator(SimulatorConfig config, Loop loop) throws IOException {
    this.loop = loop;
    Vertx vertx = loop.vertx();
    ca = ThrowAwayCa.make(config.directory(), config.host());
    doors = new Doors(vertx, config, ca);
    world = new World(config, vertx, doors, new TokenMint());
    operations = new Operations(world);
    control = new ControlApi(vertx, world, operations, doors);
    LoginServer login =
        new LoginServer(
            vertx,
            config.clock(),
            world::behaviour,
            world.authority(),
            world.faults(),
            doors.loginGate(),
            world::note);
    loop.await(() -> doors.openLogin(login::handle));
    ApiServer api =
        new ApiServer(
            vertx,
            config.clock(),
            world.api(),
            world::behaviour,
            world.faults(),
            doors.apiGate(),
            world::note);
    loop.await(() -> doors.openApi(api::handle));
    loop.await(() -> doors.openStream(world.broker()::connect));
    world.highMobility().ifPresent(h -> loop.await(h::open));
    loop.await(() -> doors.openControl(control::handle));
    AtomicLong last = new AtomicLong(System.nanoTime());
    loop.call(
        () ->
            vertx.setPeriodic(
                TICK_MILLIS,
                t -> {
                  long now = System.nanoTime();
                  world.tick(Duration.ofNanos(now - last.getAndSet(now)));
                }));
  }

  /**
   * Starts a simulator and waits until its doors are open.
   *
   * @throws IOException when the files of its certificates cannot be written
   * @throws IllegalStateException when a port is taken
   */
  public static Simulator start(SimulatorConfig config) throws IOException {
    Loop loop = new Loop();
    try {
      return new Simulator(config, loop);
    } catch (IOException | RuntimeException e) {
      loop.close();
      throw e;
    }
  }

  /** Base of the OAuth endpoints, without a slash at its end. */
  public URI authUrl() {
    return doors.authUrl();
  }

  /** Host name of the broker. */
  public String streamHost() {
    return doors.streamHost();
  }

  /** Port of the broker: MQTT in TLS 1.3. */
  public int streamPort() {
    return doors.streamPort();
  }

  /** Base of the REST API, without a slash at its end. */
  public URI apiUrl() {
    return doors.apiUrl();
  }

  /** Base of the control API, without a slash at its end. */
  public URI controlUrl() {
    return doors.controlUrl();
  }

  /** PEM file with the CA that signed both servers; an absolute path. */
  public Path caFile() {
    return ca.file();
  }

  /** Environment variables that point a bridge at the first account, in a fixed order. */
  public Map<String, String> environment() {
    return doors.environment();
  }

  /**
   * Its High Mobility side.
   *
   * @throws IllegalStateException where it was started without one
   */
  public HighMobility highMobility() {
    return new HighMobility(
        loop,
        world
            .highMobility()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "asking for High Mobility: this simulator has none — start it with"
                            + " SimulatorConfig.highMobility")));
  }

  /** What a person needs who started it: doors, CA, variables, accounts. Ends with a line break. */
  public String describe() {
    return doors.describe() + world.highMobility().map(HighMobilityWorld::describe).orElse("");
  }

  /** Changes the behaviour from now on; tokens that exist keep their lifetimes. */
  public void change(UnaryOperator<Behaviour> how) {
    loop.call(
        () -> {
          world.change(how);
          return null;
        });
  }

  /** Lets the next so many answers of a place go wrong. */
  public void fault(Place place, Fault fault, int times) {
    loop.call(
        () -> {
          world.faults().add(place, fault, times, null);
          return null;
        });
  }

  /** Lets the next so many answers of a place to one account go wrong. */
  public void fault(Place place, Fault fault, int times, String clientId) {
    loop.call(
        () -> {
          String known = world.accounts().named(clientId).config().clientId();
          world.faults().add(place, fault, times, known);
          return null;
        });
  }

  /** Lets the next answer of a place go wrong. */
  public void fault(Place place, Fault fault) {
    fault(place, fault, 1);
  }

  /**
   * Carries out an operation of the control API.
   *
   * @param name as in docs/simulator.md, for example {@code burst}
   * @param json its arguments as a JSON object
   * @return its answer as JSON
   */
  public String perform(String name, String json) {
    return loop.call(() -> operations.perform(name, new JsonObject(json)).encode());
  }

  /** Starts a scenario in place of the one under way; {@code {"steps":[…]}}. */
  public void play(String scenario) {
    loop.call(() -> control.play(scenario));
  }

  /** Approves every login that waits; gives how many those were. */
  public int approve() {
    return decide("approve");
  }

  /** Refuses every login that waits; gives how many those were. */
  public int deny() {
    return decide("deny");
  }

  private int decide(String decision) {
    return loop.call(() -> operations.perform(decision, new JsonObject()).getInteger("logins"));
  }

  /** Codes of the logins that wait for their user. */
  public List<String> waitingCodes() {
    return loop.call(
        () -> world.authority().waiting().stream().map(DeviceLogin::userCode).toList());
  }

  /** A token answer for an account, as JSON, as if a login had just been approved. */
  public String tokens(String clientId) {
    return loop.call(() -> world.authority().issue(world.accounts().named(clientId)).encode());
  }

  /** Refuses all id tokens made so far, valid or not: only a refresh helps. */
  public void refuseTokens(String clientId) {
    loop.call(
        () -> {
          world.accounts().named(clientId).refuseIdTokens();
          return null;
        });
  }

  /** Makes the refresh tokens of an account useless. */
  public void killRefreshTokens(String clientId) {
    loop.call(
        () -> {
          world.accounts().named(clientId).killRefreshTokens();
          return null;
        });
  }

  /** Ends a session by DISCONNECT with a reason (0: without); false when none is open. */
  public boolean disconnect(String gcid, int code) {
    return loop.call(() -> world.broker().sessions().disconnect(gcid, code));
  }

  /** Resets a session's TCP connection; false when none is open. */
  public boolean reset(String gcid) {
    return loop.call(() -> world.broker().sessions().reset(gcid));
  }

  /** Lets a session's connection fall silent for good; false when none is open. */
  public boolean stall(String gcid) {
    return loop.call(() -> world.broker().sessions().stall(gcid));
  }

  /** Publishes a payload on a car's topic; gives its number. */
  public long publish(String vin, byte[] payload) {
    return loop.call(() -> world.fleet().publish(vin, payload));
  }

  /** Publishes one value, measured now, in BMW's shape; gives the message's number. */
  public long publish(String vin, String key, Object value, String unit) {
    return loop.call(
        () -> {
          Envelope envelope = world.fleet().envelope(vin);
          DataPoint point = new DataPoint(key, value, unit, world.clock().instant());
          String json = envelope.around(world.clock().instant(), List.of(point)).encode();
          world.fleet().vehicle(vin).values().note(List.of(point));
          return world.fleet().publish(vin, json.getBytes(StandardCharsets.UTF_8));
        });
  }

  /** Tells a car what to do. */
  public void car(String vin, CarAction action) {
    loop.call(
        () -> {
          world.fleet().perform(vin, action);
          return null;
        });
  }

  /** Sends all payloads of an odd case from a car. */
  public void odd(String vin, OddMessage odd) {
    loop.call(
        () -> {
          world.traffic().odd(vin, odd);
          return null;
        });
  }

  /** What happened to sessions, oldest first. */
  public List<SessionEvent> sessionLog() {
    return loop.call(() -> world.sessions().events());
  }

  /** How many sessions of an account are open. */
  public int openSessions(String gcid) {
    return loop.call(() -> world.sessions().open(gcid));
  }

  /** The most sessions of an account that were ever open at once. */
  public int mostOpenSessions(String gcid) {
    return loop.call(() -> world.sessions().mostOpen(gcid));
  }

  /** Whether an account has an open session with a filter. */
  public boolean isSubscribed(String gcid) {
    return loop.call(() -> world.broker().session(gcid).filter(Session::isSubscribed).isPresent());
  }

  /** Requests to the login, oldest first. */
  public List<LoginRequest> requests() {
    return loop.call(() -> world.requests());
  }

  /** Requests to the REST API, oldest first. */
  public List<ApiRequest> apiRequests() {
    return loop.call(() -> world.apiRequests());
  }

  /** How many REST calls of an account count now. */
  public int apiCallsUsed(String clientId) {
    return loop.call(() -> world.quota(world.accounts().named(clientId)).getInteger("used"));
  }

  /** Lets an account have made so many REST calls just now, and no others. */
  public void useApiCalls(String clientId, int calls) {
    loop.call(
        () ->
            operations.perform(
                "quota", new JsonObject().put("clientId", clientId).put("used", calls)));
  }

  /** Lets all access tokens of an account be expired: only a refresh helps. */
  public void expireAccessTokens(String clientId) {
    loop.call(
        () -> {
          world.authority().accessTokens().expire(world.accounts().named(clientId));
          return null;
        });
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

  /** Closes all doors and connections and ends its thread. */
  @Override
  public void close() {
    loop.close();
  }
}
