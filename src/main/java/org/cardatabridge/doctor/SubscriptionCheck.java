// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.util.Set;
import java.util.regex.Pattern;
import org.cardatabridge.stream.StreamSnapshot;

/** Whether BMW's broker grants the topics. */
final class SubscriptionCheck implements Check {

  private static final Pattern FIRST_LEVEL = Pattern.compile("(?<=^|,|\\s)[^/,\\s]+/");

  private final Patient patient;
  private final StreamWatch watch;

  SubscriptionCheck(Patient patient, StreamWatch watch) {
    this.patient = patient;
    this.watch = watch;
  }

  @Override
  public String id() {
    return patient.id("subscription");
  }

  @Override
  public String title() {
    return "subscription";
  }

  @Override
  public String account() {
    return patient.shownName();
  }

  @Override
  public Set<String> needs() {
    return Set.of("settings", patient.id("mqtt-login"));
  }

  @Override
  public Finding look() throws InterruptedException {
    StreamSnapshot now = watch.settled();
    String topics = withoutGcid(patient.settings().get("cardata.stream.topics"));
    return now.state().isSubscribed()
        ? Finding.ok("subscription.ok", "topics", topics)
        : Finding.failed("subscription.refused", "topics", topics, "gcid", "{gcid}");
  }

  /** The first level of a filter is the account's GCID, which somebody may have written out. */
  static String withoutGcid(String topics) {
    return FIRST_LEVEL.matcher(topics).replaceAll("{gcid}/");
  }
}
