// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether there is a client id, and it looks like one. */
final class ClientIdCheck implements Check {

  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private final Patient patient;

  ClientIdCheck(Patient patient) {
    this.patient = patient;
  }

  @Override
  public String id() {
    return patient.id("client-id");
  }

  @Override
  public String title() {
    return "client-id";
  }

  @Override
  public String account() {
    return patient.shownName();
  }

  @Override
  public Set<String> needs() {
    return Set.of("settings");
  }

  @Override
  public Finding look() {
    Optional<String> clientId = patient.settings().find("cardata.client-id");
    if (clientId.isEmpty()) {
      return Finding.failed("client-id.none");
    }
    return UUID.matcher(clientId.get()).matches()
        ? Finding.ok("client-id.ok")
        : Finding.warning("client-id.odd");
  }
}
