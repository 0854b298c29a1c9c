// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarEventJson;
import org.cardatabridge.highmobility.Facts;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each message in {@code payloads/highmobility} gives the events in the file of its name below
 * {@code events}, one a line. {@code -Dgolden.rewrite} writes those files; people read the
 * difference.
 */
class HighMobilityFixturesTest {

  private static final Path PAYLOADS = Path.of("src/test/resources/payloads/highmobility");
  private static final String TOPIC =
      "live/level13/0A1B2C3D4E5F60718293A4B5/WBA00TEST00000029/climate/get/humidity";

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
  void aMessageGivesExactlyTheseEvents(String name) throws IOException {
    Decoded decoded =
        new HighMobilityDecoder(new Facts(), true)
            .decode(
                Points.payload("highmobility/" + name), "fleet", "highmobility", TOPIC, Points.NOW);
    assertThat(decoded.unreadable()).isNull();
    List<CarEvent> events = Points.flatten(decoded.points(), Points.settings());
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    CarEventJson.lines(events, lines);
    Path golden = PAYLOADS.resolve("events").resolve(name.replace(".json", ".ndjson"));
    if (System.getProperty("golden.rewrite") != null) {
      Files.createDirectories(golden.getParent());
      Files.write(golden, lines.toByteArray());
    }

    assertThat(lines.toString(StandardCharsets.UTF_8))
        .isEqualTo(Files.readString(golden, StandardCharsets.UTF_8));
  }
}
