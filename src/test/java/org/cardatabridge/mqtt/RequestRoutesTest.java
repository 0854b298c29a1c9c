// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.api.ActionReply;
import org.cardatabridge.api.ActionRequest;
import org.cardatabridge.api.RequestTopics;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.ShippedRoute;
import org.cardatabridge.testing.Subscriber;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests on the embedded broker, with a stand-in for what carries them out. */
@Timeout(120)
class RequestRoutesTest {

  @TempDir Path dir;
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final List<ActionRequest> asked = new CopyOnWriteArrayList<>();
  private final Map<String, String> values = new TreeMap<>();
  private EmbeddedBroker broker;
  private Subscriber subscriber;

  @BeforeEach
  void startBroker() throws Exception {
    broker = new EmbeddedBroker("127.0.0.1", 0, null);
    broker.start();
    subscriber = Subscriber.on(broker.port());
    values.put("cardata.data-dir", dir.toString());
    values.put("cardata.sink.mqtt.url", "tcp://127.0.0.1:" + broker.port());
  }

  @AfterEach
  void stopAll() throws Exception {
    subscriber.close();
    context.close();
    broker.stop();
  }

  private void start(ShippedRoute file) throws Exception {
    Settings settings = Settings.defaults().with(values);
    Clock clock = Clock.systemUTC();
    Topics topics = new Topics(settings, clock);
    Properties properties = new Properties();
    for (String name : List.of("topic", "wanted")) {
      String key = "cardata.api.requests." + name;
      properties.put(key, RequestTopics.property(key, settings, clock));
    }
    context.getPropertiesComponent().setOverrideProperties(properties);
    context.getRegistry().bind("cardata-settings", settings);
    context.getRegistry().bind("topics", topics);
    context.getRegistry().bind("requestTopics", new RequestTopics(topics));
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:rest-action")
                .process(
                    e ->
                        e.getMessage()
                            .setBody(carryOut(e.getMessage().getBody(ActionRequest.class))));
          }
        });
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(ResourceHelper.fromString("rest-requests.camel.yaml", file.yaml()));
    context.start();
  }

  private ActionReply carryOut(ActionRequest request) {
    asked.add(request);
    Map<String, Object> data =
        request.action().equals("login")
            ? Map.of(
                "state", "pending", "userCode", "AB12CD34", "verificationUri", "https://x.test")
            : Map.of("values", 3);
    String error = request.problem();
    return new ActionReply(
        request.action(), error == null ? 200 : 400, data, error, request.transaction());
  }

  private void say(String topic, String payload, boolean retained) throws Exception {
    MqttClient client =
        new MqttClient("tcp://127.0.0.1:" + broker.port(), "somebody", new MemoryPersistence());
    client.connect();
    client.publish(topic, payload.getBytes(StandardCharsets.UTF_8), 1, retained);
    client.disconnect();
    client.close();
  }

  private void awaitConnection() {
    await()
        .atMost(Duration.ofSeconds(40))
        .until(context.getComponent("local-mqtt", LocalMqttComponent.class)::isConnected);
  }

  private JsonNode answer(String topic) throws Exception {
    await().atMost(Duration.ofSeconds(40)).until(() -> !subscriber.live(topic).isEmpty());
    return new ObjectMapper().readTree(subscriber.live(topic).get(0));
  }

  @Test
  void aRequestIsAnsweredOnTheTopicBesideIt() throws Exception {
    start(ShippedRoute.of("rest-requests"));
    awaitConnection();
    say("cardata/bridge/request/tyres", "{\"vin\":\"i4\",\"transaction\":\"7\"}", false);
    JsonNode answer = answer("cardata/bridge/response/tyres");
    assertThat(answer)
        .hasToString("{\"data\":{\"values\":3},\"status\":\"ok\",\"transaction\":\"7\"}");
    assertThat(asked.get(0).vin()).isEqualTo("i4");
    assertThat(subscriber.heard())
        .filteredOn(h -> h.topic().contains("response"))
        .noneMatch(Subscriber.Heard::retained);
    say("cardata/bridge/request/image", "{oops", false);
    assertThat(answer("cardata/bridge/response/image").path("status").asText()).isEqualTo("error");
  }

  @Test
  void anotherBaseHasItsOwnTopicsAndCodesStayHome() throws Exception {
    values.put("cardata.sink.mqtt.base-topic", "my/car");
    start(ShippedRoute.of("rest-requests"));
    awaitConnection();
    say("cardata/bridge/request/tyres", "", false);
    say("my/car/bridge/request/a/tyres", "", false);
    say("my/car/bridge/request/NO", "", false);
    say("my/car/bridge/request/login", "", false);
    assertThat(answer("my/car/bridge/response/login"))
        .hasToString(
            "{\"data\":{\"state\":\"pending\",\"where\":\"the code is on the bridge's page and in"
                + " its terminal\"},\"status\":\"ok\"}");
    assertThat(asked).extracting(ActionRequest::action).containsExactly("login");
  }

  @Test
  void whatTheBrokerKeptIsNotCarriedOut() throws Exception {
    say("cardata/bridge/request/tyres", "", true);
    start(ShippedRoute.of("rest-requests"));
    awaitConnection();
    say("cardata/bridge/request/image", "", false);
    answer("cardata/bridge/response/image");
    assertThat(asked).extracting(ActionRequest::action).containsExactly("image");
  }

  @Test
  void switchedOffOrWithoutTheSinkNobodyListens() {
    Clock clock = Clock.systemUTC();
    Settings on = Settings.defaults();
    String key = "cardata.api.requests.wanted";
    assertThat(RequestTopics.property(key, on, clock)).isEqualTo("true");
    for (String off : List.of("cardata.api.requests", "cardata.sink.mqtt.enabled")) {
      assertThat(RequestTopics.property(key, on.with(Map.of(off, "false")), clock))
          .isEqualTo("false");
    }
    assertThat(RequestTopics.property("cardata.api.requests", on, clock)).isNull();
  }

  @EditsRoute("rest-requests")
  void withoutTheLastStepItIsCarriedOutAndNobodyIsAnswered() throws Exception {
    start(ShippedRoute.of("rest-requests").without("id: to-response"));
    awaitConnection();
    say("cardata/bridge/request/tyres", "", false);
    await().atMost(Duration.ofSeconds(40)).until(() -> !asked.isEmpty());
    say("cardata/other", "after it", false);
    subscriber.awaitOn("cardata/other", "after it");
    assertThat(subscriber.live("cardata/bridge/response/tyres")).isEmpty();
  }
}
