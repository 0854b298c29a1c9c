// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.function.Supplier;
import org.apache.camel.spi.Registry;
import org.apache.camel.util.function.Suppliers;
import org.cardatabridge.journal.NewestValues;
import org.cardatabridge.settings.Settings;

/**
 * The beans of {@code routes/sink-notify.camel.yaml}, {@code notify-bridge.camel.yaml} and {@code
 * notify-send.camel.yaml}. Immutable.
 */
public final class NotifyBeans {

  private final CarRules cars;
  private final AccountRules accounts;
  private final Outbox outbox;
  private final Channels channels;

  /**
   * Makes them all.
   *
   * @param dataDir where {@code notify.json} is
   * @throws org.cardatabridge.settings.BadSettingException as {@link #bind} does
   */
  NotifyBeans(
      Settings settings, Path dataDir, NewestValues newest, ZoneId systemZone, Clock clock) {
    NotifySettings own = new NotifySettings(settings, systemZone);
    Wording wording = new Wording(own.language(), own.zone());
    Memory memory = new Memory(dataDir.resolve("notify.json"));
    outbox = new Outbox(own, memory, new Messages(wording), clock);
    channels = new Channels(own.channels(), clock);
    Rulebook rules = new Rulebook(own, memory, outbox, wording, clock);
    cars = new CarRules(rules, KnownCars.of(newest));
    accounts = new AccountRules(rules);
  }

  /**
   * Binds each under its name; where notifications are off, nothing is made before it is asked for.
   *
   * @throws org.cardatabridge.settings.BadSettingException where they are on, for a setting of no
   *     use, and where no channel is set
   */
  public static void bind(
      Registry registry, Settings settings, Path dataDir, NewestValues newest, Clock clock) {
    Supplier<NotifyBeans> made =
        Suppliers.memorize(
            () -> new NotifyBeans(settings, dataDir, newest, ZoneId.systemDefault(), clock));
    if (NotifySettings.isOn(settings)) {
      made.get();
    }
    registry.bind("notifyCars", Object.class, () -> made.get().cars);
    registry.bind("notifyAccounts", Object.class, () -> made.get().accounts);
    registry.bind("notifyOutbox", Object.class, () -> made.get().outbox);
    registry.bind("notifyChannels", Object.class, () -> made.get().channels);
  }
}
