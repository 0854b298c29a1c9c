// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

/** A table of entities that cannot be used; the message has file, line and what to write. */
final class BadTableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BadTableException(String sentence) {
    super(sentence);
  }
}
