// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import org.apache.camel.spi.Registry;
import org.cardatabridge.api.Images;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.web.EventStream;
import org.cardatabridge.web.StatusApi;
import org.cardatabridge.web.SummaryApi;
import org.cardatabridge.web.WebServer;

/** What shows the page live data and what was: the beans of {@code routes/web-live*.camel.yaml}. */
final class LiveParts {

  private LiveParts() {}

  /** Binds what the routes name, and hands the server its stream of events. */
  static void bind(Registry registry, WebServer web, Journal journal, StatusApi status) {
    Images images = registry.lookupByNameAndType("images", Images.class);
    registry.bind("summaryApi", new SummaryApi(journal.newest(), images::has));
    web.stream(new EventStream(journal, status, System::nanoTime));
  }
}
