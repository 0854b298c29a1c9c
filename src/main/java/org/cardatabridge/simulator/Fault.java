// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * One thing that goes wrong once. Immutable.
 *
 * @param kind what goes wrong
 * @param status HTTP status, or 0 for the usual one; the MQTT code for {@link Kind#CODE}
 * @param text the error's word or id, or the body; null where it has none
 * @param pause how long the answer waits, or the value of {@code Retry-After}; never null
 * @param fields names of what is left out of the answer; never null
 */
public record Fault(Kind kind, int status, String text, Duration pause, List<String> fields) {

  /** What can go wrong. */
  public enum Kind {
    /** HTTP: an OAuth error or an error id, with its usual status or another. Nothing is done. */
    ERROR,
    /** HTTP: a bare status with a text body, and perhaps {@code Retry-After}. Nothing is done. */
    STATUS,
    /** HTTP: 500 with the fault of BMW's gateway; on a poll the device code is burnt. */
    GATEWAY,
    /** HTTP: 200 with a body that is no JSON object. Nothing is done. */
    GARBAGE,
    /** HTTP: the request is carried out, fields are missing in the answer. */
    OMIT,
    /** HTTP: the request is carried out (tokens rotate), then the connection is reset. */
    LOSE_ANSWER,
    /** All: carried out and answered, but late. */
    SLOW,
    /** All: the connection is reset, nothing is done. */
    RESET,
    /** All: no answer, the connection stays open. Nothing is done. */
    SILENCE,
    /** MQTT: CONNACK with this code, or SUBACK with this code and the connection kept. */
    CODE;

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** An OAuth error or an error id of the REST API, with its usual status. */
  public static Fault error(String word) {
    return new Fault(Kind.ERROR, 0, word, Duration.ZERO, List.of());
  }

  /** An OAuth error or an error id of the REST API, with another status. */
  public static Fault error(String word, int status) {
    return new Fault(Kind.ERROR, status, word, Duration.ZERO, List.of());
  }

  /** A bare HTTP status. */
  public static Fault status(int status) {
    return new Fault(Kind.STATUS, status, null, Duration.ZERO, List.of());
  }

  /** A bare HTTP status with {@code Retry-After} in whole seconds. */
  public static Fault status(int status, Duration retryAfter) {
    return new Fault(Kind.STATUS, status, null, retryAfter, List.of());
  }

  /** The gateway's 500. */
  public static Fault gateway() {
    return new Fault(Kind.GATEWAY, 500, null, Duration.ZERO, List.of());
  }

  /** 200 with a body that is no JSON object. */
  public static Fault garbage(String body) {
    return new Fault(Kind.GARBAGE, 200, body, Duration.ZERO, List.of());
  }

  /** A good answer without these fields. */
  public static Fault omit(String... fields) {
    return new Fault(Kind.OMIT, 0, null, Duration.ZERO, List.of(fields));
  }

  /** The request is carried out, its answer never arrives. */
  public static Fault loseAnswer() {
    return new Fault(Kind.LOSE_ANSWER, 0, null, Duration.ZERO, List.of());
  }

  /** A good answer that comes late. */
  public static Fault slow(Duration pause) {
    return new Fault(Kind.SLOW, 0, null, pause, List.of());
  }

  /** The TCP connection is reset. */
  public static Fault reset() {
    return new Fault(Kind.RESET, 0, null, Duration.ZERO, List.of());
  }

  /** No answer at all. */
  public static Fault silence() {
    return new Fault(Kind.SILENCE, 0, null, Duration.ZERO, List.of());
  }

  /** An MQTT reason code in CONNACK or SUBACK. */
  public static Fault code(int code) {
    return new Fault(Kind.CODE, code, null, Duration.ZERO, List.of());
  }

  /**
   * Reads a fault from the control API; throws {@link IllegalArgumentException} with a sentence.
   */
  static Fault of(JsonObject json) {
    Kind kind = kind(json.getString("kind", ""));
    JsonArray omitted = json.getJsonArray("fields", new JsonArray());
    Fault fault =
        new Fault(
            kind,
            json.getInteger("code", json.getInteger("status", kind == Kind.GARBAGE ? 200 : 0)),
            json.getString("error", json.getString("body")),
            Span.parse(json.getString("after", json.getString("retry-after", "0s"))),
            omitted.stream().map(String::valueOf).toList());
    if (kind == Kind.ERROR && fault.text() == null) {
      throw new IllegalArgumentException(
          "setting a fault: no 'error' — name the error's word or id");
    }
    if ((kind == Kind.STATUS || kind == Kind.CODE) && fault.status() == 0) {
      throw new IllegalArgumentException("setting a fault: no 'status' or 'code' — name it");
    }
    return fault;
  }

  private static Kind kind(String word) {
    for (Kind k : Kind.values()) {
      if (k.word().equals(word)) {
        return k;
      }
    }
    throw new IllegalArgumentException(
        "setting a fault: unknown kind '"
            + word
            + "' — take error, status, gateway, garbage, omit, lose-answer, slow, reset, silence"
            + " or code");
  }

  /** Refuses a fault where it cannot strike. */
  void checkAt(Place place) {
    boolean fits =
        switch (kind) {
          case SLOW, RESET, SILENCE -> true;
          case CODE -> !place.isHttp();
          default -> place.isHttp();
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "setting a fault: '"
              + kind.word()
              + "' cannot happen at "
              + place.word()
              + " — see docs/simulator.md");
    }
    if (kind == Kind.CODE && (place == Place.CONNECT || place == Place.HIGHMOBILITY_CONNECT)) {
      Connack.check(status);
    }
    if (kind == Kind.CODE && (place == Place.SUBSCRIBE || place == Place.HIGHMOBILITY_SUBSCRIBE)) {
      Suback.check(status);
    }
  }
}
