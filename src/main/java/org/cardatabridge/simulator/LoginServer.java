// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The two OAuth endpoints and the page for the code, over HTTP, with the faults of those places.
 * Used on one thread.
 */
final class LoginServer {

  static final String DEVICE_CODE_PATH = "/gcdm/oauth/device/code";
  static final String TOKEN_PATH = "/gcdm/oauth/token";
  static final String LINK_PATH = "/oneid/link";
  private static final String FORM = "application/x-www-form-urlencoded";

  private final Vertx vertx;
  private final Clock clock;
  private final Supplier<Behaviour> behaviour;
  private final Authority authority;
  private final Faults faults;
  private final TcpGate gate;
  private final Consumer<LoginRequest> log;
  private final LinkPage page;

  LoginServer(
      Vertx vertx,
      Clock clock,
      Supplier<Behaviour> behaviour,
      Authority authority,
      Faults faults,
      TcpGate gate,
      Consumer<LoginRequest> log) {
    this.vertx = vertx;
    this.clock = clock;
    this.behaviour = behaviour;
    this.authority = authority;
    this.faults = faults;
    this.gate = gate;
    this.log = log;
    this.page = new LinkPage(authority);
  }

  /** Handles one request. */
  void handle(HttpServerRequest request) {
    request
        .response()
        .putHeader(
            "Date",
            DateTimeFormatter.RFC_1123_DATE_TIME.format(
                clock.instant().plus(behaviour.get().clockOffset()).atOffset(ZoneOffset.UTC)));
    switch (request.path()) {
      case DEVICE_CODE_PATH, TOKEN_PATH -> {
        if (request.method() == HttpMethod.POST) {
          readForm(request, form -> oauth(request, form));
        } else {
          plain(request.response().putHeader("Allow", "POST"), 405, "Method Not Allowed");
        }
      }
      case LINK_PATH -> {
        if (request.method() == HttpMethod.POST) {
          readForm(request, form -> html(request.response(), page.decide(single(form))));
        } else {
          html(request.response(), page.ask(request.getParam("user_code", "")));
        }
      }
      default -> plain(request.response(), 404, "Not Found");
    }
  }

  private static void readForm(HttpServerRequest request, Consumer<MultiMap> then) {
    String type = request.getHeader("Content-Type");
    if (type == null || !type.toLowerCase(java.util.Locale.ROOT).startsWith(FORM)) {
      request.end().onSuccess(v -> then.accept(MultiMap.caseInsensitiveMultiMap()));
      return;
    }
    request.setExpectMultipart(true);
    request.end().onSuccess(v -> then.accept(request.formAttributes()));
  }

  private static Map<String, String> single(MultiMap form) {
    Map<String, String> map = new HashMap<>();
    form.forEach(e -> map.put(e.getKey(), e.getValue()));
    return map;
  }

  private void oauth(HttpServerRequest request, MultiMap form) {
    Map<String, String> fields = single(form);
    Place place = place(request.path(), fields);
    Optional<Fault> fault = faults.next(place, fields.getOrDefault("client_id", ""));
    boolean repeated = form.names().stream().anyMatch(n -> form.getAll(n).size() > 1);
    new LoginExchange(request, place, fields, repeated).run(fault);
  }

  private static Place place(String path, Map<String, String> fields) {
    if (path.equals(DEVICE_CODE_PATH)) {
      return Place.DEVICE_CODE;
    }
    return Authority.REFRESH_GRANT.equals(fields.get("grant_type")) ? Place.REFRESH : Place.POLL;
  }

  private static void plain(HttpServerResponse response, int status, String text) {
    response.setStatusCode(status).putHeader("Content-Type", "text/plain").end(text);
  }

  private static void html(HttpServerResponse response, String text) {
    response.putHeader("Content-Type", "text/html; charset=utf-8").end(text);
  }

  /** One request on its way to an answer. */
  private final class LoginExchange extends FaultyExchange {
    private final Place place;
    private final Map<String, String> fields;
    private final boolean repeated;

    private LoginExchange(
        HttpServerRequest request, Place place, Map<String, String> fields, boolean repeated) {
      super(vertx, gate, request);
      this.place = place;
      this.fields = fields;
      this.repeated = repeated;
    }

    @Override
    Reply carryOut() {
      if (repeated) {
        return OAuthError.INVALID_REQUEST.answer(0).reply();
      }
      Answer answer =
          place == Place.DEVICE_CODE ? authority.deviceCode(fields) : authority.token(fields);
      return answer.reply();
    }

    @Override
    Reply error(Fault fault) {
      return OAuthError.answer(fault.text(), fault.status()).reply();
    }

    @Override
    void struck(Fault fault) {
      if (fault.kind() == Fault.Kind.GATEWAY) {
        authority.burn(fields.get("device_code"));
      } else if (fault.kind() == Fault.Kind.ERROR
          && fault.text().equals(OAuthError.SLOW_DOWN.word())) {
        authority.slowDown(fields.get("device_code"));
      }
    }

    @Override
    void note(int status, String outcome) {
      log.accept(
          new LoginRequest(
              clock.instant(), place, fields.getOrDefault("client_id", ""), status, outcome));
    }
  }
}
