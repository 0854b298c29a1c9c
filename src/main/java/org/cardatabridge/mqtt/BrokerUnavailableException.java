// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import java.io.IOException;

/** The local broker did not confirm in time; the same publication may be tried again. */
public final class BrokerUnavailableException extends IOException {

  private static final long serialVersionUID = 1L;

  /** With a sentence for the user, and what the network said; the cause may be null. */
  public BrokerUnavailableException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
