// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.cardatabridge.disk.PrivateFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was announced to Home Assistant, and which descriptors were seen, in a file of the data
 * directory: so that it can be taken back after a restart, and no entity is forgotten. Not safe for
 * use by many threads.
 */
final class Memory {

  private static final Logger LOG = LoggerFactory.getLogger(Memory.class);
  private static final String FILE = "homeassistant.json";

  private final Path file;
  private final ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private final Map<String, Map<String, String>> announced = new TreeMap<>();
  private byte[] written = new byte[0];

  /** In this data directory; reads nothing yet. */
  Memory(Path dataDir) {
    this.file = dataDir.resolve(FILE);
  }

  /** Whether an earlier process left something announced. */
  static boolean isThere(Path dataDir) {
    return Files.exists(dataDir.resolve(FILE));
  }

  /** The components that were announced on each topic, by id, with their platform. */
  Map<String, Map<String, String>> announced() {
    return announced;
  }

  /** Reads the file; the cars that were seen. A file that cannot be read counts as none. */
  Collection<Car> read() {
    Map<String, Car> cars = new LinkedHashMap<>();
    if (!Files.exists(file)) {
      return cars.values();
    }
    try {
      JsonNode root = json.readTree(file.toFile());
      root.path("announced")
          .properties()
          .forEach(
              topic -> {
                Map<String, String> components = new TreeMap<>();
                topic
                    .getValue()
                    .properties()
                    .forEach(c -> components.put(c.getKey(), c.getValue().asText()));
                announced.put(topic.getKey(), components);
              });
      root.path("cars")
          .properties()
          .forEach(entry -> cars.put(entry.getKey(), car(entry.getKey(), entry.getValue())));
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn(
          "Reading {}: {} — entities are announced anew as their values come; those of cars that are"
              + " gone have to be deleted in Home Assistant",
          file,
          e.getClass().getSimpleName());
    }
    return cars.values();
  }

  private static Car car(String vin, JsonNode node) {
    Car car = new Car(vin, node.path("account").asText("main"), vin);
    node.path("seen")
        .properties()
        .forEach(
            seen ->
                car.remember(
                    seen.getKey(),
                    new Sighting(
                        seen.getValue().path("unit").asText(null),
                        Sighting.Kind.valueOf(
                            seen.getValue().path("kind").asText().toUpperCase(Locale.ROOT)),
                        null)));
    Map<String, String> basicData = new TreeMap<>();
    node.path("basicData")
        .properties()
        .forEach(field -> basicData.put(field.getKey(), field.getValue().asText()));
    car.remember(basicData);
    return car;
  }

  /**
   * Writes all of it, unless the file has it already.
   *
   * @throws IOException where the disk does not take it
   */
  void write(Collection<Car> cars) throws IOException {
    ObjectNode root = json.createObjectNode();
    root.put("version", 1);
    ObjectNode all = root.putObject("cars");
    for (Car car : cars) {
      ObjectNode node = all.putObject(car.vin());
      node.put("account", car.account());
      if (!car.basicData().isEmpty()) {
        ObjectNode basicData = node.putObject("basicData");
        car.basicData().forEach(basicData::put);
      }
      ObjectNode seen = node.putObject("seen");
      car.seen()
          .forEach(
              (key, sighting) -> {
                ObjectNode one = seen.putObject(key);
                if (sighting.unit() != null) {
                  one.put("unit", sighting.unit());
                }
                one.put("kind", sighting.kind().name().toLowerCase(Locale.ROOT));
              });
    }
    ObjectNode topics = root.putObject("announced");
    announced.forEach((topic, components) -> components.forEach(topics.putObject(topic)::put));
    byte[] bytes = json.writeValueAsBytes(root);
    if (!java.util.Arrays.equals(bytes, written)) {
      new PrivateFile(file).replace(bytes);
      written = bytes;
    }
  }

  /** Deletes the file: nothing is announced any more. */
  void forget() throws IOException {
    announced.clear();
    written = new byte[0];
    Files.deleteIfExists(file);
  }
}
