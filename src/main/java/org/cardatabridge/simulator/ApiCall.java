// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * One request to the REST API, taken apart. Used on one thread.
 *
 * @param place which endpoint; {@link Place#API} where there is none
 * @param id VIN or container id of the path, decoded; empty where it has none
 * @param parameters of the query
 * @param headers of the request
 * @param body of the request
 */
record ApiCall(Place place, String id, MultiMap parameters, MultiMap headers, Buffer body) {

  static ApiCall of(HttpServerRequest request, Buffer body) {
    String[] parts = request.path().split("/", -1);
    String method = request.method().name();
    Place place = Place.API;
    String id = "";
    if (parts.length > 2 && parts[1].equals("customers")) {
      if (parts[2].equals("containers") && parts.length <= 4) {
        boolean one = parts.length == 4;
        id = one ? decoded(parts[3]) : "";
        place = one ? ofContainer(method) : ofContainers(method);
      } else if (parts[2].equals("vehicles") && method.equals("GET")) {
        if (parts.length == 4 && parts[3].equals("mappings")) {
          place = Place.MAPPINGS;
        } else if (parts.length == 5) {
          id = decoded(parts[3]);
          place = ofVehicle(parts[4]);
        }
      }
    }
    return new ApiCall(place, id, request.params(), request.headers(), body);
  }

  private static Place ofContainers(String method) {
    return switch (method) {
      case "GET" -> Place.CONTAINERS;
      case "POST" -> Place.CREATE_CONTAINER;
      default -> Place.API;
    };
  }

  private static Place ofContainer(String method) {
    return switch (method) {
      case "GET" -> Place.CONTAINER;
      case "DELETE" -> Place.DELETE_CONTAINER;
      default -> Place.API;
    };
  }

  private static Place ofVehicle(String what) {
    return switch (what) {
      case "basicData" -> Place.BASIC_DATA;
      case "telematicData" -> Place.TELEMATIC_DATA;
      case "chargingHistory" -> Place.CHARGING_HISTORY;
      case "image" -> Place.IMAGE;
      case "smartMaintenanceTyreDiagnosis" -> Place.TYRES;
      case "locationBasedChargingSettings" -> Place.CHARGING_SETTINGS;
      default -> Place.API;
    };
  }

  private static String decoded(String part) {
    try {
      return URLDecoder.decode(part, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // A broken escape is a malformed id, which the desk refuses as such.
      return part;
    }
  }

  /** A header; empty where it is missing. */
  String header(String name) {
    return headers.get(name) == null ? "" : headers.get(name).trim();
  }

  /** A parameter of the query; empty where it is missing. */
  String parameter(String name) {
    return parameters.get(name) == null ? "" : parameters.get(name);
  }

  /** A parameter of the query; refused where it is missing. */
  String required(String name) {
    if (parameter(name).isEmpty()) {
      throw new ApiRefusal(ApiError.BAD_REQUEST);
    }
    return parameter(name);
  }

  /** The language to word answers in: {@code de}, or {@code en} for any other. */
  String language() {
    return header("Accept-Language").toLowerCase(java.util.Locale.ROOT).startsWith("de")
        ? "de"
        : "en";
  }
}
