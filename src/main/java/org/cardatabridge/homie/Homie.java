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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.cardatabridge.CarEvent;
import org.cardatabridge.mqtt.BrokerUnavailableException;
import org.cardatabridge.mqtt.Presence;
import org.cardatabridge.mqtt.Publication;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;

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

  /** Written with the first connection; so there may be devices as long as it is there. */
  private static final String TRACE = "homie-client-id";

  private static final String SINK = "homie";
  private static final String PREFIX = "cardata.sink.homie.";
  private static final String STATE = "/$state";
  private static final String DESCRIPTION = "/$description";

  /** Stands between the bridge's id and a car's; no bridge's id has it. */
  static final String CHILD = "--";

  private static final int QOS = 2;
  private static final long PATIENCE_SECONDS = 5;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String base;
  private final String root;
  private final boolean isOn;
  private final Path trace;
  private final Clock clock;
  private final BiFunction<String, String, List<CarEvent>> known;
  private final LongSupplier connects;
  private final Supplier<? extends CompletionStage<Void>> learnt;
  private final Semaphore turn = new Semaphore(1);

  // Used by whoever has the turn; what is learnt comes before the first.
  private final Map<String, HomieDevice> devices = new TreeMap<>();
  private final Map<String, String> broker = new ConcurrentHashMap<>();
  private final Map<String, Long> versions = new HashMap<>();
  private long connect;
  private volatile long synced;
  private volatile boolean stale;
  private volatile List<String> ids = List.of();

  /**
   * Devices below the topic that the settings name.
   *
   * @param known the newest values of a VIN, or of all for null, among those that a sink of that
   *     name was handed before
   * @param connects how often the broker has let us in
   * @param learnt complete when {@link #learn} has been given all that the broker retains
   * @throws BadSettingException where the sink is switched on with an id of no use
   */
  public Homie(
      Settings settings,
      Clock clock,
      BiFunction<String, String, List<CarEvent>> known,
      LongSupplier connects,
      Supplier<? extends CompletionStage<Void>> learnt) {
    this.clock = clock;
    this.known = known;
    this.connects = connects;
    this.learnt = learnt;
    isOn = isOn(settings);
    trace = trace(settings);
    base = id(settings, "domain", "homie") + "/5/";
    root = id(settings, "id", "cardata");
  }

  private static boolean isOn(Settings settings) {
    return settings.find(ENABLED).filter("true"::equalsIgnoreCase).isPresent();
  }

  private static Path trace(Settings settings) {
    return Path.of(settings.find("cardata.data-dir").orElse("data")).resolve(TRACE);
  }

  /** Whether devices may be on the broker though the sink is off now. */
  public static boolean isLeftOver(Settings settings) {
    return !isOn(settings) && Files.exists(trace(settings));
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
   */
  public List<Publication> values(Exchange exchange)
      throws BrokerUnavailableException, InterruptedException {
    Object body = exchange.getMessage().getBody();
    Change change = begin(exchange);
    for (Object item : body instanceof Collection<?> many ? many : List.of(body)) {
      if (!(item instanceof CarEvent event)) {
        throw new IllegalArgumentException(
            "Reading values for Homie: the body is neither a CarEvent nor a list of them");
      }
      change.add(event);
    }
    change.publishCars();
    change.publishRoot();
    return change.out;
  }

  /** Whether all devices are to be looked through: after a connect, or where one was renamed. */
  public boolean isDue() {
    long now = connects.getAsLong();
    return now > 0 && (stale || now != synced);
  }

  /**
   * All devices, as far as the broker shows something else, and the removal of what it shows of
   * cars that are gone.
   *
   * @throws BrokerUnavailableException while the retained topics could not be read yet
   */
  public List<Publication> devices(Exchange exchange)
      throws BrokerUnavailableException, InterruptedException {
    Change change = begin(exchange);
    Map<String, List<CarEvent>> byVin = new LinkedHashMap<>();
    known
        .apply(SINK, null)
        .forEach(e -> byVin.computeIfAbsent(e.vin(), vin -> new ArrayList<>()).add(e));
    byVin.keySet().removeAll(devices.keySet());
    byVin.values().forEach(events -> events.forEach(change::learn));
    devices.forEach(change.cars::putIfAbsent);
    change.publishCars();
    change.publishRoot();
    change.removeOthers();
    change.complete = true;
    return change.out;
  }

  /**
   * The removal of all our devices.
   *
   * @throws BrokerUnavailableException while the retained topics could not be read yet
   */
  public List<Publication> removal(Exchange exchange)
      throws BrokerUnavailableException, InterruptedException {
    Change change = begin(exchange);
    change.removeAllBut(Set.of());
    change.complete = true;
    return change.out;
  }

  /** Notes that nothing is left on the broker. */
  public void removed() throws IOException {
    Files.deleteIfExists(trace);
  }

  private Change begin(Exchange exchange) throws BrokerUnavailableException, InterruptedException {
    try {
      learnt.get().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new BrokerUnavailableException(
          "reading the retained Homie devices of the local broker: no answer — it is asked again;"
              + " check that the broker runs",
          e);
    }
    turn.acquire();
    Change change = new Change();
    exchange.getExchangeExtension().addOnCompletion(change);
    long now = connects.getAsLong();
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
    private long connect;

    void add(CarEvent event) {
      if (!cars.containsKey(event.vin()) && !devices.containsKey(event.vin())) {
        known.apply(SINK, event.vin()).forEach(this::learn);
      }
      List<Map.Entry<String, Object>> ofCar =
          news.computeIfAbsent(event.vin(), vin -> new ArrayList<>());
      put(event, (path, value) -> ofCar.add(new AbstractMap.SimpleEntry<>(path, value)));
    }

    void learn(CarEvent event) {
      put(event, (path, value) -> {});
    }

    private void put(CarEvent event, BiConsumer<String, Object> toldTo) {
      HomieDevice before = cars.getOrDefault(event.vin(), devices.get(event.vin()));
      before = before == null ? HomieDevice.of(root, event) : before;
      HomieDevice after = before.with(root, event, toldTo);
      renamed |= !after.id().equals(before.id());
      cars.put(event.vin(), after);
    }

    void publishCars() {
      cars.forEach(
          (vin, car) -> {
            String topic = base + car.id();
            describe(topic, car.description(root));
            news.getOrDefault(vin, List.of())
                .forEach(
                    value ->
                        say(
                            topic + "/" + value.getKey(),
                            car.payload(value.getKey(), value.getValue())));
            car.payloads().forEach((path, payload) -> sayIfOther(topic + "/" + path, payload));
            sayIfOther(topic + STATE, "ready");
          });
    }

    void publishRoot() {
      Map<String, HomieDevice> all = new TreeMap<>(devices);
      all.putAll(cars);
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("homie", VERSION).put("name", "cardata-bridge");
      ArrayNode children = json.putArray("children");
      new TreeSet<>(all.values().stream().map(HomieDevice::id).toList()).forEach(children::add);
      describe(base + root, json);
      sayIfOther(base + root + STATE, "ready");
    }

    void removeOthers() {
      Map<String, HomieDevice> all = new TreeMap<>(devices);
      all.putAll(cars);
      TreeSet<String> ours = new TreeSet<>(List.of(base + root + STATE, base + root + DESCRIPTION));
      for (HomieDevice car : all.values()) {
        ours.add(base + car.id() + STATE);
        ours.add(base + car.id() + DESCRIPTION);
        car.payloads().keySet().forEach(path -> ours.add(base + car.id() + "/" + path));
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
      devices.putAll(cars);
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
