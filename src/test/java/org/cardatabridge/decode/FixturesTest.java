// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cardatabridge.CarEvent;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each message in {@code payloads} gives the points in the file of its name below {@code
 * payloads/points}. {@code -Dgolden.rewrite} writes those files; people read the difference.
 */
class FixturesTest {

  private static final Path PAYLOADS = Path.of("src/test/resources/payloads");
  private static final Path GOLDEN = PAYLOADS.resolve("points");

  static Stream<String> messages() throws IOException {
    try (Stream<Path> files = Files.list(PAYLOADS)) {
      return files
          .map(p -> p.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aMessageGivesExactlyThesePoints(String name) throws IOException {
    Decoded decoded =
        new Decoder()
            .decode(Points.payload(name), "main", "stream", "gcid/WBY00TEST00000098", Points.NOW);
    List<CarEvent> points = Points.flatten(decoded.points(), Points.settings());
    String text =
        points.stream().map(p -> line(p, decoded)).collect(Collectors.joining("\n", "", "\n"));
    Path golden = GOLDEN.resolve(name.replace(".json", ".txt"));
    if (System.getProperty("golden.rewrite") != null) {
      Files.createDirectories(GOLDEN);
      Files.writeString(golden, text);
    }

    assertThat(text).isEqualTo(Files.readString(golden, StandardCharsets.UTF_8));
  }

  private static String line(CarEvent p, Decoded decoded) {
    Object value = p.value();
    String type =
        value == null || value instanceof Map || value instanceof List
            ? ""
            : " (" + value.getClass().getSimpleName() + ")";
    TimeOrigin origin = decoded.otherwiseTimed().getOrDefault(p.key(), TimeOrigin.ENTRY);
    return p.vin()
        + " "
        + p.key()
        + " = "
        + value
        + type
        + " "
        + p.unit()
        + " at "
        + p.timestamp()
        + " "
        + (p.source().equals("derived") ? "derived" : origin);
  }
}
