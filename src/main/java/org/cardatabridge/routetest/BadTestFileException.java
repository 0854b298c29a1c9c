// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routetest;

/** A test file that cannot be read, is not there, or says something that is not known. */
public final class BadTestFileException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With a sentence for the user, which names the file and, where there is one, the line. */
  public BadTestFileException(String sentence) {
    super(sentence);
  }
}
