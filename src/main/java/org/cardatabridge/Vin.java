// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

/** How a vehicle identification number may be shown where people other than its owner read. */
public final class Vin {

  private Vin() {}

  /** The last four characters behind an ellipsis; a VIN of four or fewer is hidden whole. */
  public static String masked(String vin) {
    return vin.length() > 4 ? "…" + vin.substring(vin.length() - 4) : "…";
  }
}
