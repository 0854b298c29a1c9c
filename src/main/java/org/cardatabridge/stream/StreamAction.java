// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

/** What {@link StreamMachine} wants done; {@link StreamSession} does it, in order. */
sealed interface StreamAction {

  /** Open a connection. {@code attempt} names it in every event that comes of it. */
  record Connect(int attempt, Credentials credentials) implements StreamAction {}

  /** End whatever connection there is: DISCONNECT where possible, and nothing left behind. */
  record Disconnect() implements StreamAction {}

  /** Ask for one refresh of the tokens, now; {@code reason} is a sentence. */
  record Refresh(String reason) implements StreamAction {}

  /** Tell people; {@code mustAct} when it takes one of them to cure it. */
  record Announce(String sentence, boolean mustAct) implements StreamAction {}
}
