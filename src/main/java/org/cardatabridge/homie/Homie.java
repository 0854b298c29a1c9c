// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homie;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.cardatabridge.CarEvent;
import org.cardatabridge.decode.Vehicles;
import org.cardatabridge.mqtt.BrokerUnavailableException;
import org.cardatabridge.mqtt.Presence;
import org.cardatabridge.mqtt.Publication;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code routes/sink-homie.camel.yaml} asks of Java: cars as devices of the Homie convention,
 * below one device that stands for the bridge and whose last will speaks for all.
 *
 * <p>It remembers what the broker shows and says only what is different, so a restart changes
 * nothing. A description changes only while its device is in {@code init}, and its version rises.
 * Safe for use by many threads: what is worked out in one exchange is published before the next is
 * begun.
 */
public final class Homie {

  /** The version of the convention, as descriptions name it. */
  static final String VERSION = "5.0";

  /** The sink's switch. */
  public static final String ENABLED = "cardata.sink.homie.enabled";

  /** Property that is true where devices are on the broker though the sink is off now. */
  public static final String LEFT_OVER = "cardata.sink.homie.left-over";

  /** Written before the first device; so there may be some as long as it is there. */
  private static final String MARK = "homie-devices";

  private static final String PREFIX = "cardata.sink.homie.";
  private static final String STATE = "/$state";
  private static final String DESCRIPTION = "/$description";

  /** Stands between the bridge's id and a car's; no bridge's id has it. */
  static final String CHILD = "--";

  private static final int QOS = 2;
  private static final long PATIENCE_SECONDS = 5;

  /** Longer than the broker may take to confirm what another exchange said. */
  private static final long TURN_SECONDS = 40;

  /** More cars than that are left out. */
  static final int MOST_CARS = 256;

  private static final Logger LOG = LoggerFactory.getLogger(Homie.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String base;
  private final String root;
  private final boolean isOn;
  private final Path mark;
  private final Clock clock;
  private final Past past;
  private final Link link;
  private final Vehicles vehicles;
  private final Set<String> accounts;
  private final Semaphore turn = new Semaphore(1);

  // Used by whoever has the turn; what is learnt comes before the first.
  private final Map<String, HomieDevice> devices = new TreeMap<>();
  private final Map<String, String> broker = new ConcurrentHashMap<>();
  private final Map<String, Long> versions = new HashMap<>();
  private long connect;
  private boolean restored;
  private volatile boolean marked;
  private volatile boolean warned;
  private volatile long synced;
  private volatile boolean stale;
  private volatile List<String> ids = List.of();

  /**
   * Devices below the topic that the settings name.
   *
   * @param past what cars said before, as far as the settings of the sink let it through
   * @param link the connection to the broker
   * @throws BadSettingException where the sink is switched on with an id of no use
   */
  public Homie(Settings settings, Clock clock, Past past, Link link) {
    this.clock = clock;
    this.past = past;
    this.link = link;
    vehicles = new Vehicles(settings);
    accounts = Set.copyOf(settings.everyAccount());
    isOn = isOn(settings);
    mark = mark(settings);
    base = id(settings, "domain", "homie") + "/5/";
    root = id(settings, "id", "cardata");
  }

  private static boolean isOn(Settings settings) {
    return settings.find(ENABLED).filter("true"::equalsIgnoreCase).isPresent();
  }

  private static Path mark(Settings settings) {
    return Path.of(settings.find("cardata.data-dir").orElse("data")).resolve(MARK);
  }

  /** Whether devices may be on the broker though the sink is off now. */
  public static boolean isLeftOver(Settings settings) {
    return !isOn(settings) && Files.exists(mark(settings));
  }

  private static String id(Settings settings, String name, String otherwise) {
    String id = settings.find(PREFIX + name).orElse(otherwise);
    boolean isValid = HomieId.isValid(id) && !id.contains(CHILD) && !id.endsWith("-");
    if (isOn(settings) && !isValid) {
      throw new BadSettingException(
          PREFIX + name, id, "small letters a-z, 0-9 and single hyphens between them");
    }
    return isValid ? id : otherwise;
  }

  /** What the broker retains of ours, and of others, lies below this. */
  public String filter() {
    return base + "#";
  }

  /** Takes a retained topic of the broker; only ours count. */
  public void learn(String topic, byte[] payload) {
    if (isOurs(topic)) {
      broker.put(topic, new String(payload, StandardCharsets.UTF_8));
    }
  }

  private boolean isOurs(String topic) {
    return topic.startsWith(base + root + "/") || topic.startsWith(base + root + CHILD);
  }

  /**
   * The state of the bridge's own device: {@code init} after each connect, {@code lost} where it
   * vanishes, which holds for all cars; at an orderly end all are {@code disconnected}. Nothing
   * where the sink is off.
   */
  public Presence presence() {
    if (!isOn) {
      return Presence.NONE;
    }
    String topic = base + root + STATE;
    // Nobody waits for the second half of QoS 2 on the way out.
    return new Presence(
        Publication.of(topic, "lost", 1, true),
        Publication.of(topic, "init", 1, true),
        () -> {
          List<Publication> last = new ArrayList<>();
          ids.forEach(id -> last.add(Publication.of(base + id + STATE, "disconnected", 1, true)));
          last.add(Publication.of(topic, "disconnected", 1, true));
          return last;
        });
  }

  /**
   * What the data points of the body change, in their order: values, and before them the
   * descriptions that they need.
   *
   * @throws IllegalArgumentException for a body that is neither a {@link CarEvent} nor a list of
   *     them
   * @throws BrokerUnavailableException while the retained topics could not be read yet
   * @throws IOException where the data directory takes no note that there are devices
   */
  public List<Publication> values(Exchange exchange)
      throws BrokerUnavailableException, InterruptedException, IOException {
    Object body = exchange.getMessage().getBody();
    if (isOn) {
      mark();
    }
    awaitRetained();
    if (!turn.tryAcquire(TURN_SECONDS, TimeUnit.SECONDS)) {
      throw new BrokerUnavailableException(
          "publishing Homie devices: the broker does not confirm what was said before — it is"
              + " tried again; check that the broker runs",
          null);
    }
    Change change = begin(exchange);
    if (!restored && past.isKnown()) {
      change.restore();
    }
    for (Object item : body instanceof Collection<?> many ? many : List.of(body)) {
      if (!(item instanceof CarEvent event)) {
        throw new IllegalArgumentException(
            "Reading values for Homie: the body is neither a CarEvent nor a list of them");
      }
      if (vehicles.isChosen(event.account(), event.vin())) {
        change.add(event);
      }
    }
    change.publishCars();
    change.publishRoot();
    return change.out;
  }

  /**
   * Whether all devices are to be looked through: after a connect, or where one was renamed; not
   * before it is known what the broker retains and, where the sink is on, what cars there are.
   */
  public boolean isDue() {
    long now = link.connects();
    if (now == 0 || !link.isConnected() || !stale && now == synced) {
      return false;
    }
    if (isOn) {
      try {
        mark();
      } catch (IOException e) {
        if (!warned) {
          warned = true;
          LOG.warn("{}", e.getMessage());
        }
        return false;
      }
      if (!past.isKnown()) {
        return false;
      }
    }
    CompletableFuture<Void> retained = link.retained().toCompletableFuture();
    return retained.isDone() && !retained.isCompletedExceptionally();
  }

  /**
   * All devices, as far as the broker shows something else, and the removal of what it shows of
   * cars that are gone. Where another exchange is at it, the route ends here, until the next time.
   */
  public List<Publication> devices(Exchange exchange) {
    Change change = beginWhereDue(exchange);
    if (change == null) {
      return List.of();
    }
    change.restore();
    devices.forEach(change.cars::putIfAbsent);
    change.publishCars();
    change.publishRoot();
    change.removeOthers();
    change.complete = true;
    return change.out;
  }

  /** The removal of all our devices; where another exchange is at it, the route ends here. */
  public List<Publication> removal(Exchange exchange) {
    Change change = beginWhereDue(exchange);
    if (change == null) {
      return List.of();
    }
    change.removeAllBut(Set.of());
    change.complete = true;
    return change.out;
  }

  /** Notes that nothing is left on the broker. */
  public void removed() throws IOException {
    Files.deleteIfExists(mark);
  }

  private void mark() throws IOException {
    if (marked) {
      return;
    }
    try {
      Files.createDirectories(mark.toAbsolutePath().getParent());
      Files.writeString(mark, "There are devices on the broker." + System.lineSeparator());
    } catch (IOException e) {
      throw new IOException(
          "Noting that there are Homie devices: "
              + e
              + " — make the data directory writable; until then nothing is published",
          e);
    }
    marked = true;
  }

  private boolean isServed(CarEvent event) {
    return (accounts.isEmpty() || accounts.contains(event.account()))
        && vehicles.isChosen(event.account(), event.vin());
  }

  /** Null where nothing is to be done, and then the exchange goes no further. */
  private Change beginWhereDue(Exchange exchange) {
    if (turn.tryAcquire()) {
      if (isDue()) {
        return begin(exchange);
      }
      turn.release();
    }
    exchange.setRouteStop(true);
    return null;
  }

  private void awaitRetained() throws BrokerUnavailableException, InterruptedException {
    try {
      link.retained().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      if (e.getCause() instanceof BrokerUnavailableException away) {
        throw away;
      }
      throw new BrokerUnavailableException(
          "reading the retained Homie devices of the local broker: no answer — it is asked again;"
              + " check that the broker runs",
          e);
    }
  }

  /** For whoever has the turn, which ends with the exchange. */
  private Change begin(Exchange exchange) {
    Change change = new Change();
    exchange.getExchangeExtension().addOnCompletion(change);
    long now = link.connects();
    if (now != connect) {
      if (connect > 0) {
        // Who knows what the broker kept.
        broker.clear();
      }
      connect = now;
      if (isOn) {
        broker.put(base + root + STATE, "init");
      }
    }
    change.connect = now;
    return change;
  }

  /** What one exchange changes; kept when the broker has taken it. */
  private final class Change extends SynchronizationAdapter {

    private final List<Publication> out = new ArrayList<>();
    private final Map<String, String> said = new HashMap<>();
    private final Map<String, HomieDevice> cars = new LinkedHashMap<>();
    private final Map<String, List<Map.Entry<String, Object>>> news = new HashMap<>();
    private boolean complete;
    private boolean renamed;
    private boolean restoring;
    private long connect;

    /** Learns of the cars of before, and what they are still going to say. */
    void restore() {
      List<CarEvent> handed = past.handed(null);
      List<CarEvent> all = past.all();
      Set<String> served = new HashSet<>();
      Stream.concat(handed.stream(), all.stream())
          .filter(Homie.this::isServed)
          .forEach(event -> served.add(event.vin()));
      served.removeAll(devices.keySet());
      handed.stream().filter(event -> served.contains(event.vin())).forEach(this::learn);
      all.stream()
          .filter(event -> served.contains(event.vin()))
          .forEach(event -> draft(event).ifPresent(car -> car.foresee(event)));
      restoring = true;
    }

    void add(CarEvent event) {
      if (!cars.containsKey(event.vin()) && !devices.containsKey(event.vin())) {
        past.handed(event.vin()).forEach(this::learn);
      }
      List<Map.Entry<String, Object>> ofCar =
          news.computeIfAbsent(event.vin(), vin -> new ArrayList<>());
      put(event, (path, value) -> ofCar.add(new AbstractMap.SimpleEntry<>(path, value)));
    }

    private void learn(CarEvent event) {
      put(event, (path, value) -> {});
    }

    private void put(CarEvent event, BiConsumer<String, Object> toldTo) {
      draft(event)
          .ifPresent(
              car -> {
                String before = car.id();
                car.take(root, event, toldTo);
                renamed |= !car.id().equals(before);
              });
    }

    /** The event's car; empty where there are too many. */
    private Optional<HomieDevice> draft(CarEvent event) {
      String vin = event.vin();
      HomieDevice kept = devices.get(vin);
      if (kept == null && !cars.containsKey(vin)) {
        long fresh = cars.keySet().stream().filter(car -> !devices.containsKey(car)).count();
        if (devices.size() + fresh >= MOST_CARS) {
          return Optional.empty();
        }
      }
      return Optional.of(
          cars.computeIfAbsent(
              vin, v -> kept == null ? HomieDevice.of(root, event) : kept.draft()));
    }

    void publishCars() {
      cars.forEach(
          (vin, car) -> {
            String topic = base + car.id();
            if (isSynced() && !car.isDescribedAnew()) {
              // The broker has all else of it.
              tell(topic, vin, car);
              return;
            }
            describe(topic, car.description(root));
            tell(topic, vin, car);
            car.payloads().forEach((path, payload) -> sayIfOther(topic + "/" + path, payload));
            sayIfOther(topic + STATE, "ready");
          });
    }

    private void tell(String topic, String vin, HomieDevice car) {
      news.getOrDefault(vin, List.of())
          .forEach(
              value ->
                  say(topic + "/" + value.getKey(), car.payload(value.getKey(), value.getValue())));
    }

    void publishRoot() {
      if (isSynced() && !renamed && devices.keySet().containsAll(cars.keySet())) {
        return;
      }
      Map<String, HomieDevice> all = new TreeMap<>(devices);
      all.putAll(cars);
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("homie", VERSION).put("name", "cardata-bridge");
      ArrayNode children = json.putArray("children");
      new TreeSet<>(all.values().stream().map(HomieDevice::id).toList()).forEach(children::add);
      describe(base + root, json);
      sayIfOther(base + root + STATE, "ready");
    }

    /** Whether the broker has all that was there before this change. */
    private boolean isSynced() {
      return connect > 0 && connect == synced;
    }

    void removeOthers() {
      Map<String, HomieDevice> all = new TreeMap<>(devices);
      all.putAll(cars);
      TreeSet<String> ours = new TreeSet<>(List.of(base + root + STATE, base + root + DESCRIPTION));
      for (HomieDevice car : all.values()) {
        ours.add(base + car.id() + STATE);
        ours.add(base + car.id() + DESCRIPTION);
        car.paths().forEach(path -> ours.add(base + car.id() + "/" + path));
      }
      removeAllBut(ours);
    }

    /** The state first, as with it the device is gone. */
    void removeAllBut(Set<String> ours) {
      List<String> others = new ArrayList<>(broker.keySet());
      others.removeAll(ours);
      others.sort(
          Comparator.comparing((String topic) -> !topic.endsWith(STATE))
              .thenComparing(topic -> topic));
      others.forEach(topic -> say(topic, ""));
    }

    private void describe(String topic, ObjectNode json) {
      JsonNode shown = json(shows(topic + DESCRIPTION));
      long version = shown.path("version").asLong(0);
      if (shown instanceof ObjectNode other && other.without("version").equals(json)) {
        return;
      }
      say(topic + STATE, "init");
      long next = Math.max(version, versions.getOrDefault(topic, 0L)) + 1;
      versions.put(topic, Math.max(clock.instant().toEpochMilli(), next));
      json.put("version", versions.get(topic));
      say(topic + DESCRIPTION, json.toString());
    }

    private String shows(String topic) {
      String mine = said.get(topic);
      return mine != null ? mine : broker.getOrDefault(topic, "");
    }

    private void sayIfOther(String topic, String payload) {
      if (!shows(topic).equals(payload)) {
        say(topic, payload);
      }
    }

    private void say(String topic, String payload) {
      out.add(Publication.of(topic, payload, QOS, true));
      said.put(topic, payload);
    }

    @Override
    public void onComplete(Exchange exchange) {
      cars.forEach((vin, car) -> devices.put(vin, car.kept()));
      restored |= restoring;
      said.forEach(
          (topic, payload) -> {
            if (payload.isEmpty()) {
              broker.remove(topic);
            } else {
              broker.put(topic, payload);
            }
          });
      ids = devices.values().stream().map(HomieDevice::id).toList();
      if (complete) {
        synced = connect;
        stale = false;
      } else {
        stale |= renamed;
      }
      turn.release();
    }

    @Override
    public void onFailure(Exchange exchange) {
      turn.release();
    }
  }

  private static JsonNode json(String text) {
    try {
      return text.isEmpty() ? JsonNodeFactory.instance.missingNode() : JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return JsonNodeFactory.instance.missingNode();
    }
  }
}
