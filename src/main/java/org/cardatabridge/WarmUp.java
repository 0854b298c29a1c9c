// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.cardatabridge.decode.Catalogue;
import org.cardatabridge.decode.Decoder;
import org.eclipse.paho.mqttv5.client.internal.NetworkModuleService;
import org.eclipse.paho.mqttv5.client.logging.LoggerFactory;
import org.slf4j.Logger;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;

/**
 * Has classes initialised whose first use takes long, while those before them in a start are at
 * work: nothing but time depends on it. Whoever needs one meanwhile waits for it no longer than it
 * would have taken. docs/decisions/006-start-and-memory.md says what each of them took.
 */
final class WarmUp {

  private static final Logger LOG = org.slf4j.LoggerFactory.getLogger(WarmUp.class);

  private static final String ROUTE =
      "- route:\n    from:\n      uri: direct:a # b\n      steps:\n        - bean: {ref: \"c\"}\n";

  private static final byte[] MESSAGE =
      ("{\"vin\":\"WBA00000000000000\",\"data\":{\"vehicle.vehicle.travelledDistance\":"
              + "{\"value\":\"1\",\"unit\":\"km\",\"timestamp\":\"2026-01-01T00:00:00Z\"}}}")
          .getBytes(StandardCharsets.UTF_8);

  private WarmUp() {}

  /** Returns when all of them are; for a thread that has time. */
  static void run() {
    try {
      useEach();
    } catch (RuntimeException e) {
      LOG.debug("Warming up; whoever needs it next says what is wrong", e);
    }
  }

  static void useEach() {
    // Paho reads its texts and its services out of a signed jar, whose signature is checked then.
    LoggerFactory.getLogger(LoggerFactory.MQTT_CLIENT_MSG_CAT, WarmUp.class.getName());
    NetworkModuleService.validateURI("ssl://localhost");
    // Jackson makes its first formats of dates.
    new ObjectMapper().createObjectNode();
    new Compose(LoadSettings.builder().build()).composeAllFromString(ROUTE).forEach(node -> {});
    new Catalogue()
        .type(new Decoder().decode(MESSAGE, "main", "stream", "", Instant.EPOCH).points());
  }
}
