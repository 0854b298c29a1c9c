// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * BMW's REST API without HTTP: who may ask, and what each path answers. Used on one thread; every
 * refusal is an {@link ApiRefusal}.
 */
final class ApiDesk {

  private final ApiGuard guard;
  private final Fleet fleet;
  private final Clock clock;
  private final Supplier<Behaviour> behaviour;
  private final KnownDescriptors known = new KnownDescriptors();
  private final PageTokens pages;
  private final Map<Account, ApiContainers> containers = new HashMap<>();

  ApiDesk(ApiGuard guard, Fleet fleet, Clock clock, Supplier<Behaviour> behaviour, TokenMint mint) {
    this.guard = guard;
    this.fleet = fleet;
    this.clock = clock;
    this.behaviour = behaviour;
    this.pages = new PageTokens(mint);
  }

  ApiGuard guard() {
    return guard;
  }

  PageTokens pages() {
    return pages;
  }

  KnownDescriptors known() {
    return known;
  }

  ApiContainers containers(Account account) {
    return containers.computeIfAbsent(account, a -> new ApiContainers());
  }

  /** Answers a request. */
  Reply answer(ApiCall call) {
    Account account = guard.admit(call);
    ApiContainers own = containers(account);
    Instant now = clock.instant();
    return switch (call.place()) {
      case MAPPINGS -> Reply.ok(mappings(account));
      case BASIC_DATA -> Reply.ok(BasicData.of(vehicle(account, call)));
      case CONTAINERS -> Reply.ok(own.list(now, rules()));
      case CREATE_CONTAINER -> new Reply(201, own.create(call, known, now, rules()), Reply.OK);
      case CONTAINER -> Reply.ok(own.get(call.id(), now, rules()));
      case DELETE_CONTAINER -> {
        own.delete(call.id(), now);
        yield new Reply(204, null, Reply.OK);
      }
      case TELEMATIC_DATA -> {
        Vehicle vehicle = telematicVehicle(account, call);
        List<String> keys = own.descriptors(call.required("containerId"), now);
        yield Reply.ok(new JsonObject().put("telematicData", vehicle.values().toJson(keys, known)));
      }
      case CHARGING_HISTORY -> Reply.ok(history(telematicVehicle(account, call), call, now));
      case IMAGE -> image(telematicVehicle(account, call), call);
      case TYRES -> {
        Vehicle vehicle = telematicVehicle(account, call);
        yield Reply.ok(
            new TyreDiagnosis(call.language(), fleet.mileage(vehicle.vin()))
                .toJson(vehicle.hasTyres()));
      }
      case CHARGING_SETTINGS -> Reply.ok(settings(account, telematicVehicle(account, call), call));
      default -> ApiError.BAD_REQUEST.reply(404);
    };
  }

  private ApiRules rules() {
    return behaviour.get().api();
  }

  private Object mappings(Account account) {
    JsonArray list = new JsonArray();
    for (String vin : account.config().vins()) {
      Vehicle vehicle = fleet.vehicle(vin);
      if (vehicle.mapping() != Vehicle.Mapping.NONE) {
        list.add(
            new JsonObject()
                .put("vin", vin)
                .put("mappedSince", "2025-05-02T09:14:37.158Z")
                .put("mappingType", vehicle.mapping().name()));
      }
    }
    return rules().mappingsAsObject() && !list.isEmpty() ? list.getJsonObject(0) : list;
  }

  /** The car of the path, if the account may ask about it. */
  private Vehicle vehicle(Account account, ApiCall call) {
    if (account.config().vins().contains(call.id())) {
      Vehicle vehicle = fleet.vehicle(call.id());
      if (vehicle.mapping() == Vehicle.Mapping.PRIMARY) {
        return vehicle;
      }
    } else if (!call.id().matches("[A-Z0-9]{17}")) {
      throw new ApiRefusal(ApiError.VIN_FORM);
    }
    throw new ApiRefusal(ApiError.VEHICLE);
  }

  private Vehicle telematicVehicle(Account account, ApiCall call) {
    Vehicle vehicle = vehicle(account, call);
    if (!vehicle.hasTelematics()) {
      throw new ApiRefusal(ApiError.VEHICLE);
    }
    return vehicle;
  }

  private JsonObject history(Vehicle vehicle, ApiCall call, Instant now) {
    Instant from = ApiTime.parse(call.required("from"));
    Instant to = ApiTime.parse(call.required("to"));
    if (!from.isBefore(to)) {
      throw new ApiRefusal(ApiError.BAD_PARAMETER);
    }
    List<JsonObject> sessions =
        vehicle.charging().between(from, to).stream().map(ChargingSession::toJson).toList();
    PageTokens.Cut cut =
        pages.cut(
            "history " + vehicle.vin() + from + to,
            sessions,
            call.parameter("nextToken"),
            now,
            rules());
    JsonObject json = new JsonObject().put("data", cut.entries());
    return cut.nextToken() == null ? json : json.put("next_token", cut.nextToken());
  }

  private static Reply image(Vehicle vehicle, ApiCall call) {
    String accept = call.header("Accept");
    if (!accept.isEmpty() && !accept.contains("*/*") && !accept.contains("image/")) {
      return ApiError.BAD_REQUEST.reply(406);
    }
    if (!vehicle.hasImage()) {
      throw new ApiRefusal(ApiError.NO_IMAGE);
    }
    return Reply.ok(CarPicture.of(vehicle));
  }

  private JsonObject settings(Account account, Vehicle vehicle, ApiCall call) {
    if (!vehicle.hasChargingSettings()) {
      throw new ApiRefusal(ApiError.NO_SETTINGS);
    }
    PageTokens.Cut cut =
        pages.cut(
            "settings " + vehicle.vin(),
            ChargingPlaces.of(account.config().gcid(), vehicle),
            call.parameter("nextToken"),
            clock.instant(),
            rules());
    return new JsonObject().put("nextToken", cut.nextToken()).put("data", cut.entries());
  }
}
