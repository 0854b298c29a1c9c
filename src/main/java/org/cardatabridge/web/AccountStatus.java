// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.util.List;
import org.cardatabridge.api.ContainerSnapshot;

/**
 * One account in {@code /api/status}. Immutable.
 *
 * @param name the account's name in {@code cardata.accounts}
 * @param login its login
 * @param stream its MQTT stream
 * @param quota its REST quota; null where it is not kept
 * @param plan what is fetched from its REST side, when and why; null where nothing plans
 * @param calls its last REST calls, the newest first; null where they are not shown
 * @param containers the bridge's containers at BMW; null where BMW was not asked yet
 */
public record AccountStatus(
    String name,
    LoginStatus login,
    StreamStatus stream,
    QuotaStatus quota,
    PlanStatus plan,
    List<CallStatus> calls,
    ContainerSnapshot containers) {

  AccountStatus withoutCodesAndUrls() {
    return new AccountStatus(
        name,
        login.withoutCodes(),
        stream.withoutUrls(),
        quota,
        plan == null ? null : plan.withoutUrls(),
        null,
        containers);
  }
}
