// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bucket;

/** That an object will never be read, whenever it is tried; its message says why. */
public final class PoisonObjectException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  PoisonObjectException(String message) {
    super(message);
  }

  PoisonObjectException(String message, Throwable cause) {
    super(message, cause);
  }
}
