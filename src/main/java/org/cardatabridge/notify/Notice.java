// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import java.time.Instant;

/**
 * One thing to be said, in words. Immutable.
 *
 * @param id the same each time the same thing is found, so that it is said once
 * @param rule the rule that found it
 * @param subject what it is about, for the memory: a VIN or an account; never shown
 * @param origin the data point that made it, for the memory; null where time or a state did
 * @param about what it is about, as shown: a car's alias or model, or the bridge
 * @param text one sentence or two, plain text
 * @param link where to go; null where there is nowhere
 * @param urgent whether it is said in quiet hours too
 * @param at when it was found
 * @param later what is said in its place after a while; null where it stays true
 */
public record Notice(
    String id,
    String rule,
    String subject,
    String origin,
    String about,
    String text,
    String link,
    boolean urgent,
    Instant at,
    Later later) {

  /**
   * What is said in place of a notice that waited too long. Immutable.
   *
   * @param from from when
   * @param text one sentence or two, plain text
   * @param link where to go; null where there is nowhere
   */
  public record Later(Instant from, String text, String link) {}

  /** As it is to be said now. */
  Notice at(Instant now) {
    return later == null || now.isBefore(later.from())
        ? this
        : new Notice(
            id, rule, subject, origin, about, later.text(), later.link(), urgent, at, null);
  }

  /** Names the rule only: the text can hold a login code. */
  @Override
  public String toString() {
    return "Notice[" + rule + " at " + at + "]";
  }
}
