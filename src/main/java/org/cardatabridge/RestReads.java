// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.apache.camel.spi.Registry;
import org.cardatabridge.api.BasicDataAnswer;
import org.cardatabridge.api.ChargingHistory;
import org.cardatabridge.api.ChargingSettings;
import org.cardatabridge.api.Fetched;
import org.cardatabridge.api.ImageAnswer;
import org.cardatabridge.api.ImageTopics;
import org.cardatabridge.api.Images;
import org.cardatabridge.api.KnownSessions;
import org.cardatabridge.api.Mappings;
import org.cardatabridge.api.MappingsAnswer;
import org.cardatabridge.api.RestNotes;
import org.cardatabridge.api.RestOrders;
import org.cardatabridge.api.TelematicAnswer;
import org.cardatabridge.api.TyreAnswer;
import org.cardatabridge.decode.Vehicles;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.UnreadableJournalException;
import org.cardatabridge.mqtt.Topics;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.web.ImageApi;

/** The beans of the routes that read from BMW's REST side: {@code routes/rest-*.camel.yaml}. */
final class RestReads {

  private static final String SESSION = "chargingHistory.session";
  private static final int MOST_SESSIONS = 5_000;

  private RestReads() {}

  /**
   * Binds what the routes name.
   *
   * @param hideVin hears of each VIN before anything is done with it
   */
  static void bind(
      Registry registry,
      LoadedSettings loaded,
      Journal journal,
      Topics topics,
      RestNotes notes,
      Clock clock,
      Consumer<String> hideVin) {
    Settings settings = loaded.settings();
    BiFunction<String, String, Optional<CarEvent>> newest = journal.newest()::newest;
    Vehicles vehicles = new Vehicles(settings);
    Mappings mappings = new Mappings(notes, vehicles, hideVin);
    Images images = new Images(loaded.dataDir());
    registry.bind("mappings", mappings);
    registry.bind("images", images);
    registry.bind("imageApi", new ImageApi(journal.newest(), images::find));
    registry.bind("imageTopics", new ImageTopics(images, topics, vehicles, journal.newest()));
    registry.bind("restOrders", new RestOrders(settings.bmwAccounts(), settings.certificates()));
    registry.bind("fetched", new Fetched(notes));
    registry.bind("restMappings", new MappingsAnswer(mappings, clock));
    registry.bind("restBasicData", new BasicDataAnswer(newest, clock));
    registry.bind("restTelematicData", new TelematicAnswer(notes, clock));
    registry.bind("restChargingHistory", new ChargingHistory(sessions(journal), notes, clock));
    registry.bind("restImage", new ImageAnswer(newest, clock));
    registry.bind("restTyres", new TyreAnswer(newest, clock));
    registry.bind("restChargingSettings", new ChargingSettings(newest, clock));
  }

  private static KnownSessions sessions(Journal journal) {
    return new KnownSessions() {
      @Override
      public Optional<Instant> last(String vin) {
        return journal.newest().newest(vin, SESSION).map(CarEvent::timestamp);
      }

      @Override
      public Map<Instant, Object> between(String vin, Instant since, Instant until) {
        Map<Instant, Object> values = new HashMap<>();
        try {
          journal
              .history(vin, SESSION, since, until, MOST_SESSIONS)
              .forEach(point -> values.put(point.timestamp(), point.value()));
        } catch (UnreadableJournalException e) {
          // Then a known session comes again, which the sinks take as a duplicate.
          return Map.of();
        }
        return values;
      }
    };
  }
}
