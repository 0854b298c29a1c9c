// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import org.cardatabridge.api.ContainerSnapshot;

/**
 * One account in {@code /api/status}. Immutable.
 *
 * @param name the account's name in {@code cardata.accounts}
 * @param login its login
 * @param stream its MQTT stream
 * @param quota its REST quota; null where it is not kept
 * @param containers the bridge's containers at BMW; null where BMW was not asked yet
 */
public record AccountStatus(
    String name,
    LoginStatus login,
    StreamStatus stream,
    QuotaStatus quota,
    ContainerSnapshot containers) {

  /** One whose containers are not known. */
  public AccountStatus(String name, LoginStatus login, StreamStatus stream, QuotaStatus quota) {
    this(name, login, stream, quota, null);
  }

  AccountStatus withoutCodesAndUrls() {
    return new AccountStatus(name, login.withoutCodes(), stream.withoutUrls(), quota, containers);
  }
}
