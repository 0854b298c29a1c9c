// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.decode.FlattenBeans;
import org.cardatabridge.journal.EventsComponent;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the documents tell a user to paste, pasted. */
@Timeout(120)
class DocumentedRoutesTest {

  private static final Pattern BLOCK = Pattern.compile("(?s)```yaml\n(.*?)```");
  private static final String HERE = "vehicle.cabin.infotainment.navigation.currentLocation.";

  @TempDir Path folder;
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final Journal journal = Journal.temporary(Clock.systemUTC());
  private final List<String> posted = new CopyOnWriteArrayList<>();
  private HttpServer target;

  @AfterEach
  void stop() {
    context.stop();
    journal.close();
    if (target != null) {
      target.stop(0);
    }
  }

  private static List<String> blocks(Path document) throws IOException {
    List<String> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(document));
    while (block.find()) {
      // A part of compose.yaml is no route.
      if (!block.group(1).stripLeading().startsWith("environment:")) {
        blocks.add(block.group(1));
      }
    }
    return blocks;
  }

  private static String onlyBlock(String document) throws IOException {
    assertThat(blocks(Path.of(document))).hasSize(1);
    return blocks(Path.of(document)).get(0);
  }

  private void load(Map<String, String> files) throws Exception {
    FlattenBeans beans = new FlattenBeans(Settings.of(Map.of()), Clock.systemUTC());
    beans.byName().forEach(context.getRegistry()::bind);
    EventsComponent events = new EventsComponent();
    events.setJournal(journal);
    context.addComponent("events", events);
    context.start();
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(folder.resolve(file.getKey() + RouteFolder.SUFFIX), file.getValue());
    }
    assertThat(
            new RouteFolder(context, new AccountRoutes(context, List.of("main")))
                .load(RouteFolder.Choice.all(folder), () -> {}))
        .hasSize(files.size())
        .allSatisfy(file -> assertThat(file.problem()).isNull());
  }

  private void send(String json) {
    Exchange sent =
        context
            .createProducerTemplate()
            .send(
                "direct:flatten",
                exchange -> {
                  exchange.getMessage().setBody(json.getBytes(StandardCharsets.UTF_8));
                  exchange.setProperty(CarMessage.ACCOUNT, "main");
                  exchange.setProperty(CarMessage.TOPIC, "gcid/WBY00TEST00000001");
                });
    assertThat(sent.getException()).isNull();
  }

  @Test
  void noDocumentHasABlockThatIsNotTriedHere() throws IOException {
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      for (Path doc : docs.filter(d -> d.toString().endsWith(".md")).toList()) {
        boolean tried = doc.endsWith("decode.md");
        // RouteTestsTest runs the two of that document.
        int blocks = doc.endsWith("testing-routes.md") ? 2 : tried ? 1 : 0;
        assertThat(blocks(doc)).as(doc.toString()).hasSize(blocks);
      }
    }
  }

  private void listen() throws IOException {
    target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    target.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          String query = exchange.getRequestURI().getQuery();
          posted.add(query == null ? body : exchange.getRequestMethod() + " " + query + " " + body);
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    target.start();
  }

  @ParameterizedTest
  @CsvSource({
    "hook,src/main/resources/org/cardatabridge/cli/sink.camel.yaml",
    "webhook,routes/examples/sink-webhook.camel.yaml",
    "node-red,routes/examples/sink-node-red.camel.yaml",
    "speed,routes/examples/sink-speed.camel.yaml"
  })
  void anAddressWithAQueryInTheSettingIsPostedTo(String name, Path file) throws Exception {
    listen();
    String sink = "cardata.sink." + name;
    context.getPropertiesComponent().addInitialProperty(sink + ".enabled", "true");
    context
        .getPropertiesComponent()
        .addInitialProperty(
            sink + ".url",
            "http://localhost:" + target.getAddress().getPort() + "/env?token=abc&x=1");
    load(
        Map.of(
            "flatten",
            ShippedRoute.of("flatten").yaml(),
            "sink",
            Files.readString(file).replace("@name@", name)));

    send("{\"data\":{\"vehicle.vehicle.avgSpeed\":{\"value\":\"150\",\"unit\":\"km/h\"}}}");

    await().until(() -> posted.size() == 1);
    assertThat(posted.get(0)).startsWith("POST token=abc&x=1 ").contains("150");
  }

  @Test
  void theSinkOfTheReadmePostsEachPoint() throws Exception {
    listen();
    String readme = onlyBlock("README.md");
    assertThat(readme).contains("http://localhost:9000");
    load(
        Map.of(
            "flatten",
            ShippedRoute.of("flatten").yaml(),
            "sink-hook",
            readme.replace(":9000", ":" + target.getAddress().getPort())));

    send("{\"data\":{\"vehicle.vehicle.travelledDistance\":{\"value\":\"7\",\"unit\":\"km\"}}}");

    await().until(() -> posted.equals(List.of("vehicle.vehicle.travelledDistance=7 km")));
  }

  @Test
  void theRecipeThatTreatsPointsOneByOneKeepsTheMessageOne() throws Exception {
    load(
        Map.of(
            "flatten",
            ShippedRoute.of("flatten")
                .before("ref: positions", onlyBlock("docs/decode.md").stripTrailing().stripIndent())
                .yaml()));
    String message =
        """
        {"data":{"vehicle.vehicle.avgSpeed":{"value":"250"},"vehicle.isMoving":{"value":"true"},
         "%slatitude":{"value":"48.0"},"%slongitude":{"value":11}}}\
        """
            .formatted(HERE, HERE);
    List<Object> points = new CopyOnWriteArrayList<>();
    List<byte[]> messages = new CopyOnWriteArrayList<>();
    reader("events:points", points);
    reader("events:messages?of=messages", messages);

    send(message);
    send("{\"data\":{\"vehicle.vehicle.avgSpeed\":{\"value\":\"251\"}}}");
    send("{\"data\":{\"vehicle.vehicle.avgSpeed\":{\"value\":\"80\"}}}");

    await().until(() -> points.size() == 5 && messages.size() == 3);
    assertThat(points)
        .extracting(point -> ((CarEvent) point).key())
        .containsExactly(
            "vehicle.isMoving",
            HERE + "latitude",
            HERE + "longitude",
            "location",
            "vehicle.vehicle.avgSpeed");
    assertThat(messages.get(0)).asString(StandardCharsets.UTF_8).isEqualTo(message);
    assertThat(journal.snapshot().unparsed()).isZero();
  }

  private <T> void reader(String uri, List<T> into) throws Exception {
    context.addRoutes(
        new org.apache.camel.builder.RouteBuilder() {
          @Override
          @SuppressWarnings("unchecked") // each list takes what its endpoint hands over
          public void configure() {
            from(uri).process(exchange -> into.add((T) exchange.getMessage().getBody()));
          }
        });
  }
}
