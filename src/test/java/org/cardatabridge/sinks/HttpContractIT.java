// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sinks;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.cardatabridge.CarEvent;

/** The contract for {@code sink-http}, against the JDK's HTTP server. */
class HttpContractIT extends SinkContract {

  private static final String PREFIX = "cardata.sink.http.";
  private static final String TOKEN = "tell-nobody-of-this-one";
  private static final String SECRET = "nor-of-this-one";
  private static final String IN_THE_URL = "least-of-all-of-this-one";

  @Override
  protected String sink() {
    return "http";
  }

  @Override
  protected SinkTarget target(Path directory) throws Exception {
    return new Hook();
  }

  private static final class Hook extends HttpTarget {

    private final List<String> read = new CopyOnWriteArrayList<>();

    Hook() throws IOException {
      super("/cars");
    }

    @Override
    protected void take(HttpExchange exchange) throws IOException {
      String json = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      boolean refuses = json.contains("\"value\":\"poison\"");
      if (!refuses) {
        read.add(json);
      }
      exchange.sendResponseHeaders(refuses ? 422 : 204, -1);
    }

    @Override
    public Map<String, String> settings() {
      return Map.of(
          PREFIX + "url",
          url() + "/cars?key=" + IN_THE_URL,
          PREFIX + "token",
          TOKEN,
          PREFIX + "secret",
          SECRET);
    }

    @Override
    public Set<String> secrets() {
      return Set.of(TOKEN, SECRET, IN_THE_URL);
    }

    @Override
    public List<Long> received(String key) {
      return read.stream().flatMap(json -> StoredLines.value(json, key)).toList();
    }

    @Override
    public Optional<CarEvent> poisoned(CarEvent good) {
      return Optional.of(Poison.with(good, good.key(), "poison"));
    }

    @Override
    public Map<String, String> badSettings() {
      return Map.of(
          PREFIX + "url", "",
          PREFIX + "batch", "many",
          PREFIX + "secret", "whsec_!!",
          PREFIX + "ca-file", "/nowhere/ca.pem");
    }
  }
}
