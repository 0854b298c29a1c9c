// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/**
 * The scheme {@code events:}, which connects ingest routes with sinks.
 *
 * <p>It works on the bean {@code journal}; where there is none it makes a temporary one and deletes
 * it in the end. Safe for use by many threads.
 */
@Component("events")
public final class EventsComponent extends DefaultComponent {

  /** Name of the bean of type {@link Journal} that it looks for. */
  public static final String JOURNAL_BEAN = "journal";

  static final String PUBLISH = "publish";
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]+");

  private Journal journal;
  private boolean ownJournal;
  private Pauses pauses = Pauses.standard();
  private Duration longestStop = Duration.ofSeconds(30);

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    if (!NAME.matcher(remaining).matches()) {
      throw new IllegalArgumentException(
          "Reading events:"
              + remaining
              + ": the name takes a-z, 0-9 and - only — choose another one for this sink");
    }
    EventsEndpoint endpoint = new EventsEndpoint(uri, this, remaining);
    setProperties(endpoint, parameters);
    endpoint.check();
    return endpoint;
  }

  @Override
  protected void doInit() throws Exception {
    super.doInit();
    if (journal == null) {
      journal = getCamelContext().getRegistry().lookupByNameAndType(JOURNAL_BEAN, Journal.class);
    }
    if (journal == null) {
      journal = Journal.temporary(Clock.systemUTC());
      ownJournal = true;
    }
  }

  @Override
  protected void doShutdown() throws Exception {
    if (ownJournal) {
      journal.close();
      journal = null;
      ownJournal = false;
    }
    super.doShutdown();
  }

  /** The journal it works on; null before it is started. */
  public Journal getJournal() {
    return journal;
  }

  /** Gives it a journal, which stays the giver's to close. */
  public void setJournal(Journal journal) {
    this.journal = journal;
  }

  Duration longestStop() {
    return longestStop;
  }

  /** Sets how long a stop waits for the exchange under way before it interrupts it. */
  public void setLongestStop(Duration longestStop) {
    this.longestStop = longestStop;
  }

  Pauses pauses() {
    return pauses;
  }

  /** Sets how long sinks wait between attempts. */
  public void setPauses(Pauses pauses) {
    this.pauses = pauses;
  }
}
