// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.util.List;
import java.util.function.UnaryOperator;
import org.cardatabridge.api.ContainerSnapshot;

/**
 * One account in {@code /api/status}. Immutable.
 *
 * @param name the account's name in {@code cardata.accounts} or {@code
 *     cardata.highmobility.accounts}
 * @param source {@code bmw} or {@code highmobility}
 * @param login its login; null where a certificate takes its place
 * @param certificate its certificate; null where none is used
 * @param stream its MQTT stream
 * @param quota its REST quota; null where it is not kept
 * @param plan what is fetched from its REST side, when and why; null where nothing plans
 * @param calls its last REST calls, the newest first; null where they are not shown
 * @param containers the bridge's containers at BMW; null where BMW was not asked yet
 */
public record AccountStatus(
    String name,
    String source,
    LoginStatus login,
    CertificateStatus certificate,
    StreamStatus stream,
    QuotaStatus quota,
    PlanStatus plan,
    List<CallStatus> calls,
    ContainerSnapshot containers) {

  /** The word for BMW accounts. */
  public static final String BMW = "bmw";

  /** The word for certificates of High Mobility. */
  public static final String HIGH_MOBILITY = "highmobility";

  /** A BMW account. */
  public AccountStatus(
      String name,
      LoginStatus login,
      StreamStatus stream,
      QuotaStatus quota,
      PlanStatus plan,
      List<CallStatus> calls,
      ContainerSnapshot containers) {
    this(name, BMW, login, null, stream, quota, plan, calls, containers);
  }

  /**
   * A certificate of High Mobility.
   *
   * @param certificate null where nothing comes by MQTT
   */
  public static AccountStatus ofCertificate(
      String name, CertificateStatus certificate, StreamStatus stream) {
    return new AccountStatus(
        name, HIGH_MOBILITY, null, certificate, stream, null, null, null, null);
  }

  /** As it may leave the house: no codes, no addresses, no paths of a certificate's files. */
  AccountStatus withoutCodesAndUrls() {
    return new AccountStatus(
        name,
        source,
        login == null ? null : login.withoutCodes(),
        certificate == null ? null : certificate.withoutPaths(),
        stream.withoutUrls(
            certificate == null ? UnaryOperator.identity() : certificate::withoutPaths),
        quota,
        plan == null ? null : plan.withoutUrls(),
        null,
        containers);
  }
}
