// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.util.List;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;

/** Finds the BMW account that a command is for. Stateless. */
final class BmwAccount {

  private BmwAccount() {}

  /**
   * The account of that name; the first where none is named.
   *
   * @param named null for none
   * @throws BadSettingException where there is no such BMW account, or none at all
   */
  static String of(String named, Settings settings) {
    List<String> accounts = settings.bmwAccounts();
    if (accounts.isEmpty()) {
      throw new BadSettingException(
          "there is no BMW account, and High Mobility takes no login and answers no calls — set"
              + " cardata.client-id for one of BMW");
    }
    if (named == null) {
      return accounts.get(0);
    }
    if (settings.certificates().contains(named)) {
      throw new BadSettingException(
          "--account: '"
              + named
              + "' is a certificate of High Mobility, which takes no login and answers no calls —"
              + " name one of "
              + String.join(", ", accounts));
    }
    if (!accounts.contains(named)) {
      throw new BadSettingException("--account", named, "one of " + String.join(", ", accounts));
    }
    return named;
  }
}
