// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cardatabridge.journal.SinkFilter;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;

/**
 * The settings below {@code cardata.sink.homeassistant.}. Immutable.
 *
 * @param prefix Home Assistant's discovery prefix, without a slash at the end
 * @param language {@code en} or {@code de}
 * @param table the entities
 * @param filter which cars and descriptors become entities
 * @param published which of them the local broker has at all
 * @param isPublished whether anything is published there
 */
record HomeAssistantSettings(
    String prefix,
    String language,
    EntityTable table,
    SinkFilter filter,
    SinkFilter published,
    boolean isPublished) {

  private static final String SINK = "cardata.sink.homeassistant.";

  /** A table of the user's own is looked for here, in the working directory. */
  static final Path USUAL_TABLE = Path.of("config", "homeassistant.yaml");

  /**
   * Reads them, and the table.
   *
   * @throws BadSettingException for what cannot be used, a row of the table among it
   */
  static HomeAssistantSettings of(Settings settings, Path workDir) {
    String prefix = settings.find(SINK + "prefix").orElse("homeassistant").replaceAll("/+$", "");
    if (prefix.isEmpty() || prefix.matches("(?s).*[+#$\\x00-\\x1f].*")) {
      throw new BadSettingException(
          SINK + "prefix",
          prefix,
          "a topic without +, # and $, as in Home Assistant's MQTT options");
    }
    String language = settings.find(SINK + "language").orElse("en");
    if (!List.of("en", "de").contains(language)) {
      throw new BadSettingException(SINK + "language", language, "en or de");
    }
    return new HomeAssistantSettings(
        prefix,
        language,
        table(settings, workDir),
        filter(settings, SINK),
        filter(settings, "cardata.sink.mqtt."),
        settings.find("cardata.sink.mqtt.enabled").filter("false"::equals).isEmpty());
  }

  private static EntityTable table(Settings settings, Path workDir) {
    Path named = settings.find(SINK + "entities").map(workDir::resolve).orElse(null);
    Path file = named != null ? named : workDir.resolve(USUAL_TABLE);
    if (named == null && !Files.exists(file)) {
      return EntityTable.shipped();
    }
    try {
      return EntityTable.with(file);
    } catch (BadTableException e) {
      throw new BadSettingException(SINK + "entities: " + e.getMessage());
    }
  }

  private static SinkFilter filter(Settings settings, String sink) {
    return SinkFilter.of(
        settings.find(sink + "include").orElse(""),
        settings.find(sink + "exclude").orElse(""),
        settings.find(sink + "vins").orElse(""));
  }

  /** Whether a car becomes a device. */
  boolean takes(Car car) {
    return filter.takes(car.vin(), car.vehicle()) && published.takes(car.vin(), car.vehicle());
  }

  /** Whether a descriptor becomes an entity. */
  boolean takes(String key) {
    return filter.takes(key) && published.takes(key);
  }
}
