// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import static org.cardatabridge.api.RestVerdict.Kind.CONTAINERS_FULL;
import static org.cardatabridge.api.RestVerdict.Kind.CONTAINER_GONE;
import static org.cardatabridge.api.RestVerdict.Kind.CONTAINER_TOO_LARGE;
import static org.cardatabridge.api.RestVerdict.Kind.DESCRIPTOR;
import static org.cardatabridge.api.RestVerdict.Kind.LATER;
import static org.cardatabridge.api.RestVerdict.Kind.LOGIN;
import static org.cardatabridge.api.RestVerdict.Kind.NOTHING_THERE;
import static org.cardatabridge.api.RestVerdict.Kind.PAGE_EXPIRED;
import static org.cardatabridge.api.RestVerdict.Kind.QUOTA;
import static org.cardatabridge.api.RestVerdict.Kind.TOKEN;
import static org.cardatabridge.api.RestVerdict.Kind.VEHICLE;
import static org.cardatabridge.api.RestVerdict.Kind.WRONG;

import java.util.Map;
import java.util.Set;

/** What BMW's error ids mean, and what to do. */
final class RestErrors {

  /**
   * One meaning.
   *
   * @param says cause and advice, as the second half of a sentence
   */
  record Meaning(RestVerdict.Kind kind, String says) {}

  private static final String RENEWS =
      " — the bridge renews the token; log in again if this stays: on its page, or with `./bridge"
          + " login`";

  private static final String BUG =
      " — check what was asked for; if the bridge asked by itself, please report it";

  private static final String PASSES = " — nothing to do, the bridge tries again later";

  /** Every id that is known. */
  static final Map<String, Meaning> BY_ID =
      Map.ofEntries(
          Map.entry("CU-100", new Meaning(TOKEN, "BMW saw no token" + RENEWS)),
          Map.entry("CU-101", new Meaning(TOKEN, "BMW does not take the token" + RENEWS)),
          Map.entry("CU-102", new Meaning(TOKEN, "the token expired" + RENEWS)),
          Map.entry("CU-103", new Meaning(LOGIN, "the login lacks the scope " + scope())),
          Map.entry(
              "CU-104",
              new Meaning(
                  VEHICLE,
                  "BMW gives no data of this vehicle — in BMW's portal, see that it is mapped to"
                      + " your account as primary user and has connected services; the bridge asks"
                      + " again tomorrow")),
          Map.entry(
              "CU-105",
              new Meaning(
                  CONTAINER_GONE,
                  "the container is not of this client id, or gone — nothing to do, the bridge"
                      + " looks for its own or creates one")),
          Map.entry("CU-120", new Meaning(WRONG, "the VIN is malformed" + BUG)),
          Map.entry("CU-121", new Meaning(WRONG, "the container id is malformed" + BUG)),
          Map.entry(
              "CU-122",
              new Meaning(
                  CONTAINER_GONE,
                  "the container is being deleted — nothing to do, the bridge creates another")),
          Map.entry(
              "CU-124",
              new Meaning(
                  CONTAINERS_FULL,
                  "ten containers exist, which is as many as BMW allows — delete one that no"
                      + " program uses: `./bridge api containers` lists them")),
          Map.entry(
              "CU-125",
              new Meaning(
                  PAGE_EXPIRED,
                  "the list's next page expired — nothing to do, the bridge begins the list"
                      + " again")),
          Map.entry(
              "CU-126", new Meaning(NOTHING_THERE, "BMW has no image of this vehicle" + week())),
          Map.entry(
              "CU-127",
              new Meaning(NOTHING_THERE, "BMW has no charging settings of this vehicle" + week())),
          Map.entry("CU-400", new Meaning(WRONG, "BMW takes it for a bad request" + BUG)),
          Map.entry("CU-401", new Meaning(WRONG, "BMW does not take a parameter" + BUG)),
          Map.entry(
              "CU-402",
              new Meaning(
                  DESCRIPTOR,
                  "BMW does not know a descriptor of the container — take out descriptors that were"
                      + " added last")),
          Map.entry(
              "CU-403",
              new Meaning(
                  CONTAINER_TOO_LARGE,
                  "BMW refuses the container, as it does when too many descriptors are in it —"
                      + " name fewer descriptors")),
          Map.entry("CU-429", new Meaning(QUOTA, dailyLimit())),
          Map.entry("CU-500", new Meaning(LATER, "BMW's server has trouble" + PASSES)),
          Map.entry(
              "CU-503", new Meaning(LATER, "a system behind BMW's server has trouble" + PASSES)));

  /** What a car may well be without; each car has the rest, whatever a 404 says. */
  private static final Set<String> NOT_OF_EACH_CAR =
      Set.of("image", "smartMaintenanceTyreDiagnosis", "locationBasedChargingSettings");

  private RestErrors() {}

  /**
   * What a status means that comes without an id, or with one that is not known.
   *
   * @param isSpike whether it is a 429 that asks for a short pause only
   */
  static Meaning byStatus(int status, String path, boolean isSpike) {
    return switch (status) {
      case 401 -> BY_ID.get("CU-101");
      case 403 ->
          new Meaning(
              WRONG,
              "BMW refuses it — see in BMW's portal that the client id is subscribed to the"
                  + " CarData API");
      case 404, 410 ->
          path.contains("/containers/")
              ? new Meaning(CONTAINER_GONE, BY_ID.get("CU-105").says())
              : path.matches(".*/vehicles/[^/]+/.*")
                  ? ofVehicle(path)
                  : new Meaning(WRONG, "BMW knows no such address — check cardata.api.url");
      case 408, 425 -> new Meaning(LATER, "BMW wants it later" + PASSES);
      case 429 ->
          isSpike
              ? new Meaning(LATER, "BMW wants fewer calls at a time" + PASSES)
              : new Meaning(QUOTA, dailyLimit());
      default -> {
        if (status >= 500 && status < 600) {
          yield new Meaning(LATER, "BMW's server has trouble" + PASSES);
        }
        if (status >= 300 && status < 400) {
          yield new Meaning(
              LATER,
              "it points to another address, which is not followed — check cardata.api.url, and"
                  + " whether a proxy asks for a login");
        }
        yield status >= 400 && status < 500
            ? new Meaning(WRONG, "BMW refuses it" + BUG)
            : new Meaning(LATER, "the answer is none of HTTP's" + PASSES);
      }
    };
  }

  private static Meaning ofVehicle(String path) {
    return NOT_OF_EACH_CAR.contains(path.substring(path.lastIndexOf('/') + 1))
        ? new Meaning(NOTHING_THERE, "BMW has no such thing of this vehicle" + week())
        : new Meaning(LATER, "BMW does not find this of the vehicle" + PASSES);
  }

  /** What a missing scope means. */
  static String scope() {
    return "cardata:api:read — see in BMW's portal that the client id is subscribed to the CarData"
        + " API and that cardata.scope names it, then log in again";
  }

  private static String week() {
    return " — nothing to do, the bridge asks again in a week";
  }

  private static String dailyLimit() {
    return "the day's calls are used up — the bridge asks again after BMW's reset at midnight UTC;"
        + " look for another program that uses the same account";
  }
}
