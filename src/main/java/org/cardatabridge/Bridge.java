// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

/** The program. */
public final class Bridge {

  private Bridge() {}

  /** Starts the command that the arguments name. */
  public static void main(String[] args) {
    System.exit(0);
  }
}
