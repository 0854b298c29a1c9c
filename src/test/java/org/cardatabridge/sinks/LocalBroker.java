// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sinks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.cardatabridge.testing.Ear;
import org.cardatabridge.testing.Mosquitto;
import org.cardatabridge.testing.Passage;
import org.cardatabridge.testing.TestCertificates;

/**
 * A mosquitto that asks the bridge for a password, and a program that listens to it and is back
 * before the bridge is.
 */
final class LocalBroker implements SinkTarget {

  private static final String PASSWORD = "tell-nobody-of-this-one";

  private final String prefix;
  private final Map<String, String> bad;
  private final BiFunction<Ear.Heard, String, Stream<Long>> reader;
  private final Mosquitto mosquitto;
  private final Passage passage;
  private final Ear ear;
  private int before;

  /**
   * Starts it.
   *
   * @param prefix what the sink's settings begin with
   * @param reader finds a descriptor's value in what was heard
   */
  LocalBroker(
      Path dir,
      String prefix,
      Map<String, String> bad,
      BiFunction<Ear.Heard, String, Stream<Long>> reader)
      throws Exception {
    Mosquitto.assumeInstalled();
    this.prefix = prefix;
    this.bad = bad;
    this.reader = reader;
    mosquitto =
        Mosquitto.start(
            dir,
            List.of(
                "allow_anonymous true",
                "password_file " + TestCertificates.passwordFile(dir, "bridge", PASSWORD),
                // The passage acknowledges late, and the second of two confirmations would wait for
                // that.
                "set_tcp_nodelay true",
                "max_queued_messages 0",
                "max_inflight_messages 0"));
    passage = new Passage(mosquitto.port());
    ear = Ear.on(mosquitto.port());
  }

  @Override
  public Map<String, String> settings() {
    return Map.of(
        prefix + "url",
        "tcp://127.0.0.1:" + passage.port(),
        prefix + "username",
        "bridge",
        prefix + "password",
        PASSWORD);
  }

  @Override
  public Set<String> secrets() {
    return Set.of(PASSWORD);
  }

  @Override
  public Map<String, String> badSettings() {
    return bad;
  }

  @Override
  public void begin() {
    before = ear.size();
  }

  @Override
  public void stop() {
    passage.bar();
    mosquitto.stop();
  }

  @Override
  public void kill() {
    mosquitto.kill();
    passage.bar();
  }

  @Override
  public void start() throws Exception {
    mosquitto.start();
    ear.listen();
    passage.unbar();
  }

  @Override
  public List<Long> received(String key) {
    return ear.heard().stream()
        .skip(before)
        .filter(heard -> !heard.retained())
        .flatMap(heard -> reader.apply(heard, key))
        .toList();
  }

  @Override
  public void close() throws IOException {
    ear.close();
    passage.close();
    mosquitto.close();
  }
}
