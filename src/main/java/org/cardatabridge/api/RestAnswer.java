// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

/**
 * What came back from one HTTP request to BMW's REST API, before anybody decided what it means.
 * Nobody changes its bytes.
 *
 * @param status the HTTP status; 0 where no answer came
 * @param retryAfter the header of that name; null where there is none
 * @param contentType the header of that name; null where there is none
 * @param body its bytes; empty where there are none
 * @param failure why no answer came; null where one did
 */
public record RestAnswer(
    int status, String retryAfter, String contentType, byte[] body, Exception failure) {

  /** Neither the bytes nor anything else that the server wrote. */
  @Override
  public String toString() {
    return "RestAnswer[" + (failure == null ? status : failure.getClass().getSimpleName()) + "]";
  }
}
