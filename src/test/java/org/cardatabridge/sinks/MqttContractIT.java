// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sinks;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** The contract for {@code sink-mqtt}, against mosquitto. It takes whatever a car can say. */
class MqttContractIT extends SinkContract {

  private static final String PREFIX = "cardata.sink.mqtt.";

  @Override
  protected String sink() {
    return "mqtt";
  }

  @Override
  protected boolean isOnByDefault() {
    return true;
  }

  @Override
  protected SinkTarget target(Path directory) throws Exception {
    return new LocalBroker(
        directory,
        PREFIX,
        Map.of(
            PREFIX + "url", "no address",
            PREFIX + "base-topic", "a/#",
            PREFIX + "qos", "7",
            PREFIX + "ca-file", "/nowhere/ca.pem"),
        (heard, key) ->
            heard.topic().endsWith("/" + key.replace('.', '/') + "/value")
                ? Stream.of(Long.valueOf(heard.text()))
                : Stream.empty());
  }
}
