// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** One HTTP request on its way to an answer, or into the fault that waits for it. One thread. */
abstract class FaultyExchange {

  private final Vertx vertx;
  private final TcpGate gate;
  private final HttpServerRequest request;

  FaultyExchange(Vertx vertx, TcpGate gate, HttpServerRequest request) {
    this.vertx = vertx;
    this.gate = gate;
    this.request = request;
  }

  /** Does what the request asks for and gives the answer. */
  abstract Reply carryOut();

  /** The answer of a fault of kind {@code ERROR}; nothing else is done. */
  abstract Reply error(Fault fault);

  /** Called before a fault answers in place of the server. */
  abstract void struck(Fault fault);

  /** Keeps the request and what became of it; status 0 where no answer is sent. */
  abstract void note(int status, String outcome);

  /** Answers, or lets the fault strike. */
  final void run(Optional<Fault> fault) {
    if (fault.isPresent()) {
      fail(fault.get());
    } else {
      answer(carryOut());
    }
  }

  private void answer(Reply reply) {
    note(reply.status(), reply.outcome());
    reply.send(request.response());
  }

  private void fail(Fault fault) {
    String outcome = "fault:" + fault.kind().word();
    switch (fault.kind()) {
      case ERROR -> {
        struck(fault);
        answer(error(fault));
      }
      case STATUS -> {
        struck(fault);
        note(fault.status(), outcome);
        bare(fault);
      }
      case GATEWAY -> {
        struck(fault);
        answer(new Reply(500, gatewayFault(), outcome));
      }
      case GARBAGE -> {
        struck(fault);
        note(fault.status(), outcome);
        garbage(fault);
      }
      case OMIT -> {
        Reply reply = carryOut();
        reply.omit(fault.fields());
        answer(reply);
      }
      case LOSE_ANSWER -> {
        carryOut();
        note(0, outcome);
        gate.reset(request.remoteAddress().port());
      }
      case SLOW -> {
        Reply reply = carryOut();
        note(reply.status(), reply.outcome());
        vertx.setTimer(Math.max(1, fault.pause().toMillis()), t -> reply.send(request.response()));
      }
      case RESET -> {
        note(0, outcome);
        gate.reset(request.remoteAddress().port());
      }
      default -> note(0, outcome);
    }
  }

  private void bare(Fault fault) {
    HttpServerResponse response = request.response();
    if (!fault.pause().isZero()) {
      response.putHeader("Retry-After", Long.toString(Math.max(1, fault.pause().toSeconds())));
    }
    response
        .setStatusCode(fault.status())
        .putHeader("Content-Type", "text/plain")
        .end("Upstream trouble, as told by the script");
  }

  private void garbage(Fault fault) {
    String body = fault.text() == null ? "<html>Wartungsarbeiten</html>" : fault.text();
    boolean looksLikeJson = body.startsWith("{") || body.startsWith("[");
    request
        .response()
        .setStatusCode(fault.status())
        .putHeader("Content-Type", looksLikeJson ? "application/json" : "text/html")
        .end(body);
  }

  private static JsonObject gatewayFault() {
    return new JsonObject()
        .put(
            "fault",
            new JsonObject()
                .put("faultstring", "Invalid access token")
                .put(
                    "detail",
                    new JsonObject()
                        .put("errorcode", "keymanagement.service.invalid_access_token")));
  }
}
