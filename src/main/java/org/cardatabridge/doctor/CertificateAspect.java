// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.util.Set;
import java.util.TreeSet;

/** What all checks of one certificate of High Mobility have in common. */
abstract class CertificateAspect implements Check {

  private final CertificatePatient patient;
  private final String aspect;
  private final Set<String> needs;

  /**
   * For one certificate.
   *
   * @param aspect the first part of its id
   * @param needs ids of checks that stand above it; those that begin with {@code -} are first parts
   *     of this certificate's own
   */
  CertificateAspect(CertificatePatient patient, String aspect, String... needs) {
    this.patient = patient;
    this.aspect = aspect;
    this.needs = new TreeSet<>();
    for (String need : needs) {
      this.needs.add(need.startsWith("-") ? need.substring(1) + "-" + patient.name() : need);
    }
  }

  /** Whom it is about. */
  final CertificatePatient patient() {
    return patient;
  }

  @Override
  public final String id() {
    return aspect + "-" + patient.name();
  }

  @Override
  public final String title() {
    return aspect;
  }

  @Override
  public final String account() {
    return patient.name();
  }

  @Override
  public final Set<String> needs() {
    return needs;
  }
}
