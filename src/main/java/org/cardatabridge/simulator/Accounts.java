// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The accounts of one simulator, found by client id, GCID or VIN. Used on one thread. */
final class Accounts {

  private final Map<String, Account> byClientId = new LinkedHashMap<>();
  private final Map<String, Account> byGcid = new LinkedHashMap<>();
  private final Map<String, Account> byVin = new LinkedHashMap<>();

  Accounts(List<AccountConfig> configs) {
    for (AccountConfig config : configs) {
      Account account = new Account(config);
      byClientId.put(config.clientId(), account);
      byGcid.put(config.gcid(), account);
      config.vins().forEach(vin -> byVin.put(vin, account));
    }
  }

  /** All of them, in the order they were configured. */
  List<Account> all() {
    return List.copyOf(byClientId.values());
  }

  Optional<Account> withClientId(String clientId) {
    return Optional.ofNullable(byClientId.get(clientId)).filter(Account::isKnown);
  }

  Optional<Account> withGcid(String gcid) {
    return Optional.ofNullable(byGcid.get(gcid));
  }

  /** The account of a car; throws {@link IllegalArgumentException} for a VIN nobody has. */
  Account withVin(String vin) {
    Account account = byVin.get(vin);
    if (account == null) {
      throw new IllegalArgumentException(
          "looking for a car: no account has this VIN — GET / lists the cars");
    }
    return account;
  }

  /** The account a command names by client id, or the first; throws for an unknown one. */
  Account named(String clientIdOrNull) {
    if (clientIdOrNull == null) {
      return byClientId.values().iterator().next();
    }
    Account account = byClientId.get(clientIdOrNull);
    if (account == null) {
      account = byGcid.get(clientIdOrNull);
    }
    if (account == null) {
      throw new IllegalArgumentException(
          "looking for an account: nobody has this client id or GCID — GET / lists them");
    }
    return account;
  }
}
