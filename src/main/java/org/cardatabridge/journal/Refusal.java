// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;

/**
 * Tells a sink that its target refused something for good, from wherever in its route that was: a
 * split or a multicast works on copies, whose handled exception does not come back by itself.
 * Called by {@code routes/errors.camel.yaml}; holds nothing, safe for use by many threads.
 */
public final class Refusal {

  /** Exchange property that an exchange and its copies share. */
  private static final String REFUSED = "cardata.refused";

  private static final class Noted extends AtomicReference<Throwable> {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Keeps the first exception that the error policy caught; without one, or a sink, it does
   * nothing.
   */
  public void note(Exchange exchange) {
    if (exchange.getProperty(REFUSED) instanceof Noted noted) {
      noted.compareAndSet(null, exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
    }
  }

  /** Makes room for it on an exchange that has no copies yet. */
  static void expect(Exchange exchange) {
    exchange.setProperty(REFUSED, new Noted());
  }

  /** What was noted; null where nothing was. */
  static Throwable of(Exchange exchange) {
    return exchange.getProperty(REFUSED) instanceof Noted noted ? noted.get() : null;
  }
}
