// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sinks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.cardatabridge.testing.Ear;

/**
 * The contract for {@code sink-homeassistant}, against mosquitto. It tells which descriptors there
 * are and no values, so each data point is a new descriptor here, and 500 of them make a car. What
 * comes again counts once.
 */
class HomeAssistantContractIT extends SinkContract {

  private static final String MQTT = "cardata.sink.mqtt.";
  private static final String SINK = "cardata.sink.homeassistant.";
  private static final int DESCRIPTORS_OF_A_CAR = 500;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  protected String sink() {
    return "homeassistant";
  }

  @Override
  protected String route(String shipped) {
    return shipped.replace("gather: 5s", "gather: 100ms");
  }

  @Override
  protected String vin(long n) {
    return "WBY00TEST0000%04d".formatted(n / DESCRIPTORS_OF_A_CAR);
  }

  @Override
  protected String key(String key, long n) {
    return "%s.n%05d".formatted(key, n);
  }

  @Override
  protected SinkTarget target(Path directory) throws Exception {
    return new Announced(
        new LocalBroker(
            directory,
            MQTT,
            Map.of(
                MQTT + "url", "no address",
                SINK + "prefix", "a/#",
                SINK + "language", "fr",
                SINK + "entities", "/nowhere/table.yaml"),
            (heard, key) -> numbers(heard, key)));
  }

  /** The numbers of the descriptors of a device's message, in their order. */
  private static Stream<Long> numbers(Ear.Heard heard, String key) {
    if (!heard.topic().startsWith("homeassistant/device/cardata_") || heard.text().isEmpty()) {
      return Stream.empty();
    }
    try {
      JsonNode components = JSON.readTree(heard.text()).path("cmps");
      String of = key.replace('.', '_') + "_n";
      List<Long> numbers = new ArrayList<>();
      for (String id : names(components)) {
        if (id.startsWith(of)) {
          numbers.add(Long.valueOf(id.substring(of.length())));
        }
      }
      return numbers.stream().sorted();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Iterable<String> names(JsonNode node) {
    return node::fieldNames;
  }

  /** A broker of which every first announcement counts. */
  private record Announced(SinkTarget broker) implements SinkTarget {

    @Override
    public List<Long> received(String key) throws Exception {
      List<Long> first = new ArrayList<>();
      TreeSet<Long> seen = new TreeSet<>();
      for (Long number : broker.received(key)) {
        if (seen.add(number)) {
          first.add(number);
        }
      }
      return first;
    }

    @Override
    public boolean showsDoubles() {
      return false;
    }

    @Override
    public Map<String, String> settings() {
      return broker.settings();
    }

    @Override
    public java.util.Set<String> secrets() {
      return broker.secrets();
    }

    @Override
    public Map<String, String> badSettings() {
      return broker.badSettings();
    }

    @Override
    public void stop() throws Exception {
      broker.stop();
    }

    @Override
    public void kill() throws Exception {
      broker.kill();
    }

    @Override
    public void start() throws Exception {
      broker.start();
    }

    @Override
    public void close() throws IOException {
      broker.close();
    }
  }
}
