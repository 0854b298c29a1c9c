// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/**
 * Remembers that something was fetched ({@code <word>.fetched}), or that BMW has no such thing
 * ({@code <word>.none}, to be asked again after a week). Safe for use by many threads.
 */
public final class Fetched {

  /** The exchange property in which the routes keep the order. */
  static final String ORDER = "cardata.order";

  /** Ends the name of the note that something was fetched. */
  static final String NOTE = ".fetched";

  private static final String CONTAINER = "container";

  private final RestNotes notes;

  /** Keeps notes there. */
  public Fetched(RestNotes notes) {
    this.notes = notes;
  }

  /** Notes how an order ended; trouble of any other kind leaves no note. */
  public void note(@Body RestEnding ending, @ExchangeProperty(ORDER) RestRequest order) {
    String word = order.action().word();
    switch (ending.verdict().kind()) {
      case OK -> {
        if (!isPart(order)) {
          notes.put(order.account(), order.vin(), word + NOTE, "ok");
        }
        notes.forget(order.account(), order.vin(), word + ".none");
      }
      case NOTHING_THERE ->
          notes.put(order.account(), order.vin(), word + ".none", "nothing there");
      default -> {
        // The plan asks again.
      }
    }
  }

  /** Whether somebody asked for days of his own, so that the plan's are still to come. */
  private static boolean isPart(RestRequest order) {
    return order.action() == RestAction.CHARGING_HISTORY
        && (order.parameters().containsKey("from") || order.parameters().containsKey("to"));
  }

  /**
   * Forgets the container's id, which BMW does not take any more; one that the order named itself
   * says nothing of ours.
   */
  public void forgetContainer(@ExchangeProperty(ORDER) RestRequest order) {
    String named = order.parameters().get(Containers.ID);
    if (named == null
        || notes
            .find(order.account(), null, CONTAINER)
            .filter(note -> note.text().strip().equals(named.strip()))
            .isPresent()) {
      notes.forget(order.account(), null, CONTAINER);
    }
  }
}
