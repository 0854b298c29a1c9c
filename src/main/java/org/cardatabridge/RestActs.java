// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.camel.spi.Registry;
import org.cardatabridge.api.Actions;
import org.cardatabridge.api.Containers;
import org.cardatabridge.api.Garage;
import org.cardatabridge.api.Logins;
import org.cardatabridge.api.Mappings;
import org.cardatabridge.api.RequestTopics;
import org.cardatabridge.api.RestNotes;
import org.cardatabridge.auth.LoginSnapshot;
import org.cardatabridge.auth.TokenSet;
import org.cardatabridge.decode.Catalogue;
import org.cardatabridge.decode.Descriptor;
import org.cardatabridge.decode.Vehicles;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.mqtt.Topics;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.web.ActionsApi;

/** The beans of the bridge's container at BMW, and of what people ask for. */
final class RestActs {

  private RestActs() {}

  /**
   * Binds what the routes name; the mappings and the topics have to be there.
   *
   * @throws org.cardatabridge.settings.BadSettingException for descriptors that cannot be used
   */
  static Containers bind(
      Registry registry, Settings settings, Journal journal, RestNotes notes, Clock clock) {
    Garage garage =
        new Garage(
            settings.bmwAccounts(),
            settings.certificates(),
            registry.lookupByNameAndType("mappings", Mappings.class),
            new Vehicles(settings),
            journal.newest());
    Containers containers =
        new Containers(
            settings,
            () -> new Catalogue().all().stream().map(Descriptor::key).toList(),
            garage::drives,
            notes,
            clock);
    registry.bind("containers", containers);
    registry.bind("garage", garage);
    registry.bind("actionsApi", new ActionsApi(clock));
    registry.bind(
        "requestTopics", new RequestTopics(registry.lookupByNameAndType("topics", Topics.class)));
    return containers;
  }

  /** Binds what carries requests out, once there are accounts. */
  static void bindActions(Registry registry, List<AccountParts> accounts, Clock clock) {
    registry.bind(
        "actions",
        new Actions(
            registry.lookupByNameAndType("garage", Garage.class),
            new AccountLogins(List.copyOf(accounts)),
            clock));
  }

  /** The logins of the accounts. */
  private record AccountLogins(List<AccountParts> accounts) implements Logins {

    private AccountParts named(String name) {
      return accounts.stream().filter(a -> a.name().equals(name)).findFirst().orElseThrow();
    }

    @Override
    public LoginSnapshot begin(String account) {
      return named(account).login().begin();
    }

    @Override
    public LoginSnapshot state(String account) {
      return named(account).login().snapshot();
    }

    @Override
    public void refresh(String account) {
      named(account).refresh().force("somebody asked for it");
    }

    @Override
    public Optional<Instant> obtainedAt(String account) {
      return named(account).tokens().current().map(TokenSet::obtainedAt);
    }
  }
}
