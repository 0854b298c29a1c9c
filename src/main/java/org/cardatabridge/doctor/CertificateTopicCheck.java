// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.util.regex.Pattern;
import org.cardatabridge.stream.StreamSnapshot;

/** Whether High Mobility's broker grants the topic. */
final class CertificateTopicCheck extends CertificateAspect {

  /** The third level is the app id, which somebody may have written out. */
  private static final Pattern APP_ID = Pattern.compile("^([^/]*/[^/]*/)[^/+#{]+");

  private final StreamWatch watch;

  CertificateTopicCheck(CertificatePatient patient, StreamWatch watch) {
    super(patient, "topic", "settings", "-broker");
    this.watch = watch;
  }

  @Override
  public Finding look() throws InterruptedException {
    StreamSnapshot now = watch.settled();
    String topic = withoutAppId(patient().settings().get("cardata.highmobility.topic"));
    return now.state().isSubscribed()
        ? Finding.ok("topic.ok", "topic", topic)
        : Finding.failed("topic.refused", "topic", topic);
  }

  static String withoutAppId(String topic) {
    return APP_ID.matcher(topic).replaceFirst("$1{app-id}");
  }
}
