// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How the simulated BMW behaves until it is told otherwise: lifetimes, rules and the pace of its
 * cars. Immutable and safe for use by many threads; each method named after a value gives a changed
 * copy.
 */
public final class Behaviour {

  /** What happens when a refresh token is used a second time. */
  public enum RefreshReuse {
    /** The old token is refused and the newest of that login dies with it. */
    KILLS,
    /** The old token is refused, the newest one lives. */
    REFUSED,
    /** The old token still works, as if rotation had a period of grace. */
    ALLOWED
  }

  private Duration idTokenLife = Duration.ofHours(1);
  private Duration accessTokenLife = Duration.ofHours(1);
  private Duration refreshTokenLife = Duration.ofDays(14);
  private Duration deviceCodeLife = Duration.ofSeconds(300);
  private Duration pollInterval = Duration.ofSeconds(5);
  private Duration autoApproveAfter;
  private Duration refuseAfterDisconnect = Duration.ZERO;
  private boolean keepSessions;
  private boolean hashFilter;
  private int errorStatus;
  private RefreshReuse refreshReuse = RefreshReuse.KILLS;
  private int expiryCode;
  private double timeScale = 60;
  private boolean routine;
  private boolean busy;
  private boolean ticked = true;
  private Duration clockOffset = Duration.ZERO;
  private ApiRules api = ApiRules.likeBmw();

  private Behaviour() {}

  /** BMW's own lifetimes, no approval without a person, cars that do only what they are told. */
  public static Behaviour likeBmw() {
    return new Behaviour();
  }

  private Behaviour copy() {
    Behaviour b = new Behaviour();
    b.idTokenLife = idTokenLife;
    b.accessTokenLife = accessTokenLife;
    b.refreshTokenLife = refreshTokenLife;
    b.deviceCodeLife = deviceCodeLife;
    b.pollInterval = pollInterval;
    b.autoApproveAfter = autoApproveAfter;
    b.refuseAfterDisconnect = refuseAfterDisconnect;
    b.keepSessions = keepSessions;
    b.hashFilter = hashFilter;
    b.errorStatus = errorStatus;
    b.refreshReuse = refreshReuse;
    b.expiryCode = expiryCode;
    b.timeScale = timeScale;
    b.routine = routine;
    b.busy = busy;
    b.ticked = ticked;
    b.clockOffset = clockOffset;
    b.api = api;
    return b;
  }

  /** Life of id tokens made from now on; the broker closes a session when its token ends. */
  public Behaviour idTokenLife(Duration life) {
    Behaviour b = copy();
    b.idTokenLife = positive("id-token-life", life);
    return b;
  }

  /** Life of access tokens made from now on; {@code expires_in} says a second less. */
  public Behaviour accessTokenLife(Duration life) {
    Behaviour b = copy();
    b.accessTokenLife = positive("access-token-life", life);
    return b;
  }

  /** Life of refresh tokens made from now on. */
  public Behaviour refreshTokenLife(Duration life) {
    Behaviour b = copy();
    b.refreshTokenLife = positive("refresh-token-life", life);
    return b;
  }

  /** Life of device codes made from now on. */
  public Behaviour deviceCodeLife(Duration life) {
    Behaviour b = copy();
    b.deviceCodeLife = positive("device-code-life", life);
    return b;
  }

  /** Least time between two polls of a login that begins from now on. */
  public Behaviour pollInterval(Duration interval) {
    Behaviour b = copy();
    b.pollInterval = positive("poll-interval", interval);
    return b;
  }

  /** Approves each login by itself after so long; null waits for a person. */
  public Behaviour autoApproveAfter(Duration pause) {
    Behaviour b = copy();
    b.autoApproveAfter = pause;
    return b;
  }

  /** Refuses a CONNECT with 135 for so long after a session of its account ended; zero is off. */
  public Behaviour refuseAfterDisconnect(Duration pause) {
    Behaviour b = copy();
    b.refuseAfterDisconnect = pause;
    return b;
  }

  /** Whether the broker queues QoS 1 messages for a client that is away and asked for that. */
  public Behaviour keepSessions(boolean keep) {
    Behaviour b = copy();
    b.keepSessions = keep;
    return b;
  }

  /**
   * Whether the filter {@code GCID/#} is inside the ACL; sources about BMW contradict each other.
   */
  public Behaviour hashFilter(boolean allowed) {
    Behaviour b = copy();
    b.hashFilter = allowed;
    return b;
  }

  /** HTTP status of every OAuth error; 0 takes BMW's swagger. */
  public Behaviour errorStatus(int status) {
    if (status != 0 && (status < 400 || status > 599)) {
      throw new IllegalArgumentException("setting error-status: got " + status + " — 400 to 599");
    }
    Behaviour b = copy();
    b.errorStatus = status;
    return b;
  }

  /** What happens when a refresh token is used a second time. */
  public Behaviour refreshReuse(RefreshReuse reuse) {
    Behaviour b = copy();
    b.refreshReuse = reuse;
    return b;
  }

  /** MQTT 5 reason of the DISCONNECT at id token expiry; 0 just closes the connection. */
  public Behaviour expiryCode(int code) {
    Behaviour b = copy();
    b.expiryCode = code;
    return b;
  }

  /** Simulated seconds that pass for a car in one second. */
  public Behaviour timeScale(double scale) {
    if (!(scale > 0) || scale > 86_400) {
      throw new IllegalArgumentException("setting time-scale: got " + scale + " — up to 86400");
    }
    Behaviour b = copy();
    b.timeScale = scale;
    return b;
  }

  /** Whether cars live their day by themselves: sleep, wake, drive, park, charge. */
  public Behaviour routine(boolean on) {
    Behaviour b = copy();
    b.routine = on;
    return b;
  }

  /** Cars that live a whole day in so long. */
  public Behaviour dayLength(Duration day) {
    return timeScale(86_400_000.0 / day.toMillis()).routine(true);
  }

  /** Cars that live by themselves drive and charge in turn, so that one always has news. */
  public Behaviour busy() {
    Behaviour b = copy();
    b.busy = true;
    return b;
  }

  /** Whether descriptors are ticked in the portal; without, cars send nothing on the stream. */
  public Behaviour ticked(boolean on) {
    Behaviour b = copy();
    b.ticked = on;
    return b;
  }

  /** How far the {@code Date} of HTTP answers is ahead of the clock; negative is behind. */
  public Behaviour clockOffset(Duration offset) {
    Behaviour b = copy();
    b.clockOffset = offset;
    return b;
  }

  /** The rules of the REST API. */
  public Behaviour api(ApiRules rules) {
    Behaviour b = copy();
    b.api = rules;
    return b;
  }

  Duration idTokenLife() {
    return idTokenLife;
  }

  Duration accessTokenLife() {
    return accessTokenLife;
  }

  Duration refreshTokenLife() {
    return refreshTokenLife;
  }

  Duration deviceCodeLife() {
    return deviceCodeLife;
  }

  Duration pollInterval() {
    return pollInterval;
  }

  Optional<Duration> autoApproveAfter() {
    return Optional.ofNullable(autoApproveAfter);
  }

  Duration refuseAfterDisconnect() {
    return refuseAfterDisconnect;
  }

  boolean keepSessions() {
    return keepSessions;
  }

  boolean hashFilter() {
    return hashFilter;
  }

  int errorStatus() {
    return errorStatus;
  }

  RefreshReuse refreshReuse() {
    return refreshReuse;
  }

  int expiryCode() {
    return expiryCode;
  }

  double timeScale() {
    return timeScale;
  }

  boolean routine() {
    return routine;
  }

  boolean isTicked() {
    return ticked;
  }

  Duration clockOffset() {
    return clockOffset;
  }

  boolean isBusy() {
    return busy;
  }

  /** The rules of the REST API. */
  public ApiRules api() {
    return api;
  }

  /** A copy with the named values changed; names are those of {@link #toJson()}. */
  Behaviour with(JsonObject changes) {
    Behaviour b = this;
    for (Map.Entry<String, Object> e : changes) {
      b = b.with(e.getKey(), e.getValue() == null ? "off" : e.getValue().toString());
    }
    return b;
  }

  private Behaviour with(String name, String text) {
    if (api.knows(name)) {
      return api(api.with(name, text));
    }
    return switch (name) {
      case "id-token-life" -> idTokenLife(Span.parse(text));
      case "access-token-life" -> accessTokenLife(Span.parse(text));
      case "refresh-token-life" -> refreshTokenLife(Span.parse(text));
      case "device-code-life" -> deviceCodeLife(Span.parse(text));
      case "poll-interval" -> pollInterval(Span.parse(text));
      case "auto-approve-after" -> autoApproveAfter("off".equals(text) ? null : Span.parse(text));
      case "refuse-after-disconnect" -> refuseAfterDisconnect(Span.parse(text));
      case "keep-sessions" -> keepSessions(flag(name, text));
      case "hash-filter" -> hashFilter(flag(name, text));
      case "error-status" -> errorStatus("swagger".equals(text) ? 0 : Integer.parseInt(text));
      case "refresh-reuse" ->
          refreshReuse(RefreshReuse.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_')));
      case "expiry-code" -> expiryCode(Integer.parseInt(text));
      case "time-scale" -> timeScale(Double.parseDouble(text));
      case "day-length" -> dayLength(positive(name, Span.parse(text)));
      case "routine" -> routine(flag(name, text));
      case "ticked" -> ticked(flag(name, text));
      case "clock-offset" ->
          clockOffset(
              text.startsWith("-") ? Span.parse(text.substring(1)).negated() : Span.parse(text));
      default ->
          throw new IllegalArgumentException(
              "changing settings: unknown name '" + name + "' — GET /settings lists them");
    };
  }

  /** All values under their names in the control API. */
  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.put("id-token-life", Span.write(idTokenLife))
        .put("access-token-life", Span.write(accessTokenLife))
        .put("refresh-token-life", Span.write(refreshTokenLife))
        .put("device-code-life", Span.write(deviceCodeLife))
        .put("poll-interval", Span.write(pollInterval))
        .put("auto-approve-after", autoApproveAfter().map(Span::write).orElse("off"))
        .put("refuse-after-disconnect", Span.write(refuseAfterDisconnect))
        .put("keep-sessions", keepSessions)
        .put("hash-filter", hashFilter)
        .put("error-status", errorStatus == 0 ? "swagger" : Integer.toString(errorStatus))
        .put("refresh-reuse", refreshReuse.name().toLowerCase(Locale.ROOT))
        .put("expiry-code", expiryCode)
        .put("time-scale", timeScale)
        .put("routine", routine)
        .put("ticked", ticked)
        .put("clock-offset", (clockOffset.isNegative() ? "-" : "") + Span.write(clockOffset.abs()));
    return api.addTo(json);
  }

  private static boolean flag(String name, String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalArgumentException(
              "setting " + name + ": got '" + text + "' — write true or false");
    };
  }

  private static Duration positive(String name, Duration span) {
    if (span.isZero() || span.isNegative()) {
      throw new IllegalArgumentException(
          "setting " + name + ": got " + span.toMillis() + "ms — 1ms or more");
    }
    return span;
  }
}
