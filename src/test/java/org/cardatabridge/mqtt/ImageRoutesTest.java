// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.api.ImageResult;
import org.cardatabridge.api.ImageTopics;
import org.cardatabridge.api.Images;
import org.cardatabridge.api.Picture;
import org.cardatabridge.api.Purpose;
import org.cardatabridge.api.RestAction;
import org.cardatabridge.api.RestRequest;
import org.cardatabridge.api.RestVerdict;
import org.cardatabridge.decode.Vehicles;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.ShippedRoute;
import org.cardatabridge.testing.Subscriber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shipped routes that publish pictures, against the embedded broker. */
@Timeout(120)
class ImageRoutesTest {

  private static final ShippedRoute FILE = ShippedRoute.of("sink-mqtt-image");
  private static final String VIN = Events.VIN;
  private static final String TOPIC = "cardata/i4/image";
  private static final byte[] PNG =
      HexFormat.of().parseHex("89504e470d0a1a0a" + "6162" + "0000000049454e44ae426082");
  private static final String TEXT = new String(PNG, StandardCharsets.UTF_8);

  @TempDir Path dir;
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final Journal journal = Journal.temporary(Clock.systemUTC());
  private EmbeddedBroker broker;
  private Subscriber subscriber;
  private Images images;

  @BeforeEach
  void open() throws Exception {
    broker = new EmbeddedBroker("127.0.0.1", 0, null);
    broker.start();
    subscriber = Subscriber.on(broker.port());
  }

  @AfterEach
  void close() throws Exception {
    subscriber.close();
    context.close();
    broker.stop();
    journal.close();
  }

  private static ImageResult fetched() {
    return new ImageResult(
        RestRequest.of("main", RestAction.IMAGE, VIN, Purpose.REQUEST),
        RestVerdict.OK,
        List.of(),
        Picture.of(PNG),
        null);
  }

  private void start(ShippedRoute route) throws Exception {
    Map<String, String> values = new TreeMap<>();
    values.put("cardata.accounts", "main");
    values.put("cardata.data-dir", dir.toString());
    values.put("cardata.sink.mqtt.url", "tcp://127.0.0.1:" + broker.port());
    values.put("cardata.vehicle." + VIN + ".alias", "i4");
    Settings settings = Settings.of(values);
    Topics topics = new Topics(settings, Clock.systemUTC());
    images = new Images(dir);
    context.getRegistry().bind("cardata-settings", settings);
    context.getRegistry().bind("topics", topics);
    context
        .getRegistry()
        .bind(
            "imageTopics",
            new ImageTopics(images, topics, new Vehicles(settings), journal.newest()));
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(ResourceHelper.fromString("test.camel.yaml", route.yaml()));
    context.start();
  }

  private void awaitConnection() {
    LocalMqttComponent mqtt = context.getComponent("local-mqtt", LocalMqttComponent.class);
    await().atMost(Duration.ofSeconds(40)).until(mqtt::isConnected);
  }

  private void tellOfAPicture() {
    CarEvent event =
        new CarEvent(
            "main",
            VIN,
            "i4",
            "image.info",
            Map.of("type", "image/png"),
            null,
            Events.NOON,
            Events.NOON,
            "rest");
    AtomicBoolean kept = new AtomicBoolean();
    try {
      journal.publish(
          new CarMessage("main", "rest", "/x", Events.NOON, new byte[1], List.of(event)),
          false,
          failure -> kept.set(true));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    await().untilTrue(kept);
  }

  @Test
  void aFetchedPictureIsPublishedRetainedAsItIs() throws Exception {
    start(FILE);
    awaitConnection();

    context.createProducerTemplate().sendBody("direct:sink-mqtt-image", fetched());

    subscriber.awaitOn(TOPIC, TEXT);
    try (Subscriber later = Subscriber.on(broker.port())) {
      later.awaitOn(TOPIC, TEXT);
      assertThat(later.heard()).anyMatch(h -> h.topic().equals(TOPIC) && h.retained());
    }
  }

  @Test
  void aConnectionThatStandsGetsThePicturesOfTheDiskAndWhoeverAsksToo() throws Exception {
    tellOfAPicture();
    new Images(dir).save(fetched());

    start(FILE);

    subscriber.awaitOn(TOPIC, TEXT);
    context.createProducerTemplate().sendBody("local-mqtt:cardata/bridge/images", "please");
    await().atMost(Duration.ofSeconds(40)).until(() -> subscriber.live(TOPIC).size() >= 2);
  }

  @EditsRoute("sink-mqtt-image")
  void aStepPutInPublishesElsewhere() throws Exception {
    start(
        FILE.before("id: to-local-broker-image,", "- setBody: {constant: {expression: mine}}")
            .writing(
                "to-local-broker-image, uri: \"local-mqtt:publish\"",
                "to-local-broker-image, uri: \"local-mqtt:my/picture\""));
    awaitConnection();

    context.createProducerTemplate().sendBody("direct:sink-mqtt-image", fetched());

    subscriber.awaitOn("my/picture", "mine");
  }

  @EditsRoute("sink-mqtt-image-anew")
  void withoutItsListNothingIsPublishedAnew() throws Exception {
    tellOfAPicture();
    new Images(dir).save(fetched());
    start(FILE.without("method: vins"));
    awaitConnection();

    context.createProducerTemplate().sendBody("local-mqtt:my/end", "end");

    subscriber.awaitOn("my/end", "end");
    assertThat(subscriber.live(TOPIC)).isEmpty();
  }
}
