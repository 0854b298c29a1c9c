// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MailboxTest {

  private final Mailbox mailbox = new Mailbox(Mailbox.MOST_WAITING);

  private static Message message(long number) {
    return new Message(number, Instant.EPOCH, "topic", new byte[0]);
  }

  @Test
  void theWindowLimitsWhatIsInFlight() {
    mailbox.connect(2);
    for (int i = 0; i < 3; i++) {
      mailbox.offer(message(i));
    }
    int first = mailbox.next().orElseThrow().packetId();
    mailbox.next().orElseThrow();
    assertThat(mailbox.next()).isEmpty();
    assertThat(mailbox.acknowledge(first)).isPresent();
    assertThat(mailbox.next().orElseThrow().message().number()).isEqualTo(2);
    assertThat(mailbox.inFlight()).isEqualTo(2);
  }

  @Test
  void anUnknownPacketIdIsNoAcknowledgement() {
    mailbox.connect(2);
    mailbox.offer(message(1));
    mailbox.next();
    assertThat(mailbox.acknowledge(77)).isEmpty();
  }

  @Test
  void packetIdsAreNeverZeroAndNeverInUseTwice() {
    mailbox.connect(65_535);
    Set<Integer> used = new HashSet<>();
    for (int i = 0; i < 65_535; i++) {
      mailbox.offer(message(i));
      int id = mailbox.next().orElseThrow().packetId();
      assertThat(id).isBetween(1, 65_535);
      assertThat(used.add(id)).isTrue();
    }
    mailbox.offer(message(0));
    assertThat(mailbox.next()).isEmpty();
    mailbox.acknowledge(4711);
    assertThat(mailbox.next().orElseThrow().packetId()).isEqualTo(4711);
  }

  @Test
  void aNewConnectionSendsOldOnesAgainFirst() {
    mailbox.connect(10);
    mailbox.offer(message(1));
    Mailbox.Outgoing before = mailbox.next().orElseThrow();
    mailbox.offer(message(2));
    mailbox.connect(10);

    Mailbox.Outgoing again = mailbox.next().orElseThrow();

    assertThat(again.again()).isTrue();
    assertThat(again.packetId()).isEqualTo(before.packetId());
    assertThat(mailbox.next().orElseThrow().again()).isFalse();
  }

  @Test
  void clearingGivesEverythingBack() {
    mailbox.connect(1);
    mailbox.offer(message(1));
    mailbox.offer(message(2));
    mailbox.next();
    assertThat(mailbox.clear()).extracting(Message::number).containsExactly(1L, 2L);
    assertThat(mailbox.next()).isEmpty();
  }

  @Test
  void itTakesOnlySoMany() {
    mailbox.connect(1);
    for (int i = 0; i < Mailbox.MOST_WAITING; i++) {
      mailbox.offer(message(i));
    }
    assertThat(mailbox.offer(message(0))).isFalse();
  }
}
