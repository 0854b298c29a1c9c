// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bucket;

/** That the bucket cannot be read at present; its message says why and what to do. */
public final class BucketAwayException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BucketAwayException(String message) {
    super(message);
  }

  BucketAwayException(String message, Throwable cause) {
    super(message, cause);
  }
}
