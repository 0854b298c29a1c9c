// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/** One way to a person. Implementations are immutable. */
sealed interface Channel permits Telegram, Ntfy, Gotify, Hook {

  /** Its name, as in its settings. */
  String name();

  /** The request that sends a message. */
  Request request(Message message);

  /** The settings to look at where it does not know us. */
  String setUp();

  /**
   * Whether an answer with success really is one of this service; a login page in between is not.
   */
  default boolean isOwn(JsonNode answer) {
    return true;
  }

  /** Whether a refusal of the request is about the message, not about the set-up. */
  default boolean isAboutMessage(JsonNode answer) {
    return true;
  }

  /** The pause that an answer's body asks for; null where it asks for none. */
  default Duration pause(JsonNode answer) {
    return null;
  }
}
