// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.util.Arrays;
import java.util.Optional;

/** What can be fetched or done at BMW's REST API; the routes are called {@code rest-<word>}. */
public enum RestAction {
  /** Which vehicles the account has, and which of them give data. */
  MAPPINGS("mappings", false),
  /** Model, equipment and the like of a vehicle. */
  BASIC_DATA("basic-data", true),
  /** The containers of the account. */
  CONTAINERS("containers", false),
  /** Reuses the bridge's container, or creates it. */
  CREATE_CONTAINER("create-container", false),
  /** Deletes one container; only ever on request. */
  DELETE_CONTAINER("delete-container", false),
  /** The last known values of a vehicle, by the bridge's container. */
  TELEMATIC_DATA("telematic-data", true),
  /** Charging sessions of a vehicle, page by page. */
  CHARGING_HISTORY("charging-history", true),
  /** The picture of a vehicle. */
  IMAGE("image", true),
  /** Diagnosis of a vehicle's tyres (smart maintenance). */
  TYRES("tyres", true),
  /** Charging settings of a vehicle that belong to places. */
  CHARGING_SETTINGS("charging-settings", true);

  private final String word;
  private final boolean isOfVehicle;

  RestAction(String word, boolean isOfVehicle) {
    this.word = word;
    this.isOfVehicle = isOfVehicle;
  }

  /** Its name in routes, topics, URLs and commands. */
  public String word() {
    return word;
  }

  /** Whether it is about one vehicle and needs its VIN. */
  public boolean isOfVehicle() {
    return isOfVehicle;
  }

  /** The action of that word; empty for any other text. */
  public static Optional<RestAction> of(String word) {
    return Arrays.stream(values()).filter(a -> a.word.equals(word)).findFirst();
  }
}
