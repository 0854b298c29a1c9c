// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

/**
 * What came back from one request to the login server, before anybody decided what it means. Nobody
 * changes its bytes.
 *
 * @param status the HTTP status; 0 where no reply came, or one without a status
 * @param retryAfter the header of that name; null where there is none
 * @param body its bytes, secrets among them; null where there are none
 * @param failure why no reply came; null where one did
 */
public record HttpReply(int status, String retryAfter, byte[] body, Exception failure) {

  static HttpReply of(int status, String retryAfter, byte[] body) {
    return new HttpReply(status, retryAfter, body, null);
  }

  static HttpReply none(Exception failure) {
    return new HttpReply(0, null, null, failure);
  }

  /** Neither the bytes nor anything else that the server wrote. */
  @Override
  public String toString() {
    return "HttpReply[" + (failure == null ? status : failure.getClass().getSimpleName()) + "]";
  }
}
