// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The HTTP door for people and tests: reads under GET, operations under POST, each at the path of
 * its name. Used on one thread.
 */
final class ControlApi {

  private static final Set<String> OWN_NAMES = Set.of("127.0.0.1", "localhost", "[::1]");

  private final Vertx vertx;
  private final World world;
  private final Operations operations;
  private final Doors doors;
  private Scenario scenario;

  ControlApi(Vertx vertx, World world, Operations operations, Doors doors) {
    this.vertx = vertx;
    this.world = world;
    this.operations = operations;
    this.doors = doors;
  }

  /** Handles one request. */
  void handle(HttpServerRequest request) {
    if (!isOurs(request)) {
      answer(
          request,
          403,
          error("answering: a web page or another host asks — use curl on 127.0.0.1"));
      return;
    }
    String name = request.path().substring(1);
    if (request.method() == HttpMethod.GET) {
      Object found = read(name, request);
      if (found == null) {
        answer(request, 404, error("reading '" + name + "': no such path — see docs/simulator.md"));
      } else {
        answer(request, 200, found);
      }
    } else if (request.method() == HttpMethod.POST) {
      request.body().onSuccess(body -> post(request, name, body.toString()));
    } else {
      answer(request, 405, error("answering: only GET and POST — see docs/simulator.md"));
    }
  }

  /** No web page may steer the simulator, neither directly nor through a name of its own. */
  private static boolean isOurs(HttpServerRequest request) {
    return request.getHeader("Origin") == null
        && request.authority() != null
        && OWN_NAMES.contains(request.authority().host());
  }

  private Object read(String name, HttpServerRequest request) {
    return switch (name) {
      case "" ->
          doors
              .toJson()
              .put("cars", world.fleet().toJson())
              .put("logins", world.logins())
              .put("counters", counters())
              .put("operations", new JsonArray(List.copyOf(operations.names())));
      case "logins" -> world.logins();
      case "settings" -> world.behaviour().toJson();
      case "faults" -> world.faults().toJson();
      case "sessions" -> world.sessionsJson();
      case "requests" -> {
        JsonArray list = new JsonArray();
        world.requests().forEach(r -> list.add(r.toJson()));
        yield list;
      }
      case "api-requests" -> {
        JsonArray list = new JsonArray();
        world.apiRequests().forEach(r -> list.add(r.toJson()));
        yield list;
      }
      case "quota" -> world.quotas();
      case "messages" -> messages(world.messages(), request);
      case "counters" -> counters();
      case "cars" -> world.fleet().toJson();
      case "odd" -> new JsonArray(Operations.oddWords(List.of(OddMessage.values())));
      case "scenario" -> scenario == null ? new JsonObject() : scenario.toJson();
      default -> world.highMobility().map(h -> read(h, name, request)).orElse(null);
    };
  }

  private static Object read(HighMobilityWorld world, String name, HttpServerRequest request) {
    return switch (name) {
      case "highmobility" -> world.toJson();
      case "highmobility/sessions" -> {
        JsonArray list = new JsonArray();
        world.log().events().forEach(e -> list.add(e.toJson()));
        yield list;
      }
      case "highmobility/messages" -> messages(world.messages(), request);
      default -> null;
    };
  }

  private static JsonArray messages(MessageLog log, HttpServerRequest request) {
    String fate = request.getParam("fate");
    String limit = request.getParam("limit");
    List<SentMessage> list =
        "acknowledged".equals(fate)
            ? log.acknowledged()
            : log.published().stream()
                .filter(m -> fate == null || m.fate().name().toLowerCase(Locale.ROOT).equals(fate))
                .toList();
    int most = limit != null && limit.matches("\\d{1,7}") ? Integer.parseInt(limit) : list.size();
    JsonArray json = new JsonArray();
    list.subList(Math.max(0, list.size() - most), list.size()).forEach(m -> json.add(m.toJson()));
    return json;
  }

  private JsonObject counters() {
    return new JsonObject()
        .put("requests", world.requests().size())
        .put("apiRequests", world.apiRequests().size())
        .put("messages", world.messages().counters());
  }

  private void post(HttpServerRequest request, String name, String body) {
    try {
      if (name.equals("scenario")) {
        answer(request, 200, play(body));
      } else if (operations.names().contains(name)) {
        JsonObject arguments = body.isBlank() ? new JsonObject() : new JsonObject(body);
        answer(request, 200, operations.perform(name, arguments));
      } else {
        answer(
            request,
            404,
            error("carrying out '" + name + "': no such operation — GET / lists them"));
      }
    } catch (DecodeException e) {
      answer(request, 400, error("reading the body: no JSON object — send one"));
    } catch (IllegalArgumentException | ClassCastException e) {
      answer(request, 400, error(e.getMessage()));
    }
  }

  /** Starts a scenario in place of the one under way; an empty list only stops that. */
  JsonObject play(String body) {
    JsonObject script = new JsonObject(body);
    return play(script.getJsonArray("steps", new JsonArray()));
  }

  /** Starts a scenario in place of the one under way. */
  JsonObject play(JsonArray steps) {
    Scenario other = new Scenario(vertx, world, operations, steps);
    if (scenario != null) {
      scenario.stop();
    }
    scenario = other;
    scenario.run();
    return scenario.toJson();
  }

  private static JsonObject error(String sentence) {
    return new JsonObject().put("error", sentence);
  }

  private static void answer(HttpServerRequest request, int status, Object json) {
    String text =
        json instanceof JsonArray list
            ? list.encodePrettily()
            : ((JsonObject) json).encodePrettily();
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(text + "\n");
  }
}
