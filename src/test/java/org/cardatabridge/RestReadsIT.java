// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.apache.camel.ProducerTemplate;
import org.cardatabridge.api.Mappings;
import org.cardatabridge.api.Picture;
import org.cardatabridge.api.Purpose;
import org.cardatabridge.api.RestAction;
import org.cardatabridge.api.RestCall;
import org.cardatabridge.api.RestOutcome;
import org.cardatabridge.api.RestReply;
import org.cardatabridge.api.RestRequest;
import org.cardatabridge.api.RestVerdict;
import org.cardatabridge.journal.EventsComponent;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.mqtt.LocalMqttComponent;
import org.cardatabridge.testing.BridgeUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every read once: the bridge between the simulated BMW and a real mosquitto. */
@Timeout(120)
class RestReadsIT {

  private static final String VIN = "WBY00TEST00000001";
  private static final String SECOND = "WBY00TEST00000002";
  private static final String TREE = "cardata/" + VIN + "/";
  private static final String SECRET = "vehicleIdWithGcid";
  private static final Instant FUTURE = Instant.parse("2100-01-01T00:00:00Z");

  @TempDir Path dir;
  private ProducerTemplate routes;

  private RestOutcome order(RestAction action, String vin, Map<String, String> parameters) {
    return routes.requestBody(
        "direct:rest-" + action.word(),
        new RestRequest("main", action, vin, Purpose.REQUEST, parameters),
        RestOutcome.class);
  }

  private RestOutcome order(RestAction action) {
    return order(action, action.isOfVehicle() ? VIN : null, Map.of());
  }

  private String container() throws Exception {
    RestCall call =
        RestCall.post(
            RestRequest.of("main", RestAction.CREATE_CONTAINER, null, Purpose.REQUEST),
            "/customers/containers",
            "{\"name\":\"test\",\"purpose\":\"test\",\"technicalDescriptors\":"
                + "[\"vehicle.vehicle.travelledDistance\",\"vehicle.isMoving\"]}");
    RestReply reply = routes.requestBody("direct:rest-call-main", call, RestReply.class);
    assertThat(reply.verdict().sentence()).isNull();
    return new ObjectMapper().readTree(reply.body()).get("containerId").asText();
  }

  @Test
  void everyReadBecomesTopicsAndRows() throws Exception {
    try (BridgeUnderTest test = BridgeUnderTest.in(dir)) {
      test.set("cardata.api.url", test.bmw().apiUrl().toString());
      test.bmw().perform("vehicle", "{\"vin\":\"" + SECOND + "\",\"image\":false}");
      test.start().approve();
      test.awaitLogin("main", "authorized");
      routes =
          test.bridge()
              .component("local-mqtt", LocalMqttComponent.class)
              .getCamelContext()
              .createProducerTemplate();

      for (RestAction action :
          new RestAction[] {
            RestAction.MAPPINGS,
            RestAction.BASIC_DATA,
            RestAction.CHARGING_HISTORY,
            RestAction.IMAGE,
            RestAction.TYRES,
            RestAction.CHARGING_SETTINGS
          }) {
        RestOutcome outcome = order(action);
        assertThat(outcome.verdict().sentence()).as(action.word()).isNull();
      }
      RestOutcome values =
          order(RestAction.TELEMATIC_DATA, VIN, Map.of("containerId", container()));
      assertThat(values.isOk()).isTrue();
      RestOutcome none = order(RestAction.IMAGE, SECOND, Map.of());
      assertThat(none.verdict().kind()).isEqualTo(RestVerdict.Kind.NOTHING_THERE);

      assertThat(test.bridge().part("mappings", Mappings.class).vehicles("main"))
          .contains(VIN, SECOND);
      for (String topic :
          new String[] {
            "vehicle/vehicleIdentification/basicVehicleData",
            "chargingHistory/session",
            "chargingSettings/locations",
            "image/info",
            "image",
            "tyreDiagnosis/frontLeft/tyreWear/dueMileage/value",
            "vehicle/vehicle/travelledDistance/value"
          }) {
        await(topic)
            .atMost(BridgeUnderTest.PATIENCE)
            .until(() -> test.local().latest().containsKey(TREE + topic));
      }
      assertThat(test.local().latest().get(TREE + "chargingSettings/locations"))
          .contains("latitude")
          .doesNotContain(SECRET);
      Journal journal = test.bridge().part(EventsComponent.JOURNAL_BEAN, Journal.class);
      assertThat(journal.history(VIN, "chargingHistory.session", null, FUTURE, 100))
          .hasSizeGreaterThan(8)
          .allMatch(point -> point.source().equals("rest"));

      RestOutcome again = order(RestAction.CHARGING_HISTORY);
      assertThat(((Map<?, ?>) again.data()).get("new")).isEqualTo(0);
      pictureIsShown(test);
    }
  }

  private static void pictureIsShown(BridgeUnderTest test) throws Exception {
    URI uri =
        URI.create(
            "http://127.0.0.1:" + test.bridge().httpPort() + "/api/vehicles/" + VIN + "/image");
    HttpClient http = HttpClient.newHttpClient();
    var shown = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
    assertThat(shown.statusCode()).isEqualTo(200);
    assertThat(shown.headers().firstValue("Content-Type")).contains("image/png");
    assertThat(Picture.of(shown.body())).isNotNull();
    String tag = shown.headers().firstValue("ETag").orElseThrow();
    var kept =
        http.send(
            HttpRequest.newBuilder(uri).header("If-None-Match", tag).build(),
            BodyHandlers.ofByteArray());
    assertThat(kept.statusCode()).isEqualTo(304);
  }
}
