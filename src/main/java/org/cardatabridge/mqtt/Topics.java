// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.decode.MessageTopic;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local topic tree: which topics and payloads a data point becomes, in the layout that is set.
 * {@code docs/topics.md} is its description. Safe for use by many threads.
 */
public final class Topics {

  private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
  private static final String PREFIX = "cardata.sink.mqtt.";
  private static final String RAW_PREFIX = "cardata.sink.mqtt-raw.";
  private static final int MAX_REMEMBERED_NAMES = 20_000;
  private static final byte[] EMPTY = new byte[0];
  private static final byte[] NULL = utf8("null");

  /** Last levels that the tree itself uses below a descriptor. */
  private static final Set<String> LEAVES = Set.of("value", "unit", "timestamp");

  /** Where sink-mqtt-image publishes the picture of a vehicle. */
  private static final String IMAGE = "image";

  /** What sink-evcc publishes below. */
  private static final String EVCC = "evcc/";

  private final Layout layout;
  private final String base;
  private final boolean leafValue;
  private final boolean leafAll;
  private final boolean vehicleInPath;
  private final int qos;
  private final boolean retain;
  private final String rawPrefix;
  private final boolean rawRetain;
  private final Clock clock;
  private final ObjectMapper mapper = new ObjectMapper();
  private final Map<Name, Paths> names = new ConcurrentHashMap<>();
  private final AtomicLong unpublishable = new AtomicLong();

  /**
   * The tree that the settings below {@code cardata.sink.mqtt.} describe.
   *
   * @throws BadSettingException with the setting's name where one cannot be used
   */
  public Topics(Settings settings, Clock clock) {
    this.clock = clock;
    this.layout = Layout.named(settings.find(PREFIX + "layout").orElse("default"));
    this.base = base(settings.find(PREFIX + "base-topic").orElse(layout.base));
    String leaves = settings.find(PREFIX + "leaves").orElse("value");
    if (!Set.of("none", "value", "all").contains(leaves)) {
      throw new BadSettingException(PREFIX + "leaves", leaves, "none, value or all");
    }
    this.leafAll = leaves.equals("all");
    this.leafValue = leafAll || leaves.equals("value");
    this.vehicleInPath =
        layout == Layout.DEFAULT
            || (settings.find(PREFIX + "append-vin").isPresent()
                && settings.flag(PREFIX + "append-vin"));
    this.qos = settings.find(PREFIX + "qos").isPresent() ? qos(settings) : layout.qos;
    this.retain =
        settings.find(PREFIX + "retain").isPresent()
            ? settings.flag(PREFIX + "retain")
            : layout.retain;
    String raw = settings.find(RAW_PREFIX + "prefix").orElse("bmw/");
    checkName(RAW_PREFIX + "prefix", raw);
    this.rawPrefix = raw.endsWith("/") ? raw : raw + "/";
    this.rawRetain =
        settings.find(RAW_PREFIX + "retain").isPresent() && settings.flag(RAW_PREFIX + "retain");
  }

  private static int qos(Settings settings) {
    int qos = settings.integer(PREFIX + "qos");
    if (qos < 0 || qos > 2) {
      throw new BadSettingException(PREFIX + "qos", Integer.toString(qos), "0, 1 or 2");
    }
    return qos;
  }

  private static String base(String text) {
    String base = text.replaceAll("/+$", "");
    if (base.isEmpty()) {
      throw new BadSettingException(PREFIX + "base-topic", text, "a topic with a name in it");
    }
    checkName(PREFIX + "base-topic", base);
    return base;
  }

  private static void checkName(String setting, String name) {
    if (!TopicNames.isPublishable(name) || name.startsWith("$")) {
      throw new BadSettingException(
          setting, name, "a topic without +, # and control characters, not beginning with $");
    }
  }

  /**
   * What one {@link CarEvent}, or a list of them, is published as, in the same order.
   *
   * @throws IllegalArgumentException for a body that is neither
   */
  public List<Publication> map(@Body Object body) {
    if (body instanceof CarEvent event) {
      List<Publication> out = new ArrayList<>(4);
      add(event, new Utf8Text(), out);
      return out;
    }
    if (body instanceof Collection<?> events) {
      List<Publication> out = new ArrayList<>(events.size() * 2);
      Utf8Text text = new Utf8Text();
      for (Object event : events) {
        if (!(event instanceof CarEvent)) {
          throw notAnEvent(event);
        }
        add((CarEvent) event, text, out);
      }
      return out;
    }
    throw notAnEvent(body);
  }

  private static IllegalArgumentException notAnEvent(Object body) {
    return new IllegalArgumentException(
        "mapping to topics: got "
            + (body == null ? "nothing" : body.getClass().getName())
            + " — hand over a CarEvent or a list of them");
  }

  /**
   * A message's verbatim bytes for {@code <prefix><VIN>} and {@code <prefix>raw/<VIN>}, as the
   * bridge of dj0abr sends them.
   *
   * @param topic BMW's topic; what follows its first {@code /} stands for the VIN. Without one
   *     there is nothing to publish
   */
  public List<Publication> raw(
      @Body byte[] payload,
      @ExchangeProperty(CarMessage.TOPIC) String topic,
      @ExchangeProperty(CarMessage.SOURCE) String source) {
    int slash = topic == null ? -1 : topic.indexOf('/');
    // A path of BMW's REST side or a topic of High Mobility's, played again: none of BMW's stream.
    if (slash <= 0 || slash + 1 == topic.length() || MessageTopic.isOfHighMobility(topic)) {
      return List.of();
    }
    String vin = TopicNames.topic(topic.substring(slash + 1));
    if (!TopicNames.isPublishable(rawPrefix + "raw/" + vin)) {
      countUnpublishable();
      return List.of();
    }
    // An old message must not take the place of a newer retained one.
    boolean retain = rawRetain && !"replay".equals(source);
    return List.of(
        new Publication(rawPrefix + vin, payload, qos, retain),
        new Publication(rawPrefix + "raw/" + vin, payload, qos, retain));
  }

  /**
   * The bridge's own status, always retained.
   *
   * @param json the {@code accounts} and {@code sinks} parts of {@code /api/status}
   */
  public List<Publication> status(@Body String json) {
    if (layout == Layout.DJ0ABR) {
      return List.of(dj0abrStatus(isStreaming(json)));
    }
    return List.of(Publication.of(base + "/bridge/status", json, qos, true));
  }

  private boolean isStreaming(String json) {
    try {
      for (JsonNode account : mapper.readTree(json).path("accounts")) {
        String state = account.path("stream").path("state").asText();
        if (state.equals("live") || state.equals("quiet")) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new IllegalArgumentException("reading the bridge's status: " + e.getMessage(), e);
    }
  }

  private Publication dj0abrStatus(boolean connected) {
    String text =
        "{\"connected\":" + connected + ",\"timestamp\":" + clock.instant().getEpochSecond() + "}";
    return Publication.of(presenceTopic(), text, qos, true);
  }

  /**
   * A retained text below a vehicle's own level, in every layout.
   *
   * @param below the levels behind the vehicle's, for example {@code evcc/soc}
   */
  public Publication below(String vehicle, String below, String text) {
    return Publication.of(base + "/" + vehicleLevel(vehicle) + "/" + below, text, qos, true);
  }

  /** The topic of a vehicle's picture, in every layout. */
  public String imageTopic(String vehicle) {
    return base + "/" + vehicleLevel(vehicle) + "/" + IMAGE;
  }

  /** A vehicle's picture, retained whatever holds for values: it comes once in weeks. */
  public Publication image(String vehicle, byte[] picture) {
    return new Publication(imageTopic(vehicle), picture, qos, true);
  }

  /** What the broker tells others about the bridge itself. */
  public Presence presence() {
    if (layout == Layout.DJ0ABR) {
      return new Presence(
          Publication.of(presenceTopic(), "{\"connected\":false}", qos, true),
          null,
          () -> List.of(dj0abrStatus(false)));
    }
    return Presence.on(presenceTopic());
  }

  /** The topic on which the bridge shows its presence; retained in every layout. */
  public String presenceTopic() {
    return base + (layout == Layout.DJ0ABR ? "/status" : "/bridge/state");
  }

  /** The filter below which this layout keeps data points; null where it retains none. */
  public String retainedFilter() {
    if (!retain) {
      return null;
    }
    return layout == Layout.DJ0ABR ? base + "/vehicles/#" : base + "/#";
  }

  /** The one topic of a data point that carries its timestamp; null where it has none. */
  public String topicOf(CarEvent event) {
    Paths paths = paths(event);
    return paths == null ? null : paths.object;
  }

  /** The topic that this layout publishes a data point of a vehicle on; empty where it has none. */
  public Optional<String> stateTopic(String vehicle, String key) {
    boolean location = key.equals(CarEvent.LOCATION);
    if (location && layout != Layout.DEFAULT) {
      return Optional.empty();
    }
    return Optional.ofNullable(paths(new Name(vehicle, key, location))).map(Paths::object);
  }

  /** The name of the layout, as in the setting. */
  public String layoutName() {
    return layout.name().toLowerCase(java.util.Locale.ROOT);
  }

  /** What all topics begin with, without a slash at the end. */
  public String base() {
    return base;
  }

  /** Whether the broker keeps the values for those who come later. */
  public boolean isRetained() {
    return retain;
  }

  /** Whether two cars never share a topic. */
  public boolean tellsCarsApart() {
    return layout == Layout.DJ0ABR || vehicleInPath;
  }

  /** How many data points had a name that no broker takes as a topic. */
  public long unpublishable() {
    return unpublishable.get();
  }

  private void countUnpublishable() {
    if (unpublishable.getAndIncrement() == 0) {
      LOG.warn(
          "Publishing a data point: its name is too long or too deep for a topic — it is in the"
              + " journal only; further ones are counted, not logged");
    }
  }

  private void add(CarEvent event, Utf8Text text, List<Publication> out) {
    boolean location = isLocation(event);
    if (location && layout != Layout.DEFAULT) {
      return; // those bridges know no paired position
    }
    Paths paths = paths(new Name(event.vehicle(), event.key(), location));
    if (paths == null) {
      countUnpublishable();
      return;
    }
    text.clear();
    if (location) {
      out.add(publication(paths.object, locationJson(text, event).toBytes()));
      return;
    }
    switch (layout) {
      case DEFAULT -> addDefault(event, paths, text, out);
      case BAUSI2K -> addBausi2k(event, paths, text, out);
      case DJ0ABR -> out.add(publication(paths.object, entryUnitFirst(text, event).toBytes()));
    }
  }

  private void addDefault(CarEvent event, Paths paths, Utf8Text text, List<Publication> out) {
    text.append("{\"value\":");
    int valueAt = text.size();
    JsonText.append(text, event.value());
    int valueEnd = text.size();
    JsonText.append(text.append(",\"unit\":"), event.unit());
    text.append(",\"timestamp\":\"");
    int timeAt = text.size();
    TimeText.append(text, event.timestamp());
    int timeEnd = text.size();
    out.add(publication(paths.object, text.append("\"}").toBytes()));
    if (leafValue) {
      out.add(publication(paths.value, bare(event.value(), text.toBytes(valueAt, valueEnd))));
    }
    if (leafAll) {
      out.add(publication(paths.unit, event.unit() == null ? EMPTY : utf8(event.unit())));
      out.add(publication(paths.timestamp, text.toBytes(timeAt, timeEnd)));
    }
  }

  private void addBausi2k(CarEvent event, Paths paths, Utf8Text text, List<Publication> out) {
    text.append("{\"timestamp\":\"");
    int timeAt = text.size();
    TimeText.append(text, event.timestamp());
    int timeEnd = text.size();
    text.append("\",\"value\":");
    int valueAt = text.size();
    JsonText.append(text, event.value());
    int valueEnd = text.size();
    if (event.unit() != null) {
      JsonText.append(text.append(",\"unit\":"), event.unit());
    }
    out.add(publication(paths.object, text.append('}').toBytes()));
    out.add(publication(paths.timestamp, text.toBytes(timeAt, timeEnd)));
    if (!(event.value() instanceof Collection<?>)) { // lists get only the object topic there
      out.add(publication(paths.value, bare(event.value(), text.toBytes(valueAt, valueEnd))));
    }
    if (event.unit() != null) {
      out.add(publication(paths.unit, utf8(event.unit())));
    }
  }

  private static Utf8Text entryUnitFirst(Utf8Text text, CarEvent event) {
    TimeText.append(text.append("{\"timestamp\":\""), event.timestamp()).append('"');
    if (event.unit() != null) {
      JsonText.append(text.append(",\"unit\":"), event.unit());
    }
    return JsonText.append(text.append(",\"value\":"), event.value()).append('}');
  }

  /** A text as it is, nothing for a value that is not available now, all else as JSON. */
  private static byte[] bare(Object value, byte[] json) {
    if (value instanceof String text) {
      return utf8(text);
    }
    return value == null || Arrays.equals(json, NULL) ? EMPTY : json;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Utf8Text locationJson(Utf8Text text, CarEvent event) {
    Map<?, ?> position = (Map<?, ?>) event.value();
    text.append('{');
    for (String part : List.of("latitude", "longitude", "altitude", "heading")) {
      Object value = position.get(part);
      if (value != null) {
        JsonText.append(text.append('"').append(part).append("\":"), value).append(',');
      }
    }
    return text.append("\"timestamp\":\"").append(event.timestamp().toString()).append("\"}");
  }

  private static boolean isLocation(CarEvent event) {
    return event.key().equals(CarEvent.LOCATION)
        && event.value() instanceof Map<?, ?> position
        && position.get("latitude") instanceof Number
        && position.get("longitude") instanceof Number;
  }

  private Publication publication(String topic, byte[] payload) {
    return new Publication(topic, payload, qos, retain);
  }

  private Paths paths(CarEvent event) {
    return paths(new Name(event.vehicle(), event.key(), isLocation(event)));
  }

  private Paths paths(Name name) {
    Paths known = names.get(name);
    if (known == null) {
      known = layout == Layout.DJ0ABR ? dj0abrPaths(name) : treePaths(name);
      if (names.size() >= MAX_REMEMBERED_NAMES) {
        names.clear();
      }
      names.put(name, known);
    }
    return known.object == null ? null : known;
  }

  private Paths treePaths(Name name) {
    String vehicle = vehicleInPath ? vehicleLevel(name.vehicle) + "/" : "";
    String path = TopicNames.path(name.key);
    if (!vehicleInPath && path.startsWith("bridge/")) {
      path = TopicNames.reserved(path);
    }
    int last = path.lastIndexOf('/') + 1;
    if (path.startsWith(EVCC)) {
      path = TopicNames.reserved(path);
      last = path.lastIndexOf('/') + 1;
    }
    boolean taken = path.equals(CarEvent.LOCATION) && !name.location && layout == Layout.DEFAULT;
    if (taken || path.equals(IMAGE) || LEAVES.contains(path.substring(last))) {
      path = path.substring(0, last) + TopicNames.reserved(path.substring(last));
    }
    return Paths.of(base + "/" + vehicle + path);
  }

  private static String vehicleLevel(String vehicle) {
    String level = TopicNames.level(vehicle);
    return level.equals("bridge") ? TopicNames.reserved(level) : level;
  }

  private Paths dj0abrPaths(Name name) {
    String key = TopicNames.level(name.key.replace('/', '_').replace(' ', '_'));
    return Paths.of(base + "/vehicles/" + TopicNames.level(name.vehicle) + "/" + key);
  }

  private record Name(String vehicle, String key, boolean location) {}

  /** The topics of one data point, or nulls where no broker would take them. */
  private record Paths(String object, String value, String unit, String timestamp) {

    static Paths of(String object) {
      Paths paths = new Paths(object, object + "/value", object + "/unit", object + "/timestamp");
      return TopicNames.isPublishable(paths.timestamp) ? paths : new Paths(null, null, null, null);
    }
  }

  private enum Layout {
    DEFAULT("cardata", 1, true),
    BAUSI2K("home/bmw/live", 0, true),
    DJ0ABR("bmw", 0, false);

    private final String base;
    private final int qos;
    private final boolean retain;

    Layout(String base, int qos, boolean retain) {
      this.base = base;
      this.qos = qos;
      this.retain = retain;
    }

    static Layout named(String name) {
      for (Layout layout : values()) {
        if (layout.name().toLowerCase(java.util.Locale.ROOT).equals(name)) {
          return layout;
        }
      }
      throw new BadSettingException(PREFIX + "layout", name, "default, bausi2k or dj0abr");
    }
  }
}
