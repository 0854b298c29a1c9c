// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

/** Why a broker does not take a client's certificate, with the TLS alert that says so. */
enum ClientObjection {
  UNKNOWN_CA(48, "the certificate is not signed by our CA"),
  EXPIRED(45, "the certificate has expired"),
  NOT_YET_VALID(45, "the certificate is not valid yet"),
  REVOKED(44, "the certificate was revoked");

  private final int alert;
  private final String text;

  ClientObjection(int alert, String text) {
    this.alert = alert;
    this.text = text;
  }

  /** Number of the alert in TLS. */
  int alert() {
    return alert;
  }

  String text() {
    return text;
  }
}
