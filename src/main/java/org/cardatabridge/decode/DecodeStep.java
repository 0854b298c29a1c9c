// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.camel.Exchange;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarEventJson;
import org.cardatabridge.CarMessage;
import org.cardatabridge.highmobility.Facts;
import org.cardatabridge.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first step of the flatten route: bytes become data points. Never fails. Safe for use by many
 * threads.
 */
public final class DecodeStep {

  /** Exchange property with the VIN of the car a message is about; absent where it is unread. */
  public static final String VIN = "cardata.vin";

  /**
   * Exchange property with a map from descriptor to {@link TimeOrigin}, for those entries that had
   * no time of their own; absent where each had one.
   */
  public static final String OTHERWISE_TIMED = "cardata.otherwise-timed";

  private static final Logger LOG = LoggerFactory.getLogger(DecodeStep.class);
  private static final byte[] NO_BYTES = {};

  private static final String REST = "rest";
  private static final String HIGH_MOBILITY = "highmobility";
  private static final String REPLAY = "replay";

  /** Nobody has so many cars, but anybody could send so many names. */
  private static final int MOST_VINS = 1000;

  private final Decoder decoder = new Decoder();
  private final boolean metric;
  private final Clock clock;
  private final String firstAccount;
  private final Consumer<String> newVin;
  private final BiFunction<String, String, Optional<CarEvent>> newest;
  private final UnaryOperator<List<CarEvent>> typed;
  private final Set<String> vins = ConcurrentHashMap.newKeySet();
  private final Set<Unreadable> said = ConcurrentHashMap.newKeySet();
  private final LongAdder messages = new LongAdder();
  private final LongAdder points = new LongAdder();
  private final LongAdder unparsed = new LongAdder();
  private final LongAdder skipped = new LongAdder();
  private final AtomicBoolean saidSkipped = new AtomicBoolean();
  // Made for the first such message: most bridges never get one.
  private volatile HighMobilityDecoder highMobility;

  /**
   * A step for every account.
   *
   * @param settings names the account that a message without one belongs to: the first
   * @param clock tells when a message without a time of receipt was received
   */
  public DecodeStep(Settings settings, Clock clock) {
    this(settings, clock, vin -> {});
  }

  /**
   * The same for a log that hides VINs.
   *
   * @param newVin hears of each VIN, once, before anything is done with the message that named it
   */
  public DecodeStep(Settings settings, Clock clock, Consumer<String> newVin) {
    this(settings, clock, newVin, (vin, key) -> Optional.empty(), points -> points);
  }

  /**
   * The same beside a source that is asked: what it has without a time may be of any age.
   *
   * @param newest the newest data point of a VIN and a descriptor. What an answer of BMW's REST
   *     side has without a time only takes the place of another such value, if it differs
   * @param typed what the following steps make of a data point
   */
  DecodeStep(
      Settings settings,
      Clock clock,
      Consumer<String> newVin,
      BiFunction<String, String, Optional<CarEvent>> newest,
      UnaryOperator<List<CarEvent>> typed) {
    this.clock = clock;
    this.newVin = newVin;
    this.newest = newest;
    this.typed = typed;
    this.metric = !settings.find("cardata.units").orElse("").equals("as-sent");
    this.firstAccount = settings.everyAccount().stream().findFirst().orElse("main");
  }

  /**
   * Keeps the bytes in the property {@code cardata.payload} and returns the data points. Where the
   * message cannot be read there are none, and {@code cardata.unparsed} says why. Properties of
   * {@link CarMessage} that the ingest route did not set are filled in.
   */
  public List<CarEvent> decode(Exchange exchange) {
    byte[] payload = exchange.getMessage().getBody(byte[].class);
    payload = payload == null ? NO_BYTES : payload;
    exchange.setProperty(CarMessage.PAYLOAD, payload);
    String topic = property(exchange, CarMessage.TOPIC, String.class, "");
    String account = property(exchange, CarMessage.ACCOUNT, String.class, firstAccount);
    String source = property(exchange, CarMessage.SOURCE, String.class, "stream");
    Decoded decoded =
        isOfHighMobility(exchange, source, topic)
            ? highMobility().decode(payload, account, source, topic, received(exchange))
            : decoder.decode(payload, account, source, topic, received(exchange));
    tellOf(decoded.vin() == null ? carOf(topic) : decoded.vin());
    if (decoded.vin() == null) {
      decoded.points().forEach(point -> tellOf(point.vin()));
    }
    count(decoded);
    if (decoded.unreadable() != null) {
      exchange.setProperty(CarMessage.UNPARSED, decoded.unreadable().text());
      say(decoded.unreadable());
    }
    if (decoded.vin() != null) {
      exchange.setProperty(VIN, decoded.vin());
    }
    if (!decoded.otherwiseTimed().isEmpty()) {
      exchange.setProperty(OTHERWISE_TIMED, decoded.otherwiseTimed());
    }
    if (decoded.id() != null) {
      exchange.setProperty(CarMessage.ID, decoded.id());
    }
    return REST.equals(exchange.getProperty(CarMessage.SOURCE))
        ? decoded.points().stream().filter(point -> isNews(point, decoded)).toList()
        : decoded.points();
  }

  /** What is played again has another source, and may come from a recording of one. */
  private static boolean isOfHighMobility(Exchange exchange, String source, String topic) {
    return source.equals(HIGH_MOBILITY)
        || source.equals(REPLAY)
            && (HIGH_MOBILITY.equals(exchange.getProperty(CarMessage.RECORDED_SOURCE))
                || MessageTopic.isOfHighMobility(topic));
  }

  private HighMobilityDecoder highMobility() {
    HighMobilityDecoder known = highMobility;
    if (known == null) {
      // Two at once make two, of which one is kept; they are alike.
      known = new HighMobilityDecoder(new Facts(), metric);
      highMobility = known;
    }
    return known;
  }

  private boolean isNews(CarEvent point, Decoded decoded) {
    if (!decoded.otherwiseTimed().containsKey(point.key())) {
      return true;
    }
    CarEvent known = newest.apply(point.vin(), point.key()).orElse(null);
    return known == null
        || known.isOfUnknownAge()
            && typed.apply(List.of(point)).stream()
                .anyMatch(one -> !json(one.value()).equals(json(known.value())));
  }

  private static String json(Object value) {
    return CarEventJson.value(value);
  }

  /** How many messages, points and so on there were since the start. */
  public Counts counts() {
    return new Counts(messages.sum(), points.sum(), unparsed.sum(), skipped.sum());
  }

  /**
   * Counted since the start.
   *
   * @param messages messages, readable or not
   * @param points data points found in them
   * @param unparsed messages that could not be read
   * @param skipped entries left out of readable messages because no topic can have their name
   */
  public record Counts(long messages, long points, long unparsed, long skipped) {}

  /** The topic of an unreadable message names its car as well. */
  private static String carOf(String topic) {
    if (MessageTopic.isOfRest(topic) || MessageTopic.isOfHighMobility(topic)) {
      String vin = MessageTopic.vin(topic);
      return vin == null ? "" : vin;
    }
    String[] levels = topic.split("/", -1);
    return levels.length == 2 ? levels[1] : "";
  }

  private void tellOf(String vin) {
    if (!vin.isEmpty() && !vins.contains(vin) && vins.size() < MOST_VINS && vins.add(vin)) {
      newVin.accept(vin);
    }
  }

  private Instant received(Exchange exchange) {
    Instant received = exchange.getProperty(CarMessage.RECEIVED, Instant.class);
    if (received == null) {
      received = clock.instant();
      exchange.setProperty(CarMessage.RECEIVED, received);
    }
    return received;
  }

  private static <T> T property(Exchange exchange, String name, Class<T> type, T otherwise) {
    T value = exchange.getProperty(name, type);
    if (value == null) {
      exchange.setProperty(name, otherwise);
      return otherwise;
    }
    return value;
  }

  private void count(Decoded decoded) {
    messages.increment();
    points.add(decoded.points().size());
    skipped.add(decoded.skipped());
    if (decoded.skipped() > 0 && !saidSkipped.getAndSet(true)) {
      LOG.warn(
          "reading a message: it has a descriptor whose name no topic can have, which is left out —"
              + " the message is kept as it came, and all else of it goes on; see docs/decode.md");
    }
    if (decoded.unreadable() != null) {
      unparsed.increment();
    }
  }

  /** Once a kind: the counter tells how often. */
  private void say(Unreadable why) {
    if (said.add(why)) {
      LOG.error(
          "reading a message: {} — the message is kept as it came, nothing is lost; see"
              + " docs/troubleshooting.md#unparsed",
          why.text());
    }
  }
}
