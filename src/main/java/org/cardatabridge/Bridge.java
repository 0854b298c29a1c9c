// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import org.cardatabridge.cli.Program;

/** The program. */
public final class Bridge {

  private Bridge() {}

  /** Starts the command that the arguments name; ends the process with its exit code. */
  public static void main(String[] args) {
    Program.start(args);
  }
}
