// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

/** That rows could not be written or read; its message says why and what to do, and no content. */
public final class RowsException extends Exception {

  private static final long serialVersionUID = 1L;

  RowsException(String message, Throwable cause) {
    super(message, cause);
  }
}
