// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

/** How a check ended. */
public enum Verdict {
  /** All is well. */
  OK("ok", "OK"),
  /** It works, but not for long, or not as well as it could; or nobody can tell yet. */
  WARNING("warning", "WARN"),
  /** This is a cause of trouble. */
  FAILED("failed", "FAIL"),
  /** Not looked at: it is switched off, or what it needs is not there. */
  SKIPPED("skipped", "SKIP");

  private final String word;
  private final String mark;

  Verdict(String word, String mark) {
    this.word = word;
    this.mark = mark;
  }

  /** The word in JSON. */
  public String word() {
    return word;
  }

  /** Four letters at most, for the beginning of a line. */
  public String mark() {
    return mark;
  }
}
