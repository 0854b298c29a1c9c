// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.cardatabridge.decode.Points.NOW;
import static org.cardatabridge.decode.Points.VIN;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockComponent;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.recording.FlattenIntake;
import org.cardatabridge.recording.RecordedMessage;
import org.cardatabridge.routes.DirectBeans;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped route file itself; and the same text with a step taken out or put in. */
class FlattenRouteTest {

  private static final String HERE = "vehicle.cabin.infotainment.navigation.currentLocation.";
  private static final String MILES =
      """
      {"data":{"vehicle.vehicle.travelledDistance":{"value":"100","unit":"mi"},
       "vehicle.isMoving":{"value":"ASN_isTrue"},
       "%slatitude":{"value":"48.0"},"%slongitude":{"value":11}}}"""
          .formatted(HERE, HERE);

  private final CamelContext camel = new DefaultCamelContext();
  private MockEndpoint published;
  private DecodeStep decoder;

  @AfterEach
  void stop() {
    camel.stop();
  }

  private static ShippedRoute shipped() {
    return ShippedRoute.of("flatten");
  }

  private void start(ShippedRoute flatten, Settings settings) throws Exception {
    FlattenBeans beans = new FlattenBeans(settings, Clock.fixed(NOW, ZoneOffset.UTC));
    decoder = beans.decoder();
    DirectBeans.installIn(camel);
    beans.byName().forEach(camel.getRegistry()::bind);
    camel.addComponent("events", new MockComponent());
    camel.start();
    PluginHelper.getRoutesLoader(camel)
        .loadRoutes(ResourceHelper.fromString("flatten.camel.yaml", flatten.yaml()));
    published = camel.getEndpoint("events:publish", MockEndpoint.class);
  }

  private Exchange send(Object body, Map<String, Object> properties) {
    return camel
        .createProducerTemplate()
        .send(
            "direct:flatten",
            exchange -> {
              exchange.getMessage().setBody(body);
              exchange.setProperty(CarMessage.TOPIC, "gcid/" + VIN);
              properties.forEach(exchange::setProperty);
            });
  }

  private Exchange send(String json) {
    return send(json.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  @SuppressWarnings("unchecked")
  private List<CarEvent> points() {
    assertThat(published.getExchanges()).hasSize(1);
    return published.getExchanges().get(0).getMessage().getBody(List.class);
  }

  private Object value(String key) {
    return points().stream().filter(p -> p.key().equals(key)).findFirst().orElseThrow().value();
  }

  @Test
  void aMessageBecomesTypedPointsAndAPosition() throws Exception {
    start(shipped(), Points.settings("cardata.vehicle." + VIN + ".alias", "i4"));
    Instant received = NOW.minusSeconds(5);

    Exchange sent =
        send(
            MILES.getBytes(StandardCharsets.UTF_8),
            Map.of(
                CarMessage.ACCOUNT, "second",
                CarMessage.SOURCE, "rest",
                CarMessage.RECEIVED, received));

    assertThat(sent.getException()).isNull();
    assertThat(points())
        .extracting(CarEvent::key, CarEvent::value, CarEvent::unit, CarEvent::source)
        .containsExactly(
            tuple("vehicle.vehicle.travelledDistance", 160.934, "km", "rest"),
            tuple("vehicle.isMoving", true, null, "rest"),
            tuple(HERE + "latitude", 48.0, "°", "rest"),
            tuple(HERE + "longitude", 11L, "°", "rest"),
            tuple("location", Map.of("latitude", 48.0, "longitude", 11.0), null, "derived"));
    assertThat(points())
        .allSatisfy(
            p -> {
              assertThat(p.account()).isEqualTo("second");
              assertThat(p.vehicle()).isEqualTo("i4");
              assertThat(p.received()).isEqualTo(received);
            });
  }

  @Test
  void tellsOfEachVinOnceThatOfAnUnreadableMessageToo() throws Exception {
    List<String> told = new ArrayList<>();
    FlattenBeans beans = new FlattenBeans(Points.settings(), Clock.systemUTC(), told::add);
    Exchange exchange = new DefaultExchange(camel);
    exchange.setProperty(CarMessage.TOPIC, "gcid/WBA00TEST00000013");
    for (String message :
        List.of(
            "no json",
            "{\"vin\":\"WBA00TEST00000014\",\"data\":{}}",
            "{\"vin\":\"WBA00TEST00000014\",\"data\":{}}")) {
      exchange.getMessage().setBody(message.getBytes(StandardCharsets.UTF_8));
      beans.decoder().decode(exchange);
    }
    assertThat(told).containsExactly("WBA00TEST00000013", "WBA00TEST00000014");
  }

  @Test
  void theBytesStayInAPropertyAndMissingPropertiesAreFilledIn() throws Exception {
    start(shipped(), Points.settings("cardata.accounts", "mine, other"));
    byte[] bytes =
        "{\"data\":{\"vehicle.isMoving\":{\"value\":true}}}".getBytes(StandardCharsets.UTF_8);

    send(bytes, Map.of());

    Exchange exchange = published.getExchanges().get(0);
    assertThat(exchange.getProperty(CarMessage.PAYLOAD)).isSameAs(bytes);
    assertThat(exchange.getProperty(CarMessage.ACCOUNT)).isEqualTo("mine");
    assertThat(exchange.getProperty(CarMessage.SOURCE)).isEqualTo("stream");
    assertThat(exchange.getProperty(CarMessage.RECEIVED)).isEqualTo(NOW);
    assertThat(exchange.getProperty(DecodeStep.OTHERWISE_TIMED))
        .isEqualTo(Map.of("vehicle.isMoving", TimeOrigin.RECEIPT));
    assertThat(exchange.getProperty(CarMessage.UNPARSED)).isNull();
  }

  @Test
  void aTextIsTakenAsItsBytes() throws Exception {
    start(shipped(), Points.settings());

    send("{\"data\":{\"vehicle.isMoving\":{\"value\":true}}}", Map.of());

    assertThat(value("vehicle.isMoving")).isEqualTo(true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "offline", "[]", "{\"vin\":\"WBA00TEST00000013\"}", "{\"data\":{\"a#\":1}}"})
  void anUnreadableMessageIsPublishedWithoutPointsAndCounted(String text) throws Exception {
    start(shipped(), Points.settings("cardata.vins", VIN));

    Exchange sent = send(text);

    assertThat(sent.getException()).isNull();
    assertThat(points()).isEmpty();
    Exchange exchange = published.getExchanges().get(0);
    assertThat(exchange.getProperty(CarMessage.UNPARSED, String.class)).isNotBlank();
    assertThat(exchange.getProperty(CarMessage.PAYLOAD, byte[].class))
        .isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    assertThat(decoder.counts().messages()).isEqualTo(1);
    assertThat(decoder.counts().unparsed()).isEqualTo(1);
    assertThat(decoder.counts().points()).isZero();
  }

  @Test
  void aMissingBodyIsAnUnreadableMessage() throws Exception {
    start(shipped(), Points.settings());

    send(null, Map.of());

    assertThat(points()).isEmpty();
    assertThat(published.getExchanges().get(0).getProperty(CarMessage.UNPARSED))
        .isEqualTo("the message is empty");
  }

  @Test
  void aMessageOfNullsOnlyIsPublishedWithoutPoints() throws Exception {
    start(shipped(), Points.settings());

    send("{\"data\":{\"vehicle.isMoving\":{\"value\":null}}}");

    assertThat(points()).isEmpty();
    assertThat(published.getExchanges().get(0).getProperty(CarMessage.UNPARSED)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"data\":{\"vehicle.isMoving\":{\"value\":true}}}",
        "{\"data\":{\"vehicle.isMoving\":{\"value\":null}}}",
      })
  void aMessageOfACarThatNobodyNamedGoesNoFurther(String message) throws Exception {
    start(
        shipped(),
        Points.settings(
            "cardata.accounts", "main,second",
            "cardata.vins", "WBA00TEST00000013",
            "cardata.account.second.vins", VIN));

    send(message);
    assertThat(published.getExchanges()).isEmpty();

    send(message.getBytes(StandardCharsets.UTF_8), Map.of(CarMessage.ACCOUNT, "second"));
    assertThat(published.getExchanges()).hasSize(1);
  }

  @EditsRoute("flatten")
  void withoutTheFilterEmptyListsOfForeignCarsArePublished() throws Exception {
    start(shipped().without("- filter:"), Points.settings("cardata.vins", "WBA00TEST00000013"));

    send(MILES);

    assertThat(points()).isEmpty();
  }

  @EditsRoute("flatten")
  void withoutTheChoiceForeignPointsPassAndCarsHaveNoAlias() throws Exception {
    start(
        shipped().without("method: choose"),
        Points.settings("cardata.vehicle." + VIN + ".alias", "i4"));

    send(MILES);

    assertThat(points()).extracting(CarEvent::vehicle).containsOnly(VIN);
  }

  @EditsRoute("flatten")
  void withoutTypesWordsStayWordsAndNothingIsPaired() throws Exception {
    start(shipped().without("method: type"), Points.settings());

    send(MILES);

    assertThat(value("vehicle.vehicle.travelledDistance")).isEqualTo("100");
    assertThat(value("vehicle.isMoving")).isEqualTo("ASN_isTrue");
    assertThat(points()).extracting(CarEvent::key).doesNotContain("location");
  }

  @EditsRoute("flatten")
  void withoutUnitsANumberStaysInTheUnitItCameWith() throws Exception {
    start(shipped().without("method: convert"), Points.settings());

    send(MILES);

    assertThat(points().get(0).value()).isEqualTo(100L);
    assertThat(points().get(0).unit()).isEqualTo("mi");
  }

  @EditsRoute("flatten")
  void withoutPairsThereIsNoLocation() throws Exception {
    start(shipped().without("method: pair"), Points.settings());

    send(MILES);

    assertThat(points()).hasSize(4).extracting(CarEvent::key).doesNotContain("location");
  }

  @EditsRoute("flatten")
  void withoutDecodingTheBytesThemselvesArrive() throws Exception {
    ShippedRoute flatten = shipped();
    for (String step : List.of("decode", "choose", "type", "convert", "pair")) {
      flatten = flatten.without("method: " + step);
    }
    start(flatten, Points.settings());

    send(MILES);

    assertThat(published.getExchanges().get(0).getMessage().getBody()).isInstanceOf(byte[].class);
  }

  @EditsRoute("flatten")
  void aFilterOnSpeedPutInHoldsBackWhatItShould() throws Exception {
    start(
        shipped()
            .before(
                "uri: events:publish",
                """
            - split:
                expression:
                  simple:
                    expression: "${body}"
                steps:
                  - filter:
                      expression:
                        simple:
                          expression: "${body.key} != 'vehicle.vehicle.avgSpeed' || ${body.value} < 130"
                      steps:
                        - to:
                            uri: events:publish
            - stop: {}
            """),
        Points.settings());

    send(
        "{\"data\":{\"vehicle.vehicle.avgSpeed\":{\"value\":\"160\"},\"vehicle.isMoving\":{\"value\":true}}}");
    send("{\"data\":{\"vehicle.vehicle.avgSpeed\":{\"value\":\"50\"}}}");

    assertThat(published.getExchanges())
        .extracting(e -> e.getMessage().getBody(CarEvent.class).key())
        .containsExactly("vehicle.isMoving", "vehicle.vehicle.avgSpeed");
  }

  @Test
  void everyStepOfTheFileIsOneOfTheBeans() throws Exception {
    assertThat(
            shipped()
                .yaml()
                .lines()
                .filter(l -> l.trim().startsWith("ref: "))
                .map(l -> l.trim().substring(5)))
        .isSubsetOf(new FlattenBeans(Points.settings(), Clock.systemUTC()).byName().keySet());
  }

  private static final String OF_HIGH_MOBILITY =
      """
      {"version":1,"message_id":"4F02","vin":"%s",
       "data":{"charging":{"battery_level":{"data":0.5}}}}"""
          .formatted(VIN);

  @Test
  void theSourceChoosesTheDecoder() throws Exception {
    start(shipped(), Points.settings("cardata.vehicle." + VIN + ".alias", "van"));
    Exchange sent =
        send(
            OF_HIGH_MOBILITY.getBytes(StandardCharsets.UTF_8),
            Map.of(CarMessage.SOURCE, "highmobility", CarMessage.ACCOUNT, "fleet"));
    assertThat(sent.getProperty(CarMessage.ID)).isEqualTo("4F02");
    assertThat(points())
        .extracting(
            CarEvent::account, CarEvent::vehicle, CarEvent::key, CarEvent::value, CarEvent::source)
        .containsExactly(tuple("fleet", "van", "charging.battery_level", 50.0, "highmobility"));
  }

  @Test
  void aMessageOfBmwHasNoName() throws Exception {
    start(shipped(), Points.settings());
    assertThat(send("{\"message_id\":\"4F02\",\"data\":{}}").getProperty(CarMessage.ID)).isNull();
  }

  @Test
  void aRecordingOfHighMobilitysIsReadAsSuch() throws Exception {
    start(shipped(), Points.settings());
    published.expectedMessageCount(3);
    FlattenIntake intake = new FlattenIntake(camel);
    byte[] payload = OF_HIGH_MOBILITY.getBytes(StandardCharsets.UTF_8);
    for (String[] message :
        new String[][] {
          {"highmobility", ""}, {"replay", "live/level13/app"}, {"replay", "app/level13/2026/1"}
        }) {
      intake.take(
          new RecordedMessage(NOW, message[0], "fleet", message[1], payload),
          Set.of(),
          failure -> {});
    }
    published.assertIsSatisfied();
    assertThat(published.getExchanges())
        .allSatisfy(
            exchange -> {
              CarEvent point = (CarEvent) exchange.getMessage().getBody(List.class).get(0);
              assertThat(point.key()).isEqualTo("charging.battery_level");
              assertThat(point.source()).isEqualTo("replay");
            });
  }

  @Test
  void tellsOfTheVinInATopicOfHighMobilitys() throws Exception {
    List<String> told = new ArrayList<>();
    FlattenBeans beans = new FlattenBeans(Points.settings(), Clock.systemUTC(), told::add);
    Exchange exchange = new DefaultExchange(camel);
    exchange.setProperty(CarMessage.SOURCE, "highmobility");
    exchange.setProperty(CarMessage.TOPIC, "live/level13/app/" + VIN + "/hood/get/lock");
    exchange.getMessage().setBody("no json".getBytes(StandardCharsets.UTF_8));
    beans.decoder().decode(exchange);
    exchange
        .getMessage()
        .setBody(
            "[{\"vin\":\"a\",\"data\":{\"hood\":{\"lock\":\"locked\"}}},{\"vin\":\"b\",\"data\":{\"hood\":{\"lock\":\"locked\"}}}]"
                .getBytes(StandardCharsets.UTF_8));
    beans.decoder().decode(exchange);
    assertThat(told).containsExactly(VIN, "a", "b");
  }
}
