// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.push;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.cardatabridge.CarEvent;
import org.cardatabridge.journal.EventRefusedException;
import org.cardatabridge.journal.TryLaterException;
import org.cardatabridge.meaning.CarState;
import org.cardatabridge.meaning.CarStates;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;

/**
 * What {@code routes/sink-abrp.camel.yaml} asks of Java: the newest state of a car as A Better
 * Routeplanner's telemetry, the pace of the calls, and what the answer means. Safe for use by many
 * threads.
 */
public final class Abrp {

  private static final String SINK = "abrp";
  private static final String PREFIX = "cardata.sink.abrp.";
  private static final String VEHICLE = PREFIX + "vehicle.";
  private static final String TOKEN = ".token";
  private static final String URL = "https://api.iternio.com/1/tlm/send";
  private static final Duration LEAST = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Clock clock;
  private final String url;
  private final String apiKey;
  private final String token;
  private final Map<String, String> tokens;
  private final Duration every;
  private final Duration maxAge;
  private final CarStates cars;
  private final PushAnswer answer;

  /** When a car's next call may be made; of as many cars as there are tokens, at most. */
  private final Map<String, Instant> turns = new HashMap<>();

  /**
   * As the settings below {@code cardata.sink.abrp.} say.
   *
   * @param known the newest values of a VIN as they are for a sink of that name
   * @throws BadSettingException where the sink is switched on without an API key or a token, or
   *     would call ABRP too often
   */
  public Abrp(Settings settings, Clock clock, BiFunction<String, String, List<CarEvent>> known) {
    this.clock = clock;
    url = settings.find(PREFIX + "url").orElse(URL);
    apiKey = settings.find(PREFIX + "api-key").orElse("");
    token = settings.find(PREFIX + "token").orElse(null);
    tokens = tokens(settings);
    every = duration(settings, "every", "10s");
    maxAge = duration(settings, "max-age", "15m");
    cars = new CarStates(vin -> known.apply(SINK, vin));
    answer =
        new PushAnswer("Sending to ABRP", "check " + PREFIX + "api-key and .token", false, clock);
    if (settings.find(PREFIX + "enabled").filter("true"::equalsIgnoreCase).isPresent()) {
      check();
    }
  }

  private void check() {
    if (apiKey.isEmpty()) {
      throw new BadSettingException(
          PREFIX
              + "api-key: got nothing, takes your key from Iternio while "
              + PREFIX
              + "enabled is true");
    }
    if (token == null && tokens.isEmpty()) {
      throw new BadSettingException(
          PREFIX
              + "token: got nothing, takes your car's token from the ABRP app while "
              + PREFIX
              + "enabled is true");
    }
    if (url.equals(URL) && every.compareTo(LEAST) < 0) {
      throw new BadSettingException(
          PREFIX + "every: takes 10s or more, as ABRP takes no more calls for a car");
    }
    if (apiKey.chars().anyMatch(Character::isISOControl)) {
      throw new BadSettingException(PREFIX + "api-key: takes one line without control characters");
    }
  }

  private static Map<String, String> tokens(Settings settings) {
    Map<String, String> tokens = new HashMap<>();
    for (String key : settings.asMap().keySet()) {
      if (key.startsWith(VEHICLE) && key.endsWith(TOKEN)) {
        String vehicle = key.substring(VEHICLE.length(), key.length() - TOKEN.length());
        settings.find(key).ifPresent(t -> tokens.put(vehicle.toUpperCase(Locale.ROOT), t));
      }
    }
    return tokens;
  }

  private static Duration duration(Settings settings, String name, String otherwise) {
    return Settings.parseDuration(settings.find(PREFIX + name).orElse(otherwise))
        .orElseThrow(
            () -> new BadSettingException(PREFIX + name + ": takes a duration such as 10s"));
  }

  /**
   * What to tell of each car that the data points of the body are about: its newest state, once,
   * where something of it changed and is fresh, and where there is a token for it.
   *
   * @throws IllegalArgumentException for a body that is neither a {@link CarEvent} nor a list of
   *     them
   */
  public List<Telemetry> telemetry(Exchange exchange) {
    Object body = exchange.getMessage().getBody();
    CarStates.Draft draft = cars.draft();
    Map<String, CarState> changed = new LinkedHashMap<>();
    Map<String, CarState> begun = new HashMap<>();
    Map<String, String> names = new HashMap<>();
    for (Object item : body instanceof Collection<?> many ? many : List.of(body)) {
      if (!(item instanceof CarEvent event)) {
        throw new IllegalArgumentException(
            "Reading values for ABRP: the body is neither a CarEvent nor a list of them");
      }
      CarState before = draft.before(event);
      CarState after = draft.add(event);
      if (after != before && token(event.vin(), event.vehicle()) != null) {
        changed.put(event.vin(), after);
        begun.putIfAbsent(event.vin(), before);
        names.put(event.vin(), event.vehicle());
      }
    }
    exchange
        .getExchangeExtension()
        .addOnCompletion(
            new SynchronizationAdapter() {
              @Override
              public void onComplete(Exchange done) {
                draft.keep();
              }
            });
    List<Telemetry> fresh = new ArrayList<>();
    changed.forEach(
        (vin, car) -> {
          Optional<Telemetry> before = Telemetry.of(vin, names.get(vin), begun.get(vin));
          Telemetry.of(vin, names.get(vin), car)
              .filter(this::isFresh)
              .filter(telemetry -> !before.equals(Optional.of(telemetry)))
              .ifPresent(fresh::add);
        });
    return fresh;
  }

  private String token(String vin, String vehicle) {
    String own = tokens.get(vin.toUpperCase(Locale.ROOT));
    if (own == null) {
      own = tokens.get(vehicle.toUpperCase(Locale.ROOT));
    }
    return tokens.isEmpty() ? token : own;
  }

  private boolean isFresh(Telemetry telemetry) {
    return telemetry.utc().isAfter(clock.instant().minus(maxAge));
  }

  /** How many milliseconds to wait until a car's turn has come; takes the turn. */
  public synchronized long pause(@Body Telemetry telemetry) {
    Instant now = clock.instant();
    Instant turn = turns.getOrDefault(telemetry.vin(), now);
    // A clock that was set back must not stop the calls.
    if (turn.isBefore(now) || turn.isAfter(now.plus(every))) {
      turn = now;
    }
    turns.put(telemetry.vin(), turn.plus(every));
    return Duration.between(now, turn).toMillis();
  }

  /** Where to send to. */
  public String url() {
    return url;
  }

  /** The URL's query with the car's token, a secret. */
  public String query(@Body Telemetry telemetry) {
    return "token="
        + URLEncoder.encode(token(telemetry.vin(), telemetry.vehicle()), StandardCharsets.UTF_8);
  }

  /** The header that names us. */
  public String authorization() {
    return "APIKEY " + apiKey;
  }

  /** The telemetry as ABRP takes it, in UTF-8. */
  public byte[] json(@Body Telemetry telemetry) throws JsonProcessingException {
    ObjectNode fields = JSON.createObjectNode();
    fields.put("utc", telemetry.utc().getEpochSecond());
    telemetry.fields().forEach(fields::putPOJO);
    return JSON.writeValueAsBytes(JSON.createObjectNode().set("tlm", fields));
  }

  /**
   * Returns where ABRP took it.
   *
   * @param status null where the server sent none
   * @param retryAfter null where the server sent none
   * @param body null where the server sent none
   * @throws EventRefusedException where it will never take exactly this
   * @throws TryLaterException where it takes nothing for now, or its set-up is wrong
   * @throws IOException for any other answer
   */
  public void check(Integer status, String retryAfter, byte[] body) throws IOException {
    answer.check(status, retryAfter, body);
    String said = statusIn(body);
    if (!said.isEmpty() && !said.equals("ok")) {
      throw new TryLaterException(
          "Sending to ABRP: it answers with status '"
              + said
              + "' — check "
              + PREFIX
              + "api-key and .token");
    }
  }

  /** The word in ABRP's own answer, one line without what was sent; empty where there is none. */
  private static String statusIn(byte[] body) throws IOException {
    if (body == null || body.length == 0 || body[0] != '{') {
      return "";
    }
    try {
      JsonNode status = JSON.readTree(body).path("status");
      return status.asText("").replaceAll("[^A-Za-z ]", "").strip();
    } catch (JsonProcessingException e) {
      return "";
    }
  }
}
