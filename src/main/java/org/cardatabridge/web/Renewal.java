// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

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

  /** Why the last change was taken back, as a sentence; empty where it was not. */
  Optional<String> problem();
}
