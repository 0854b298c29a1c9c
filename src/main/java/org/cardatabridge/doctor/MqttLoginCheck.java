// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.util.Set;
import org.cardatabridge.stream.StreamSnapshot;

/** Whether BMW's broker lets the account in. */
final class MqttLoginCheck implements Check {

  private final Patient patient;
  private final StreamWatch watch;

  MqttLoginCheck(Patient patient, StreamWatch watch) {
    this.patient = patient;
    this.watch = watch;
  }

  @Override
  public String id() {
    return patient.id("mqtt-login");
  }

  @Override
  public String title() {
    return "mqtt-login";
  }

  @Override
  public String account() {
    return patient.shownName();
  }

  @Override
  public Set<String> needs() {
    return Set.of("settings", patient.id("other-client"));
  }

  @Override
  public Finding look() throws InterruptedException {
    StreamSnapshot now = watch.settled();
    String why = StreamWatch.why(now);
    if (now.state().isSubscribed() || StreamWatch.kind(now).equals("filter")) {
      return Finding.ok("mqtt-login.ok");
    }
    return switch (now.state()) {
      case REFUSED -> Finding.failed("mqtt-login.refused", "reason", why);
      case QUOTA -> Finding.failed("mqtt-login.quota");
      case STOPPED -> Finding.failed("mqtt-login.stopped");
      case LOGIN_REQUIRED -> Finding.failed("mqtt-login.login");
      case CONNECTING -> Finding.failed("mqtt-login.slow");
      default ->
          StreamWatch.kind(now).equals("auth")
              ? Finding.failed("mqtt-login.refused", "reason", why)
              : Finding.failed("mqtt-login.lost", "reason", why);
    };
  }
}
