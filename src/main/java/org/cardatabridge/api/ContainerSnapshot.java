// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.util.List;

/**
 * The {@code containers} part of an account's status, as of the last time that BMW was asked.
 * Immutable.
 *
 * @param id the bridge's own container; null where there is none
 * @param name what it is called; null where there is none
 * @param created when, as BMW writes it; null where it does not say
 * @param obsolete older ones of the bridge, which make the stream send things twice
 */
public record ContainerSnapshot(String id, String name, String created, List<Old> obsolete) {

  /** Copies the list; a missing one is empty. */
  public ContainerSnapshot {
    obsolete = obsolete == null ? List.of() : List.copyOf(obsolete);
  }

  /**
   * One that is of no use any more. Immutable.
   *
   * @param id what to delete it by
   * @param name what it is called
   * @param created when, as BMW writes it; null where it does not say
   */
  public record Old(String id, String name, String created) {}
}
