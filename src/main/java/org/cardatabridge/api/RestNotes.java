// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Instant;
import java.util.Optional;

/**
 * What has to be remembered about an account beyond a restart: container ids, when something was
 * fetched, what BMW does not have. Kept in journal.db. Safe for use by many threads.
 */
public interface RestNotes {

  /**
   * One thing remembered. Immutable.
   *
   * @param text what; never null
   * @param at when it was noted
   */
  record Note(String text, Instant at) {}

  /**
   * The note of that name.
   *
   * @param account the account's name
   * @param vin the vehicle; null for one about the account
   * @param name for example {@code container} or {@code image.fetched}
   */
  Optional<Note> find(String account, String vin, String name);

  /** Keeps a note; durable when it returns, or in memory only while the file cannot be written. */
  void put(String account, String vin, String name, String text);

  /** Forgets a note, if there is one. */
  void forget(String account, String vin, String name);
}
