// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockComponent;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.decode.FlattenBeans;
import org.cardatabridge.decode.Vehicles;
import org.cardatabridge.routes.DirectBeans;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.SetClock;
import org.cardatabridge.testing.ShippedRoute;

/**
 * The routes that read, as shipped or edited, with the real flatten route; BMW and the journal are
 * stand-ins that keep what they get.
 */
final class RestBench implements AutoCloseable {

  static final String VIN = "WBY00TEST00000001";
  static final Instant NOW = Instant.parse("2026-07-27T12:00:00Z");

  private static final List<String> FILES =
      List.of(
          "rest-mappings",
          "rest-basic-data",
          "rest-telematic-data",
          "rest-charging-history",
          "rest-charging-settings",
          "rest-image",
          "rest-tyres",
          "rest-message",
          "flatten");

  final SetClock clock = new SetClock(NOW);
  final NotesInMemory notes = new NotesInMemory(clock);
  final DefaultCamelContext camel = new DefaultCamelContext();
  final List<RestCall> calls = new ArrayList<>();
  final Map<String, CarEvent> newest = new HashMap<>();
  final Map<Instant, Object> sessions = new HashMap<>();
  final List<String> vins = new ArrayList<>();
  final Images images;
  final Mappings mappings;
  MockEndpoint published;
  MockEndpoint pictures;
  private final Deque<Object> replies = new ArrayDeque<>();
  private final Settings settings;

  RestBench(Path dir, Map<String, String> settings) {
    this.settings = Settings.of(settings);
    this.images = new Images(dir);
    this.mappings = new Mappings(notes, new Vehicles(this.settings), vins::add);
  }

  /** A fixture of {@code src/test/resources/rest}. */
  static byte[] fixture(String name) {
    try (InputStream in = RestBench.class.getResourceAsStream("/rest/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RestBench start(ShippedRoute... edited) throws Exception {
    DirectBeans.installIn(camel);
    BiFunction<String, String, Optional<CarEvent>> known =
        (vin, key) -> Optional.ofNullable(newest.get(vin + " " + key));
    new FlattenBeans(settings, clock, vin -> {}, known).byName().forEach(camel.getRegistry()::bind);
    Map<String, Object> beans = new HashMap<>();
    beans.put("restOrders", new RestOrders(List.of("main")));
    beans.put("fetched", new Fetched(notes));
    beans.put("images", images);
    beans.put("restMappings", new MappingsAnswer(mappings, clock));
    beans.put("restBasicData", new BasicDataAnswer(known, clock));
    beans.put("restTelematicData", new TelematicAnswer(notes, clock));
    beans.put("restChargingHistory", new ChargingHistory(new Sessions(), notes, clock));
    beans.put("restChargingSettings", new ChargingSettings(known, clock));
    beans.put("restImage", new ImageAnswer(known, clock));
    beans.put("restTyres", new TyreAnswer(known, clock));
    beans.forEach(camel.getRegistry()::bind);
    camel.addComponent("events", new MockComponent());
    camel.start();
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:rest-call-main").process(RestBench.this::answer);
            from("direct:sink-mqtt-image").to("mock:pictures");
          }
        });
    for (String file : FILES) {
      ShippedRoute route = ShippedRoute.of(file);
      for (ShippedRoute other : edited) {
        route = other.file().equals(file) ? other : route;
      }
      PluginHelper.getRoutesLoader(camel)
          .loadRoutes(ResourceHelper.fromString(file + ".camel.yaml", route.yaml()));
    }
    published = camel.getEndpoint("events:publish", MockEndpoint.class);
    pictures = camel.getEndpoint("mock:pictures", MockEndpoint.class);
    return this;
  }

  private void answer(Exchange exchange) {
    calls.add(exchange.getMessage().getBody(RestCall.class));
    assertThat(replies).as("answers left").isNotEmpty();
    exchange.getMessage().setBody(replies.poll());
  }

  /** BMW's next answer. */
  RestBench reply(byte[] body) {
    replies.add(new RestReply(RestVerdict.OK, 200, null, null, body, clock.instant()));
    return this;
  }

  RestBench reply(String body) {
    return reply(body.getBytes(StandardCharsets.UTF_8));
  }

  RestBench refuse(RestVerdict.Kind kind) {
    replies.add(
        new RestReply(
            RestVerdict.of(kind, "a sentence"), 400, null, null, new byte[0], clock.instant()));
    return this;
  }

  RestOutcome order(RestAction action) {
    return order(action, Map.of());
  }

  RestOutcome order(RestAction action, Map<String, String> parameters) {
    return send(
        action,
        new RestRequest(
            "main", action, action.isOfVehicle() ? VIN : null, Purpose.REQUEST, parameters));
  }

  RestOutcome send(RestAction action, Object body) {
    Exchange sent =
        camel
            .createProducerTemplate()
            .send("direct:rest-" + action.word(), e -> e.getMessage().setBody(body));
    assertThat(sent.getException()).isNull();
    return sent.getMessage().getBody(RestOutcome.class);
  }

  /** What the journal got, message by message. */
  List<Exchange> messages() {
    return published.getExchanges();
  }

  @SuppressWarnings("unchecked")
  List<CarEvent> points() {
    List<CarEvent> all = new ArrayList<>();
    messages().forEach(m -> all.addAll(m.getMessage().getBody(List.class)));
    return all;
  }

  CarEvent point(String key) {
    return points().stream().filter(p -> p.key().equals(key)).findFirst().orElseThrow();
  }

  /** What the newest table would know from here on. */
  void settle() {
    points().forEach(p -> newest.put(p.vin() + " " + p.key(), p));
    published.reset();
  }

  /** Each data point in a line, for golden files. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Exchange message : messages()) {
      lines.add(
          message.getProperty(CarMessage.SOURCE)
              + " "
              + message.getProperty(CarMessage.TOPIC)
              + " "
              + message.getProperty(CarMessage.RECEIVED));
      for (Object item : message.getMessage().getBody(List.class)) {
        CarEvent point = (CarEvent) item;
        lines.add(
            "  "
                + point.key()
                + " = "
                + AnswerJson.write(point.value())
                + (point.unit() == null ? "" : " " + point.unit())
                + " at "
                + point.timestamp());
      }
    }
    return lines;
  }

  private final class Sessions implements KnownSessions {
    @Override
    public Optional<Instant> last(String vin) {
      return sessions.keySet().stream().max(Instant::compareTo);
    }

    @Override
    public Map<Instant, Object> between(String vin, Instant since, Instant until) {
      return sessions;
    }
  }

  @Override
  public void close() {
    camel.stop();
  }
}
