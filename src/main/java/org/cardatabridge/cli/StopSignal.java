// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The wish that the program ends: SIGTERM, SIGINT or a request of its own. Safe for use by many
 * threads.
 *
 * <p>Java ends a program that got a signal with 128 + its number, whatever the program does. Ours
 * ended in good order, and says so with the command's own code.
 */
public final class StopSignal {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final CountDownLatch given = new CountDownLatch(1);
  private final CountDownLatch cleanedUp = new CountDownLatch(1);
  private volatile boolean leaving;
  private volatile int exitCode;

  /** Listens to the process's signals. */
  public static StopSignal ofProcess() {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(new Thread(signal::onSignal, "cardata-stop"));
    return signal;
  }

  private void onSignal() {
    if (leaving) {
      return;
    }
    give();
    try {
      if (cleanedUp.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        Runtime.getRuntime().halt(exitCode);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks for the end. */
  public void give() {
    given.countDown();
  }

  /** Whether the end is asked for. */
  public boolean isGiven() {
    return given.getCount() == 0;
  }

  /** Waits until the end is asked for. */
  public void await() throws InterruptedException {
    given.await();
  }

  /** Waits so long at most; true when the end was asked for. */
  public boolean await(Duration atMost) throws InterruptedException {
    return given.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Says that all is put away, and ends the process with this code. */
  void leave(int code) {
    exitCode = code;
    leaving = true;
    cleanedUp.countDown();
    System.exit(code);
  }
}
