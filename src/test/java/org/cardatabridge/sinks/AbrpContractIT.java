// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sinks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.cardatabridge.CarEvent;

/**
 * The contract for {@code sink-abrp}, against the JDK's HTTP server. It tells of the newest state
 * only; here it is made to tell of each, without a pause.
 */
class AbrpContractIT extends SinkContract {

  private static final String PREFIX = "cardata.sink.abrp.";
  private static final String TOKEN = "tell-nobody-of-this-one";
  private static final String API_KEY = "nor-of-this-one";
  private static final long POISON = 987_654_321;

  private final Instant noon =
      Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofHours(2));

  @Override
  protected String sink() {
    return "abrp";
  }

  @Override
  protected String key(int test) {
    return "vehicle.vehicle.travelledDistance";
  }

  @Override
  protected Instant noon() {
    return noon;
  }

  @Override
  protected String route(String shipped) {
    return shipped.replace("batch: 500", "batch: 1").replaceAll("\n *gather: .*", "");
  }

  @Override
  protected SinkTarget target(Path directory) throws Exception {
    return new Planner();
  }

  private static final class Planner extends HttpTarget {

    private final ObjectMapper json = new ObjectMapper();
    private final List<Long> read = new CopyOnWriteArrayList<>();

    Planner() throws IOException {
      super("/1/tlm/send");
    }

    @Override
    protected void take(HttpExchange exchange) throws IOException {
      JsonNode told = json.readTree(exchange.getRequestBody().readAllBytes()).path("tlm");
      long odometer = told.path("odometer").asLong();
      boolean knows = ("token=" + TOKEN).equals(exchange.getRequestURI().getQuery());
      int status = !knows ? 401 : odometer == POISON ? 400 : 200;
      if (status == 200) {
        read.add(odometer);
      }
      // An answer with a body takes this server 40 ms.
      exchange.sendResponseHeaders(status, -1);
    }

    @Override
    public Map<String, String> settings() {
      return Map.of(
          PREFIX + "url",
          url() + "/1/tlm/send",
          PREFIX + "token",
          TOKEN,
          PREFIX + "api-key",
          API_KEY,
          PREFIX + "every",
          "1ms",
          PREFIX + "max-age",
          "30d");
    }

    @Override
    public Set<String> secrets() {
      return Set.of(TOKEN, API_KEY);
    }

    @Override
    public void begin() {
      read.clear();
    }

    @Override
    public List<Long> received(String key) {
      return List.copyOf(read);
    }

    @Override
    public Optional<CarEvent> poisoned(CarEvent good) {
      // It must be the newest when it comes, and not when the next one does.
      return Optional.of(
          new CarEvent(
              good.account(),
              good.vin(),
              good.vehicle(),
              good.key(),
              POISON,
              null,
              good.timestamp().plusMillis(4_500),
              good.received(),
              good.source()));
    }

    @Override
    public Map<String, String> badSettings() {
      return Map.of(
          PREFIX + "api-key", "",
          PREFIX + "token", "",
          PREFIX + "every", "often",
          PREFIX + "url", "nowhere",
          PREFIX + "ca-file", "/nowhere/ca.pem");
    }
  }
}
