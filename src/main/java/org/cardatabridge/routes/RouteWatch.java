// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks into a routes folder twice a second on one thread of its own, from its start until it is
 * closed. Start and close it from one thread; the folder is its own meanwhile.
 */
public final class RouteWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RouteWatch.class);
  private static final Duration EACH = Duration.ofMillis(500);
  private static final Duration WHILE_UNDER_WAY = Duration.ofMillis(100);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(10);

  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  private RouteWatch(BooleanSupplier look) {
    this.thread = new Thread(() -> run(look), "routes-watch");
    thread.setDaemon(true);
  }

  /** Begins to watch a folder that was loaded. */
  public static RouteWatch of(RouteFolder folder) {
    return of(folder::look);
  }

  /**
   * The same for any look.
   *
   * @param look tells whether something is still under way
   */
  static RouteWatch of(BooleanSupplier look) {
    RouteWatch watch = new RouteWatch(look);
    watch.thread.start();
    return watch;
  }

  private void run(BooleanSupplier look) {
    try {
      Duration pause = EACH;
      String told = null;
      while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        pause = EACH;
        try {
          pause = look.getAsBoolean() ? WHILE_UNDER_WAY : EACH;
        } catch (RuntimeException | Error e) {
          // A thread that ends here would take all later edits with it.
          if (!e.toString().equals(told)) {
            told = e.toString();
            LOG.error("Looking into the routes folder: {} — it is looked at again", told, e);
          }
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("Watching the route files was interrupted; it ends", e);
    }
  }

  /** Ends when the change under way is done, after 10 s at the latest. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join(LONGEST_CLOSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
