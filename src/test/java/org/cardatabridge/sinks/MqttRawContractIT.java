// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sinks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.cardatabridge.testing.Ear;

/** The contract for {@code sink-mqtt-raw}, against mosquitto. It takes any bytes. */
class MqttRawContractIT extends SinkContract {

  private static final String PREFIX = "cardata.sink.mqtt-raw.";
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  protected String sink() {
    return "mqtt-raw";
  }

  @Override
  protected SinkTarget target(Path directory) throws Exception {
    return new LocalBroker(
        directory,
        PREFIX,
        Map.of(PREFIX + "url", "no address", PREFIX + "prefix", "a/#"),
        MqttRawContractIT::value);
  }

  private static Stream<Long> value(Ear.Heard heard, String key) {
    if (!heard.topic().startsWith("bmw/raw/")) {
      return Stream.empty();
    }
    try {
      JsonNode value = JSON.readTree(heard.text()).path("data").path(key).path("value");
      return value.isMissingNode() ? Stream.empty() : Stream.of(value.longValue());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
