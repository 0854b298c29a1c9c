// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sinks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cardatabridge.CarEvent;
import org.cardatabridge.push.LineServer;

/** The contract for {@code sink-influxdb}, against InfluxDB 1. */
class InfluxDbContractIT extends SinkContract {

  private static final String PREFIX = "cardata.sink.influxdb.";

  /** The login as a request has it. */
  private static final String LOGIN = "bWU6cHc=";

  /** InfluxDB takes 65,535 bytes of tags. */
  private static final int TOO_LONG = 66_000;

  @Override
  protected String sink() {
    return "influxdb";
  }

  @Override
  protected SinkTarget target(Path directory) throws Exception {
    return new Database(
        LineServer.influxDb1(Files.createDirectories(directory.resolve("influxdb"))));
  }

  private record Database(LineServer server) implements SinkTarget {

    @Override
    public Map<String, String> settings() {
      return Map.of(
          PREFIX + "url",
          server.url(),
          PREFIX + "version",
          "1",
          PREFIX + "database",
          "cars",
          PREFIX + "username",
          "me",
          PREFIX + "password",
          "pw");
    }

    @Override
    public Set<String> secrets() {
      return Set.of(LOGIN);
    }

    @Override
    public void stop() {
      server.kill();
    }

    @Override
    public void kill() {
      server.kill();
    }

    @Override
    public void start() throws IOException {
      server.start();
    }

    /** By the car's time: a database of series knows no other order. */
    @Override
    public List<Long> received(String key) throws IOException {
      String query = "SELECT value FROM cardata WHERE \"key\" = '" + key + "'";
      JsonNode rows =
          server
              .json("/query?db=cars&q=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
              .at("/results/0/series/0/values");
      List<Long> values = new ArrayList<>();
      rows.forEach(row -> values.add(row.path(1).longValue()));
      return values;
    }

    @Override
    public boolean showsDoubles() {
      return false;
    }

    @Override
    public Optional<CarEvent> poisoned(CarEvent good) {
      return Optional.of(Poison.with(good, good.key() + "x".repeat(TOO_LONG), good.value()));
    }

    @Override
    public Map<String, String> badSettings() {
      return Map.of(
          PREFIX + "url", "",
          PREFIX + "database", "",
          PREFIX + "version", "9",
          PREFIX + "measurement", "#cars");
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
