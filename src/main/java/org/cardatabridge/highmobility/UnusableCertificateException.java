// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.highmobility;

import java.time.Instant;

/**
 * Certificate files that no connection can be made with. The message is a sentence for the user,
 * {@code <doing what>: <cause> — <what to do>}; it names the file and tells nothing of its content.
 */
public final class UnusableCertificateException extends Exception {

  private static final long serialVersionUID = 1L;

  /** What is wrong, where it matters to others than the reader of the sentence. */
  public enum Fault {
    /** The certificate is good, but its time is over. */
    EXPIRED,
    /** The certificate is good, but its time has not come. */
    NOT_YET_VALID,
    /** The files are not what they have to be. */
    UNUSABLE
  }

  private final Fault fault;
  private final Instant expiresAt;

  /** A file that is not what it has to be. */
  UnusableCertificateException(String sentence) {
    this(sentence, Fault.UNUSABLE, null);
  }

  /** A certificate of another time, which ends or ended at the instant. */
  UnusableCertificateException(String sentence, Fault fault, Instant expiresAt) {
    super(sentence);
    this.fault = fault;
    this.expiresAt = expiresAt;
  }

  /** What is wrong. */
  public Fault fault() {
    return fault;
  }

  /** When the certificate's time ends or ended; null where no certificate could be read. */
  public Instant expiresAt() {
    return expiresAt;
  }
}
