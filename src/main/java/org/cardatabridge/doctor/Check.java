// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.time.Duration;
import java.util.Set;

/** One thing that the doctor looks at. Used on one thread; made anew for each examination. */
public interface Check {

  /** Its name in JSON, such as {@code clock}; never changes. */
  String id();

  /** Key of its title, {@code .title} left out. */
  default String title() {
    return id();
  }

  /** What the title is about, where it names something: a sink; empty for nothing. */
  default String subject() {
    return "";
  }

  /** The account it is about, where there are several; empty otherwise. */
  default String account() {
    return "";
  }

  /** Ids of the checks without which it says nothing: where one has failed, it is left out. */
  default Set<String> needs() {
    return Set.of();
  }

  /** How long it may take. */
  default Duration limit() {
    return Duration.ofSeconds(7);
  }

  /**
   * Looks.
   *
   * @throws Exception where it could not look; the doctor says so
   */
  Finding look() throws Exception;
}
