// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

  private final Arrivals arrivals = new Arrivals();

  private static void packet(ByteArrayOutputStream out, int first, int length) {
    out.write(first);
    int left = length;
    do {
      int digit = left % 128;
      left /= 128;
      out.write(left > 0 ? digit | 128 : digit);
    } while (left > 0);
    // A body full of what looks like headers of messages.
    for (int i = 0; i < length; i++) {
      out.write(0x32);
    }
  }

  private boolean isWaitedFor() {
    Instant from = Instant.now();
    arrivals.awaitHandedOver(40);
    return Duration.between(from, Instant.now()).toMillis() >= 35;
  }

  @Test
  void countsMessagesWhereverTheStreamIsCut() {
    Random random = new Random(5);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int messages = 0;
    for (int i = 0; i < 400; i++) {
      int first = new int[] {0x20, 0x32, 0x3A, 0x90, 0xD0}[random.nextInt(5)];
      messages += first == 0x32 || first == 0x3A ? 1 : 0;
      packet(out, first, random.nextInt(20) == 0 ? 20_000 : random.nextInt(200));
    }
    byte[] stream = out.toByteArray();
    int at = 0;
    while (at < stream.length) {
      if (random.nextInt(3) == 0) {
        arrivals.read(stream[at++]);
      } else {
        int step = Math.min(1 + random.nextInt(500), stream.length - at);
        arrivals.read(stream, at, step);
        at += step;
      }
    }
    for (int i = 1; i < messages; i++) {
      arrivals.handedOver();
    }
    assertThat(isWaitedFor()).as("one is missing").isTrue();
    arrivals.handedOver();
    assertThat(isWaitedFor()).isFalse();
  }

  @Test
  void aMessageThatIsCutOffIsNotWaitedFor() {
    arrivals.read(new byte[] {0x32, 10, 1, 2, 3}, 0, 5);
    arrivals.read(new byte[0], 0, -1);
    assertThat(isWaitedFor()).isFalse();
  }

  @Test
  void waitingEndsWithTheLastMessageOrWhenNobodyTakesIt() throws Exception {
    arrivals.read(new byte[] {0x30, 0, 0x30, 0}, 0, 4);
    CompletableFuture<Void> waiting =
        CompletableFuture.runAsync(() -> arrivals.awaitHandedOver(20_000));
    arrivals.handedOver();
    arrivals.handedOver();
    waiting.get(40, TimeUnit.SECONDS);
    arrivals.read(new byte[] {0x30, 0}, 0, 2);
    waiting = CompletableFuture.runAsync(() -> arrivals.awaitHandedOver(20_000));
    arrivals.giveUp();
    waiting.get(40, TimeUnit.SECONDS);
  }
}
