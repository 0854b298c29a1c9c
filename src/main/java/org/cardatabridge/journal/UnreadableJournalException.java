// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

/** The journal's file cannot be read at present. Whoever wanted to read tries again. */
public final class UnreadableJournalException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnreadableJournalException(Throwable cause) {
    super("reading the journal: " + cause.getMessage(), cause);
  }
}
