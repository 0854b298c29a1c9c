// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

/** Ends the work on a REST request with one of BMW's error ids. */
final class ApiRefusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final ApiError error;

  ApiRefusal(ApiError error) {
    super(error.id(), null, false, false);
    this.error = error;
  }

  ApiError error() {
    return error;
  }
}
