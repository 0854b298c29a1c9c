// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.highmobility;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which account connects with which client id: High Mobility closes the older of two connections
 * with one id, again and again. Safe for use by many threads.
 */
public final class ClientIds {

  private final Map<String, String> byAccount = new HashMap<>();

  /**
   * Gives the account that id in place of the one it had, unless another account has it.
   *
   * @return the other account that has it; empty where none does
   */
  synchronized Optional<String> claim(String account, String id) {
    byAccount.remove(account);
    Optional<String> other =
        byAccount.entrySet().stream()
            .filter(held -> held.getValue().equals(id))
            .map(Map.Entry::getKey)
            .findFirst();
    if (other.isEmpty()) {
      byAccount.put(account, id);
    }
    return other;
  }

  /** The account has no id any more. */
  synchronized void release(String account) {
    byAccount.remove(account);
  }
}
