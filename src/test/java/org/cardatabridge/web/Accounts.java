// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Instant;
import java.util.List;
import org.cardatabridge.Vin;

/** Account states for the tests of this package. */
final class Accounts {

  private Accounts() {}

  static AccountStatus live(String name, Instant now) {
    return with(name, "live", now, now);
  }

  static AccountStatus with(String name, String streamState, Instant since, Instant now) {
    return with(name, "authorized", streamState, since, now);
  }

  static AccountStatus with(
      String name, String loginState, String streamState, Instant since, Instant now) {
    return new AccountStatus(
        name,
        new LoginStatus(
            loginState,
            null,
            null,
            null,
            null,
            now.plusSeconds(3_000),
            now.plusSeconds(1_200_000),
            null,
            List.of("openid"),
            List.of(),
            null,
            null),
        new StreamStatus(
            streamState,
            since,
            now.minusSeconds(5),
            12,
            1,
            new StreamStatus.Reason(135, "not authorized by mqtts://bmw.example:9000", now),
            null,
            null),
        new QuotaStatus(50, 0, 50, 10, now.plusSeconds(86_400), null),
        new PlanStatus(
            "waits for https://bmw.example",
            List.of(new PlanStatus.Step("image", "…0001", now, "the picture", null)),
            List.of()),
        List.of(
            new CallStatus(
                now.minusSeconds(60),
                "GET",
                "/customers/vehicles/…0001/basicData",
                "routine",
                200,
                null,
                null,
                812L,
                140L)),
        null);
  }

  /** One whose last call about this vehicle failed. */
  static AccountStatus failed(String name, Instant at, String vin, String why) {
    AccountStatus live = live(name, at);
    return new AccountStatus(
        name,
        live.login(),
        live.stream(),
        live.quota(),
        live.plan(),
        List.of(
            new CallStatus(
                at,
                "GET",
                "/customers/vehicles/" + Vin.masked(vin) + "/basicData",
                "routine",
                500,
                null,
                why,
                null,
                null)),
        null);
  }

  static AccountStatus pending(String name, Instant now) {
    return new AccountStatus(
        name,
        new LoginStatus(
            "pending",
            "ABCD-1234",
            "https://bmw.example/link",
            "https://bmw.example/link?user_code=ABCD-1234",
            now.plusSeconds(300),
            null,
            null,
            null,
            null,
            null,
            null,
            "open https://bmw.example/link and enter ABCD-1234"),
        new StreamStatus("login-required", now, null, 0, 0, null, null, null),
        null,
        null,
        null,
        null);
  }
}
