// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Duration;
import java.util.Optional;
import org.cardatabridge.settings.PageSettings;

/** Starts the bridge anew in its process with changed settings. Safe for use by many threads. */
public interface Renewal {

  /**
   * Asks for a new start; returns at once, so that the answer can still leave.
   *
   * @param undo takes the change back, where the bridge does not start with it
   */
  void ask(PageSettings.Undo undo);

  /**
   * How long until another new start may be asked for; zero where it may now. Each takes seconds in
   * which no value comes in.
   */
  Duration left();

  /** Why the last change was taken back, as a sentence; empty where it was not. */
  Optional<String> problem();
}
