// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sinks;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** The contract for {@code sink-evcc}, against mosquitto. It takes whatever a car can say. */
class EvccContractIT extends SinkContract {

  private static final String PREFIX = "cardata.sink.mqtt.";

  @Override
  protected String sink() {
    return "evcc";
  }

  @Override
  protected String key(int test) {
    return "vehicle.vehicle.travelledDistance";
  }

  @Override
  protected SinkTarget target(Path directory) throws Exception {
    return new LocalBroker(
        directory,
        PREFIX,
        Map.of(PREFIX + "url", "no address", PREFIX + "qos", "7"),
        (heard, key) ->
            heard.topic().endsWith("/evcc/odometer")
                ? Stream.of(Long.valueOf(heard.text()))
                : Stream.empty());
  }
}
