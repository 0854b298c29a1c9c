// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sinks;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** The contract for {@code sink-homie}, against mosquitto. It takes whatever a car can say. */
class HomieContractIT extends SinkContract {

  private static final String PREFIX = "cardata.sink.mqtt.";

  @Override
  protected String sink() {
    return "homie";
  }

  @Override
  protected SinkTarget target(Path directory) throws Exception {
    return new LocalBroker(
        directory,
        PREFIX,
        Map.of(PREFIX + "url", "no address", "cardata.sink.homie.id", "Not valid"),
        (heard, key) ->
            heard.topic().endsWith("/" + key.replace("vehicle.", "").replace('.', '/'))
                    && heard.payload().length > 0
                ? Stream.of(Long.valueOf(heard.text()))
                : Stream.empty());
  }
}
