// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Asks for the addresses of a name. Safe for use by many threads. */
@FunctionalInterface
public interface Resolver {

  /**
   * All addresses of a name.
   *
   * @throws UnknownHostException where there are none, or nobody answers
   */
  List<InetAddress> resolve(String name) throws UnknownHostException;

  /** This machine's own. */
  static Resolver ofMachine() {
    return name -> List.of(InetAddress.getAllByName(name));
  }
}
