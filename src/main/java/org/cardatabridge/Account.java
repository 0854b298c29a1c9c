// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.util.List;
import java.util.Set;
import org.apache.camel.spi.Registry;
import org.cardatabridge.stream.BmwMqttClient;
import org.cardatabridge.stream.StreamReason;
import org.cardatabridge.stream.StreamSession;
import org.cardatabridge.stream.StreamSnapshot;
import org.cardatabridge.web.AccountStatus;
import org.cardatabridge.web.StreamStatus;

/** What every account has, whoever sends the data of its cars. */
interface Account {

  /** Unique among all accounts. */
  String name();

  /** What its ingest route consumes from. */
  BmwMqttClient client();

  /** Keeps it connected. */
  StreamSession stream();

  /** Binds each part under the name that the route templates use. */
  void bind(Registry registry);

  /** The account as status, page and health show it. */
  AccountStatus status();

  /** What the other side calls it, as far as that is known; nobody else is to see it. */
  Set<String> ids();

  /** Its stream as the status shows it. */
  default StreamStatus streamStatus() {
    StreamSnapshot s = stream().status();
    StreamReason reason = s.lastReason();
    return new StreamStatus(
        s.state().text(),
        s.since(),
        s.lastMessageAt(),
        s.messages(),
        s.reconnects(),
        reason == null ? null : new StreamStatus.Reason(reason.code(), reason.text(), reason.at()),
        s.nextAttemptAt(),
        s.otherClient() == null
            ? null
            : new StreamStatus.OtherClient(s.otherClient().sure(), s.otherClient().at()),
        stream().messagesPerMinute(),
        subscriptions());
  }

  private List<StreamStatus.Subscription> subscriptions() {
    List<StreamStatus.Subscription> granted =
        client().subscriptions().stream()
            .map(s -> new StreamStatus.Subscription(s.filter(), s.qos()))
            .toList();
    return granted.isEmpty() ? null : granted;
  }
}
