// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.util.List;

/** What the answers to an order came to: what the steps behind {@code read} work with. */
public interface RestEnding {

  /** Of the last call; never null. */
  RestVerdict verdict();

  /** The results, each as a message for {@code direct:rest-message}; may be empty. */
  List<RestMessage> messages();

  /** What whoever asked is told. */
  RestOutcome outcome();

  /** Whether it was done. */
  default boolean isOk() {
    return verdict().kind() == RestVerdict.Kind.OK;
  }
}
