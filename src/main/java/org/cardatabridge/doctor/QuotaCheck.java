// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.util.Optional;
import java.util.Set;
import org.cardatabridge.api.Quota;

/** How many of the day's REST calls are left. */
final class QuotaCheck implements Check {

  private final Patient patient;

  QuotaCheck(Patient patient) {
    this.patient = patient;
  }

  @Override
  public String id() {
    return patient.id("quota");
  }

  @Override
  public String title() {
    return "quota";
  }

  @Override
  public String account() {
    return patient.shownName();
  }

  @Override
  public Set<String> needs() {
    return Set.of("settings", "journal", patient.id("tokens"));
  }

  @Override
  public Finding look() {
    if ("false".equals(patient.settings().find("cardata.api.enabled").orElse(""))) {
      return Finding.skipped("quota.off");
    }
    Optional<Quota> found = patient.quota().get();
    if (found.isEmpty()) {
      return Finding.skipped("quota.unknown");
    }
    Quota quota = found.get();
    if (quota.blockedUntil() != null) {
      return Finding.warning("quota.blocked", "until", quota.blockedUntil());
    }
    return quota.remaining() == 0 && quota.resetsAt() != null
        ? Finding.warning("quota.used", "limit", quota.limit(), "until", quota.resetsAt())
        : Finding.ok("quota.ok", "used", quota.used(), "limit", quota.limit());
  }
}
