// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

/** Which topic filters an account may subscribe to. Immutable. */
final class Acl {

  private final AccountConfig account;
  private final boolean hashAllowed;

  Acl(AccountConfig account, boolean hashAllowed) {
    this.account = account;
    this.hashAllowed = hashAllowed;
  }

  /** {@code GCID/VIN} of an own car and {@code GCID/+}; {@code GCID/#} only where it is allowed. */
  boolean allows(String filter) {
    String start = account.gcid() + "/";
    if (!filter.startsWith(start)) {
      return false;
    }
    String rest = filter.substring(start.length());
    return rest.equals("+") || rest.equals("#") && hashAllowed || account.vins().contains(rest);
  }
}
