// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The REST API over HTTP, with the faults of its places. Used on one thread. */
final class ApiServer {

  private final Vertx vertx;
  private final Clock clock;
  private final ApiDesk desk;
  private final Supplier<Behaviour> behaviour;
  private final Faults faults;
  private final TcpGate gate;
  private final Consumer<ApiRequest> log;

  ApiServer(
      Vertx vertx,
      Clock clock,
      ApiDesk desk,
      Supplier<Behaviour> behaviour,
      Faults faults,
      TcpGate gate,
      Consumer<ApiRequest> log) {
    this.vertx = vertx;
    this.clock = clock;
    this.desk = desk;
    this.behaviour = behaviour;
    this.faults = faults;
    this.gate = gate;
    this.log = log;
  }

  /** Handles one request. */
  void handle(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              ApiCall call = ApiCall.of(request, body);
              String clientId =
                  desk.guard().account(call).map(a -> a.config().clientId()).orElse("");
              Optional<Fault> fault =
                  faults.next(call.place(), clientId).or(() -> faults.next(Place.API, clientId));
              new ApiExchange(request, call, clientId).run(fault);
            });
  }

  /** One request on its way to an answer. */
  private final class ApiExchange extends FaultyExchange {
    private final HttpServerRequest request;
    private final ApiCall call;
    private final String clientId;

    private ApiExchange(HttpServerRequest request, ApiCall call, String clientId) {
      super(vertx, gate, request);
      this.request = request;
      this.call = call;
      this.clientId = clientId;
    }

    @Override
    Reply carryOut() {
      try {
        return desk.answer(call);
      } catch (ApiRefusal e) {
        return e.error() == ApiError.QUOTA
            ? ApiError.QUOTA.reply(behaviour.get().api().quotaStatus())
            : e.error().reply();
      }
    }

    @Override
    Reply error(Fault fault) {
      return ApiError.reply(fault.text(), fault.status());
    }

    @Override
    void struck(Fault fault) {
      desk.guard().count(call);
    }

    @Override
    void note(int status, String outcome) {
      String query = request.query() == null ? "" : request.query();
      log.accept(
          new ApiRequest(
              clock.instant(),
              clientId,
              call.place(),
              request.method().name(),
              request.path(),
              query,
              status,
              outcome));
    }
  }
}
