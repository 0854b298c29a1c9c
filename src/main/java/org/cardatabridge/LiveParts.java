// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.spi.Registry;
import org.cardatabridge.api.Images;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.stream.StreamStates;
import org.cardatabridge.web.ErrorsApi;
import org.cardatabridge.web.EventStream;
import org.cardatabridge.web.MessagesApi;
import org.cardatabridge.web.StatusApi;
import org.cardatabridge.web.SummaryApi;
import org.cardatabridge.web.TimelineApi;
import org.cardatabridge.web.WebServer;

/**
 * What shows the page live data and what was: the beans of {@code routes/web-live*.camel.yaml}.
 *
 * @param states how the streams were
 */
record LiveParts(StreamStates states) implements AutoCloseable {

  /** Binds what the routes name, and hands the server its stream of events. */
  static LiveParts bind(
      Registry registry,
      WebServer web,
      Journal journal,
      StatusApi status,
      List<Account> accounts,
      Clock clock) {
    Images images = registry.lookupByNameAndType("images", Images.class);
    registry.bind("summaryApi", new SummaryApi(journal.newest(), images::has));
    web.stream(new EventStream(journal, status, System::nanoTime));
    StreamStates states =
        new StreamStates(
            journal.rows(), clock, text -> TimelineApi.shown(withoutIds(text, accounts)));
    accounts.forEach(
        account -> account.stream().onChange(now -> states.changed(account.name(), now)));
    registry.bind(
        "timelineApi",
        new TimelineApi(states, accounts.stream().map(Account::name).toList(), clock));
    registry.bind("messagesApi", new MessagesApi(journal, () -> ids(accounts)));
    registry.bind(
        "errorsApi",
        new ErrorsApi(
            journal,
            states,
            () -> accounts.stream().map(Account::status).toList(),
            clock,
            () -> BucketParts.setAside(registry)));
    return new LiveParts(states);
  }

  private static String withoutIds(String text, List<Account> accounts) {
    String shown = text;
    for (String id : ids(accounts)) {
      shown = shown.replace(id, "…");
    }
    return shown;
  }

  /** What the other side calls the accounts, as far as that is known. */
  private static Set<String> ids(List<Account> accounts) {
    return accounts.stream().flatMap(account -> account.ids().stream()).collect(Collectors.toSet());
  }

  /** Writes what was noted last. */
  @Override
  public void close() {
    states.close();
  }
}
