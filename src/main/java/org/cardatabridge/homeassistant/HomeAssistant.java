// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.cardatabridge.CarEvent;
import org.cardatabridge.Version;
import org.cardatabridge.decode.Catalogue;
import org.cardatabridge.decode.Vehicles;
import org.cardatabridge.journal.NewestValues;
import org.cardatabridge.mqtt.LocalMqttEndpoint;
import org.cardatabridge.mqtt.Publication;
import org.cardatabridge.mqtt.Topics;
import org.cardatabridge.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows what Home Assistant was told and has to be told: the steps of {@code
 * routes/sink-homeassistant.camel.yaml}. What counts as told is what the broker confirmed. Safe for
 * use by many threads.
 */
public final class HomeAssistant {

  /** The property that tells a route whether there is something to take back. */
  public static final String LEFT_OVER = "cardata.sink.homeassistant.left-over";

  private static final Logger LOG = LoggerFactory.getLogger(HomeAssistant.class);

  /** As many as a sink's CarStates remembers; further ones do not become devices. */
  private static final int MOST_CARS = 256;

  /** A device's message as it was made last, and whether the broker has it. */
  private static final class Told {
    private boolean outdated;
    private byte[] made;
    private byte[] confirmed;

    boolean isDue() {
      return outdated || made == null || !Arrays.equals(made, confirmed);
    }
  }

  private final HomeAssistantSettings settings;
  private final Topics topics;
  private final Vehicles vehicles;
  private final NewestValues newest;
  private final BooleanSupplier isJournalOpen;
  private final Catalogue catalogue = new Catalogue();
  private final CarDevice carDevices;
  private final BridgeDevice bridge;
  private final Memory memory;
  private final Map<String, Car> cars = new TreeMap<>();
  private final Map<String, Told> told = new HashMap<>();
  private boolean remembered;
  private boolean restored;
  private boolean warned;

  /**
   * Reads the settings and the table of entities, and nothing else yet.
   *
   * @param workDir where relative paths start
   * @param newest what each car said last
   * @param isJournalOpen whether those are complete
   * @throws org.cardatabridge.settings.BadSettingException for what cannot be used
   */
  public HomeAssistant(
      Settings settings,
      Path workDir,
      Topics topics,
      NewestValues newest,
      BooleanSupplier isJournalOpen) {
    this.settings = HomeAssistantSettings.of(settings, workDir);
    this.topics = topics;
    this.vehicles = new Vehicles(settings);
    this.newest = newest;
    this.isJournalOpen = isJournalOpen;
    String prefix = this.settings.prefix();
    String language = this.settings.language();
    this.carDevices =
        new CarDevice(
            this.settings.table(),
            catalogue,
            topics,
            prefix,
            language,
            BridgeDevice.isThere(topics));
    this.bridge =
        new BridgeDevice(
            topics,
            prefix,
            language,
            Version.own(),
            settings.bmwAccounts(),
            settings.certificates());
    this.memory = new Memory(Path.of(settings.find("cardata.data-dir").orElse("data")));
  }

  /** Whether an earlier process left devices announced in this data directory. */
  public static boolean hasLeftOvers(Path dataDir) {
    return Memory.isThere(dataDir);
  }

  /**
   * Takes data points in.
   *
   * @param body a {@link CarEvent} or a list of them
   * @return the topics of the devices that have to be told anew; empty where nothing is new
   */
  public synchronized List<String> see(@Body Object body) {
    restore();
    Collection<?> events = body instanceof Collection<?> many ? many : List.of(body);
    for (Object item : events) {
      CarEvent event = (CarEvent) item;
      if (settings.published().takes(event.key()) && !isOfAnotherDrive(event) && isRoomFor(event)) {
        see(event);
      }
    }
    List<String> due = new ArrayList<>();
    for (Car car : cars.values()) {
      if (isWanted(car) && told(carDevices.topic(car.vin())).isDue()) {
        due.add(carDevices.topic(car.vin()));
      }
    }
    return due;
  }

  private void see(CarEvent event) {
    Car car = car(event);
    // Never the event's own name: one that waited, or is replayed, has the alias of its day.
    boolean renamed = car.rename(vehicles.name(event.vin()));
    if (isNews(car, event) || renamed) {
      told(carDevices.topic(car.vin())).outdated = true;
    }
  }

  /** Takes it in, with the parts of its value that are entities of their own. */
  private boolean isNews(Car car, CarEvent event) {
    boolean isNews = false;
    for (CarEvent each : settings.table().withParts(event)) {
      isNews |= car.see(each);
    }
    return isNews;
  }

  /** Battery cars send a flat 0 for their fuel, which would be an entity without a meaning. */
  private boolean isOfAnotherDrive(CarEvent event) {
    return event.value() instanceof Number number
        && number.doubleValue() == 0
        && catalogue
            .find(event.key())
            .filter(d -> !d.drivetrains().isEmpty() && !d.drivetrains().contains("BEV"))
            .isPresent();
  }

  private boolean isRoomFor(CarEvent event) {
    return cars.size() < MOST_CARS || cars.containsKey(event.vin());
  }

  private Car car(CarEvent event) {
    return cars.computeIfAbsent(
        event.vin(), vin -> new Car(vin, event.account(), vehicles.name(vin)));
  }

  private Told told(String topic) {
    return told.computeIfAbsent(topic, t -> new Told());
  }

  private boolean isWanted(Car car) {
    return !car.seen().isEmpty()
        && vehicles.isServed(car.account(), car.vin())
        && settings.takes(car);
  }

  /**
   * The messages of these devices.
   *
   * @param due topics as {@link #see} gives them
   * @throws IOException where what is announced cannot be noted in the data directory
   */
  public synchronized List<Publication> messages(@Body Collection<String> due) throws IOException {
    List<Publication> all = new ArrayList<>();
    for (Car car : cars.values()) {
      if (isWanted(car) && due.contains(carDevices.topic(car.vin()))) {
        add(carDevices.of(car, settings::takes), false, all);
      }
    }
    // Before they go out: what a kill leaves on the broker can still be taken back.
    memory.write(cars.values());
    return all;
  }

  /**
   * Everything, for a Home Assistant or a broker that has just come: the bridge, all cars, and
   * nothing in the place of cars that are gone.
   *
   * @throws IOException where what is announced cannot be noted in the data directory
   */
  public synchronized List<Publication> all() throws IOException {
    restored = false;
    restore();
    warnOfTopics();
    List<Publication> all = new ArrayList<>();
    add(bridge.message(), true, all);
    for (Car car : cars.values()) {
      if (isWanted(car)) {
        add(carDevices.of(car, settings::takes), true, all);
      }
    }
    List<String> wanted = all.stream().map(Publication::topic).toList();
    memory.announced().keySet().stream()
        .filter(topic -> !wanted.contains(topic))
        .forEach(topic -> all.add(Publication.of(topic, "", 1, true)));
    memory.write(cars.values());
    return all;
  }

  /** What takes everything back that was ever announced; for a sink that is switched off. */
  public synchronized List<Publication> farewell() {
    recall();
    return memory.announced().keySet().stream()
        .map(topic -> Publication.of(topic, "", 1, true))
        .toList();
  }

  /**
   * Notes what the broker has confirmed.
   *
   * @throws IOException where the data directory does not take it
   */
  public synchronized void published(Exchange exchange) throws IOException {
    if (exchange.getProperty(LocalMqttEndpoint.SKIPPED, false, Boolean.class)) {
      return;
    }
    List<?> publications = exchange.getMessage().getBody(List.class);
    for (Object item : publications) {
      Publication publication = (Publication) item;
      if (publication.payload().length == 0) {
        memory.announced().remove(publication.topic());
        told.remove(publication.topic());
      } else {
        told(publication.topic()).confirmed = publication.payload();
      }
    }
    if (memory.announced().isEmpty()) {
      memory.forget();
    } else {
      memory.write(cars.values());
    }
  }

  private void add(Discovery message, boolean anyway, List<Publication> to) {
    Told device = told(message.topic());
    device.outdated = false;
    if (message.components().isEmpty()) {
      device.made = new byte[0];
      device.confirmed = device.made;
      return;
    }
    Map<String, String> ever =
        memory.announced().computeIfAbsent(message.topic(), t -> new TreeMap<>());
    Map<String, String> gone = new TreeMap<>(ever);
    gone.keySet().removeAll(message.components().keySet());
    ever.putAll(message.platforms());
    device.made = message.json(Version.own(), gone).getBytes(StandardCharsets.UTF_8);
    if (anyway || device.isDue()) {
      to.add(new Publication(message.topic(), device.made, 1, true));
    }
  }

  private void recall() {
    if (!remembered) {
      remembered = true;
      for (Car car : memory.read()) {
        car.rename(vehicles.name(car.vin()));
        cars.put(car.vin(), car);
      }
    }
  }

  private void restore() {
    if (restored) {
      return;
    }
    recall();
    restored = isJournalOpen.getAsBoolean();
    for (NewestValues.Vehicle vehicle : newest.vehicles()) {
      for (CarEvent event : vehicle.values().values()) {
        if (settings.takes(event.key())
            && !isOfAnotherDrive(event)
            && isRoomFor(event)
            && isNews(car(event), event)) {
          told(carDevices.topic(event.vin())).outdated = true;
        }
      }
    }
  }

  private void warnOfTopics() {
    if (warned) {
      return;
    }
    warned = true;
    if (!settings.isPublished()) {
      LOG.warn(
          "Telling Home Assistant: the sink mqtt is off, so its entities have no values — set"
              + " cardata.sink.mqtt.enabled=true");
    }
    if (!topics.isRetained()) {
      LOG.warn(
          "Telling Home Assistant: the local topics are not retained, so its entities are unavailable"
              + " after it restarts until the next value — set cardata.sink.mqtt.retain=true");
    }
    if (!topics.tellsCarsApart() && cars.values().stream().filter(this::isWanted).count() > 1) {
      LOG.warn(
          "Telling Home Assistant: several cars share their topics in this layout, so their entities"
              + " show each other's values — set cardata.sink.mqtt.append-vin=true");
    }
  }
}
