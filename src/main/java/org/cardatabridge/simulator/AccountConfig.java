// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.util.List;
import java.util.Objects;

/**
 * One simulated BMW account: the client id that a user would have made in the portal, the account's
 * GCID and its cars. Immutable and safe for use by many threads.
 *
 * @param clientId CarData client id; never null
 * @param gcid account id, the user name at the broker; never null
 * @param vins the cars of the account; never null, may be empty
 */
public record AccountConfig(String clientId, String gcid, List<String> vins) {

  /** Refuses a missing part by its name and copies the list. */
  public AccountConfig {
    Objects.requireNonNull(clientId, "clientId");
    Objects.requireNonNull(gcid, "gcid");
    vins = List.copyOf(vins);
  }

  /** The account of a simulator that was told of none: two cars. */
  public static AccountConfig first() {
    return new AccountConfig(
        "3f0c2a54-7b1d-4c8e-9a57-51d0c1e4a901",
        "5b1e0c7a-2f4d-4e81-9a36-c07d18e4f2b9",
        List.of("WBY00TEST00000001", "WBY00TEST00000002"));
  }

  /** A second account with one car, for tests with two. */
  public static AccountConfig second() {
    return new AccountConfig(
        "8d44b9e0-16c3-4f2a-8e0b-7a92f3c5d602",
        "9c40d7e3-81b5-4a6f-b2d0-3e75f1a8c964",
        List.of("WBA00TEST00000003"));
  }

  /** Says how many cars there are, never which account. */
  @Override
  public String toString() {
    return "AccountConfig[" + vins.size() + " cars]";
  }
}
