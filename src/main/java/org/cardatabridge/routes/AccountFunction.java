// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import java.util.function.BiFunction;
import org.apache.camel.spi.PropertiesFunction;

/**
 * The placeholder {@code {{account:<name>:stream.qos}}}: a setting as that account sees it, without
 * the leading {@code cardata.}. Route templates use it as {@code
 * {{account:{{account}}:stream.qos}}}. Safe for use by many threads if its lookup is.
 */
public final class AccountFunction implements PropertiesFunction {

  private final BiFunction<String, String, String> lookup;

  /**
   * A function on a lookup from account name and full key to text; the lookup answers null where
   * there is no such setting.
   */
  public AccountFunction(BiFunction<String, String, String> lookup) {
    this.lookup = lookup;
  }

  @Override
  public String getName() {
    return "account";
  }

  /**
   * The text of a setting.
   *
   * @param remainder {@code <account>:<setting>} or {@code <account>:<setting>:<default>}
   * @throws IllegalArgumentException where the form is another, or the setting has neither a value
   *     nor a default
   */
  @Override
  public String apply(String remainder) {
    String[] parts = remainder.split(":", 3);
    if (parts.length < 2) {
      throw new IllegalArgumentException(
          "{{account:" + remainder + "}} wants {{account:<name>:<setting>}}");
    }
    String value = lookup.apply(parts[0], "cardata." + parts[1]);
    if (value != null) {
      return value;
    }
    if (parts.length == 3) {
      return parts[2];
    }
    throw new IllegalArgumentException(
        "{{account:" + remainder + "}}: cardata." + parts[1] + " is not set and has no default");
  }
}
