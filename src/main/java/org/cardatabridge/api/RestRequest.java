// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.util.Map;
import java.util.Objects;
import org.cardatabridge.Vin;

/**
 * An order to fetch or do something at BMW, from the plan or from outside: the body that the routes
 * {@code direct:rest-<action>} take. Immutable.
 *
 * @param account the account's name; never null
 * @param action what to do; never null
 * @param vin the vehicle; null where the action is not about one
 * @param purpose why; never null
 * @param parameters what else was given, such as {@code from}, {@code to}, {@code containerId};
 *     never null
 */
public record RestRequest(
    String account,
    RestAction action,
    String vin,
    Purpose purpose,
    Map<String, String> parameters) {

  /** Refuses a missing part by its name, and a vehicle's action without a vehicle. */
  public RestRequest {
    Objects.requireNonNull(account, "account");
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(purpose, "purpose");
    if (action.isOfVehicle()) {
      Objects.requireNonNull(vin, "vin");
    }
    parameters = Map.copyOf(parameters);
  }

  /** An order without parameters. */
  public static RestRequest of(String account, RestAction action, String vin, Purpose purpose) {
    return new RestRequest(account, action, vin, purpose, Map.of());
  }

  /** Names account and action, and the vehicle by its last characters only. */
  @Override
  public String toString() {
    return "RestRequest["
        + action.word()
        + " of "
        + account
        + (vin == null ? "" : ", " + Vin.masked(vin))
        + ", "
        + purpose.word()
        + "]";
  }
}
