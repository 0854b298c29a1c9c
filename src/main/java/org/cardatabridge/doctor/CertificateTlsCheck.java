// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.time.Duration;

/** Whether High Mobility's broker and the bridge take each other's certificates. */
final class CertificateTlsCheck extends CertificateAspect {

  private final TlsCheck tls;

  CertificateTlsCheck(CertificatePatient patient, Host host, String suffix, TlsProbe probe) {
    super(
        patient,
        "tls-certificate",
        "settings",
        "clock",
        "dns-highmobility" + suffix,
        "-certificate");
    this.tls = new TlsCheck(host, "", probe);
  }

  @Override
  public Duration limit() {
    return tls.limit();
  }

  @Override
  public Finding look() {
    Finding found = tls.look();
    return found.words().equals("tls.intercepted")
        ? new Finding(found.verdict(), "tls.foreign", found.values())
        : found;
  }
}
