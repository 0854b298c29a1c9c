// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.highmobility.Facts;
import org.cardatabridge.routes.DirectBeans;
import org.slf4j.LoggerFactory;

/**
 * Measures one thread through the decoder, through all steps without Camel, and through the shipped
 * route into an {@code events} component that only counts. Run by hand from the project's root.
 */
public final class DecodeBenchmark {

  private static final int ROUNDS = 6;
  private static final long ROUND_NANOS = 2_000_000_000L;

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  private DecodeBenchmark() {}

  private interface Work {
    int points(byte[] payload) throws Exception;
  }

  /**
   * Prints messages and descriptors a second of processor time, the best of some rounds; with any
   * argument of the two decoders only.
   */
  public static void main(String[] args) throws Exception {
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    for (int descriptors : new int[] {1, 20}) {
      List<byte[]> payloads = payloads(descriptors);
      Decoder decoder = new Decoder();
      measure(
          "decoder",
          descriptors,
          payloads,
          p -> decoder.decode(p, "main", "stream", "gcid/x", Instant.EPOCH).points().size());
      List<byte[]> others = ofHighMobility(descriptors);
      HighMobilityDecoder other = new HighMobilityDecoder(new Facts(), true);
      measure(
          "of High Mobility",
          descriptors,
          others,
          p -> other.decode(p, "main", "highmobility", "live/level13/x", NOW).points().size());
      if (args.length == 0) {
        steps(descriptors, payloads);
        route(descriptors, payloads);
      }
    }
  }

  /** One property a message as the first generation has it, several as the second. */
  private static List<byte[]> ofHighMobility(int properties) {
    List<List<Facts.Property>> known =
        List.copyOf(
            new Facts()
                .all().stream()
                    .filter(p -> p.members().isEmpty() && !p.isList())
                    .collect(Collectors.groupingBy(Facts.Property::capability))
                    .values());
    List<byte[]> payloads = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      StringBuilder data = new StringBuilder();
      for (int p = 0; p < properties; p++) {
        // Each of another capability.
        List<Facts.Property> one = known.get((i + p) % known.size());
        Facts.Property property = one.get(i % one.size());
        String held =
            "{\"data\":" + value(property, i) + ",\"timestamp\":\"" + NOW.plusSeconds(i) + "\"}";
        data.append(p == 0 ? "\"" : ",\"")
            .append(property.capability())
            .append("\":{\"")
            .append(property.name())
            .append("\":")
            .append(properties == 1 ? held : "[" + held + "]")
            .append('}');
      }
      payloads.add(
          ("{\"version\":"
                  + (properties == 1 ? 1 : 2)
                  + ",\"message_id\":\"0A1B2C3D4E5F60718293A4B5C6D7E8F90A1B2C3D4E5F60718293A4B5C6D7E8F9\","
                  + "\"vin\":\"WBA00TEST0000002"
                  + i % 3
                  + "\",\"data\":{"
                  + data
                  + "}}")
              .getBytes(StandardCharsets.UTF_8));
    }
    return payloads;
  }

  private static String value(Facts.Property property, int i) {
    return switch (property.type()) {
      case PERCENT -> String.valueOf((i % 100) / 100.0);
      case DECIMAL -> "{\"unit\":\"kilometers\",\"value\":" + (i % 50 + 0.25) + "}";
      case INTEGER -> String.valueOf(i % 24);
      case TIME -> "\"2026-03-01T12:00:00.000Z\"";
      default -> "\"word_" + i % 5 + "\"";
    };
  }

  private static void steps(int descriptors, List<byte[]> payloads) throws Exception {
    Decoder decoder = new Decoder();
    Catalogue catalogue = new Catalogue();
    Vehicles vehicles = new Vehicles(Points.settings());
    Units units = new Units(Points.settings(), catalogue);
    Positions positions = new Positions();
    measure(
        "steps without Camel",
        descriptors,
        payloads,
        p -> {
          Decoded decoded = decoder.decode(p, "main", "stream", "gcid/x", Instant.EPOCH);
          return positions
              .pair(units.convert(catalogue.type(vehicles.choose(decoded.points()))))
              .size();
        });
  }

  private static void route(int descriptors, List<byte[]> payloads) throws Exception {
    CamelContext camel = new DefaultCamelContext();
    DirectBeans.installIn(camel);
    try {
      new FlattenBeans(Points.settings(), Clock.systemUTC())
          .byName()
          .forEach(camel.getRegistry()::bind);
      camel.addComponent("events", new Counting());
      camel.start();
      PluginHelper.getRoutesLoader(camel)
          .loadRoutes(
              ResourceHelper.resolveResource(
                  camel, "file:" + Path.of("routes/flatten.camel.yaml").toAbsolutePath()));
      Endpoint direct = camel.getEndpoint("direct:flatten");
      Producer producer = direct.createProducer();
      producer.start();
      measure(
          "route flatten",
          descriptors,
          payloads,
          p -> {
            Exchange exchange = direct.createExchange(ExchangePattern.InOnly);
            exchange.setProperty(CarMessage.ACCOUNT, "main");
            exchange.setProperty(CarMessage.SOURCE, "stream");
            exchange.setProperty(CarMessage.TOPIC, "gcid/x");
            exchange.setProperty(CarMessage.RECEIVED, Instant.EPOCH);
            exchange.getMessage().setBody(p);
            producer.process(exchange);
            return exchange.getMessage().getBody(List.class).size();
          });
    } finally {
      camel.stop();
    }
  }

  private static void measure(String name, int descriptors, List<byte[]> payloads, Work work)
      throws Exception {
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      long used = CPU.getCurrentThreadCpuTime();
      long messages = 0;
      long points = 0;
      while (System.nanoTime() - start < ROUND_NANOS) {
        for (byte[] payload : payloads) {
          points += work.points(payload);
          messages++;
        }
      }
      if (points < messages * descriptors) {
        throw new IllegalStateException("points lost: " + points);
      }
      best = Math.max(best, messages * 1e9 / (CPU.getCurrentThreadCpuTime() - used));
    }
    System.out.printf(
        Locale.ROOT,
        "%-20s %2d descriptors: %,10.0f messages/s %,12.0f descriptors/s %6.2f µs a message%n",
        name,
        descriptors,
        best,
        best * descriptors,
        1e6 / best);
  }

  /** Messages of a driving car: numbers, enums, booleans as words, with units. */
  private static List<byte[]> payloads(int descriptors) {
    List<Descriptor> known =
        new Catalogue()
            .all().stream().filter(d -> d.type() != Descriptor.Type.OBJECT).limit(200).toList();
    List<byte[]> payloads = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      Instant time = Instant.parse("2026-03-01T12:00:00Z").plusSeconds(i);
      StringBuilder json = new StringBuilder();
      json.append("{\"vin\":\"WBY00TEST0000000")
          .append(i % 3)
          .append(
              "\",\"entityId\":\"00000000-0000-4000-8000-000000000011\",\"topic\":\"x\",\"timestamp\":\"")
          .append(time.plusMillis(974))
          .append("\",\"data\":{");
      for (int d = 0; d < descriptors; d++) {
        Descriptor descriptor = known.get((i * descriptors + d * 7) % known.size());
        json.append(d == 0 ? "\"" : ",\"")
            .append(descriptor.key())
            .append("\":{\"timestamp\":\"")
            .append(time)
            .append("\",\"value\":")
            .append(value(descriptor, i))
            .append(",\"unit\":")
            .append(descriptor.unit() == null ? "null" : "\"" + descriptor.unit() + "\"")
            .append('}');
      }
      payloads.add(json.append("}}").toString().getBytes(StandardCharsets.UTF_8));
    }
    return payloads;
  }

  private static String value(Descriptor descriptor, int i) {
    return switch (descriptor.type()) {
      case INTEGER -> String.valueOf(i % 24);
      case DECIMAL -> i % 2 == 0 ? "\"" + i % 50 + ".5\"" : String.valueOf(i % 50 + 0.25);
      default ->
          descriptor.tokens().isEmpty()
              ? "\"text " + i + "\""
              : "\"" + descriptor.tokens().get(0) + "\"";
    };
  }

  /** Takes messages and forgets them. */
  private static final class Counting extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(
        String uri, String remaining, Map<String, Object> parameters) {
      return new DefaultEndpoint(uri, this) {
        @Override
        public Producer createProducer() {
          return new DefaultProducer(this) {
            @Override
            public void process(Exchange exchange) {
              List<?> points = exchange.getMessage().getBody(List.class);
              if (!points.isEmpty() && !(points.get(0) instanceof CarEvent)) {
                throw new IllegalStateException("no data points");
              }
            }
          };
        }

        @Override
        public Consumer createConsumer(Processor processor) {
          throw new UnsupportedOperationException("only publishes");
        }
      };
    }
  }
}
