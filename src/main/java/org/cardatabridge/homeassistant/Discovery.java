// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One device's discovery message before it is written. Its components have their ids for keys.
 * Immutable once made.
 *
 * @param topic where Home Assistant looks for it
 * @param device the {@code dev} part
 * @param components the {@code cmps} part: each has a platform {@code p}
 */
record Discovery(
    String topic, Map<String, Object> device, Map<String, Map<String, Object>> components) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The topic of a device below Home Assistant's prefix. */
  static String topic(String prefix, String deviceId) {
    return prefix + "/device/" + deviceId + "/config";
  }

  /** The platform of each component. */
  Map<String, String> platforms() {
    Map<String, String> platforms = new LinkedHashMap<>();
    components.forEach((id, component) -> platforms.put(id, (String) component.get("p")));
    return platforms;
  }

  /**
   * The message.
   *
   * @param version of this bridge
   * @param gone components that were announced and are no more, with their platforms
   */
  String json(String version, Map<String, String> gone) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("dev", device);
    Map<String, Object> origin = new LinkedHashMap<>();
    origin.put("name", "cardata-bridge");
    origin.put("sw", version);
    all.put("o", origin);
    Map<String, Object> both = new LinkedHashMap<>(components);
    gone.forEach((id, platform) -> both.putIfAbsent(id, Map.of("p", platform)));
    all.put("cmps", both);
    try {
      return JSON.writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("writing texts and numbers as JSON", e);
    }
  }
}
