// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

/**
 * What the files of a client certificate shall be like. Immutable and safe for use by many threads.
 *
 * @param kind good, or what is wrong with it; never null
 * @param keyForm form of its key; never null
 * @param notBefore begin of its validity; null for what its kind says
 * @param notAfter end of its validity; null for what its kind says
 * @param indented whether blanks stand before each line of the PEM text and empty lines around it
 */
public record CertificateOrder(
    Kind kind, KeyForm keyForm, Instant notBefore, Instant notAfter, boolean indented) {

  /** What can be wrong with a certificate. */
  public enum Kind {
    /** Nothing: valid for a year since yesterday. */
    GOOD(-1),
    /** Signed by a CA that the broker does not know. */
    FOREIGN(-1),
    /** Ended yesterday. */
    EXPIRED(-366),
    /** Begins tomorrow. */
    NOT_YET_VALID(1),
    /** The key beside it belongs to another certificate. */
    OTHER_KEY(-1),
    /** Taken back by who signed it. */
    REVOKED(-1);

    private final int firstDay;

    Kind(int firstDay) {
      this.firstDay = firstDay;
    }

    /** Its name in the control API and in paths. */
    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Kind of(String word) {
      for (Kind k : values()) {
        if (k.word().equals(word)) {
          return k;
        }
      }
      throw new IllegalArgumentException(
          "making a certificate: unknown kind '"
              + word
              + "' — take good, foreign, expired, not-yet-valid, other-key or revoked");
    }
  }

  /** Refuses a missing part by its name, and a validity that ends before it begins. */
  public CertificateOrder {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(keyForm, "keyForm");
    if (notBefore != null && notAfter != null && notAfter.isBefore(notBefore)) {
      throw new IllegalArgumentException(
          "making a certificate: it ends before it begins — swap the two times");
    }
  }

  /** One of a kind, with its key as High Mobility hands it out. */
  public static CertificateOrder of(Kind kind) {
    return new CertificateOrder(kind, KeyForm.PKCS1, null, null, false);
  }

  /** A good one. */
  public static CertificateOrder good() {
    return of(Kind.GOOD);
  }

  /** The same with another form of key. */
  public CertificateOrder withKey(KeyForm form) {
    return new CertificateOrder(kind, form, notBefore, notAfter, indented);
  }

  /** The same with another validity; null leaves an end to its kind. */
  public CertificateOrder withValidity(Instant from, Instant until) {
    return new CertificateOrder(kind, keyForm, from, until, indented);
  }

  /** The same with blanks before each line and empty lines around. */
  public CertificateOrder withIndentation() {
    return new CertificateOrder(kind, keyForm, notBefore, notAfter, true);
  }

  /** Begin of the validity of one that is made now. */
  Instant from(Instant now) {
    if (notBefore != null) {
      return notBefore;
    }
    Instant usual = now.plus(Duration.ofDays(kind.firstDay));
    return notAfter == null || usual.isBefore(notAfter)
        ? usual
        : notAfter.minus(Duration.ofDays(1));
  }

  /** End of the validity of one that is made now. */
  Instant until(Instant now) {
    return notAfter != null ? notAfter : from(now).plus(Duration.ofDays(365));
  }

  /** Reads one as the control API has it. */
  static CertificateOrder from(JsonObject a) {
    return new CertificateOrder(
        Kind.of(a.getString("kind", "good")),
        KeyForm.of(a.getString("key", "pkcs1")),
        a.getInstant("from"),
        a.getInstant("until"),
        a.getBoolean("indented", false));
  }
}
