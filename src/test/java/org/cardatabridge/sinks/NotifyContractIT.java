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
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.cardatabridge.CarEvent;
import org.cardatabridge.testing.ShippedRoute;

/**
 * The contract for {@code sink-notify}, by a Telegram bot on the JDK's HTTP server. A rule is put
 * in that says every value, as the shipped ones are silent by intention.
 */
class NotifyContractIT extends SinkContract {

  private static final String PREFIX = "cardata.sink.notify.";
  private static final String TOKEN = "4711:tell-nobody-of-this-one";

  @Override
  protected String sink() {
    return "notify";
  }

  @Override
  protected SinkTarget target(Path directory) throws Exception {
    return new Bot();
  }

  @Override
  protected String route(String shipped) {
    return ShippedRoute.of("sink-notify")
        .after(
            "method: tyreLow",
            """
            - bean:
                ref: notifyCars
                method: "say(${body}, 'each', '${body.key}=${body.value};')"
            """)
        .yaml();
  }

  private static final class Bot extends HttpTarget {

    private final List<String> read = new CopyOnWriteArrayList<>();

    Bot() throws IOException {
      super("/bot" + TOKEN + "/sendMessage");
    }

    @Override
    protected void take(HttpExchange exchange) throws IOException {
      String json = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      boolean refuses = json.contains("poison");
      if (!refuses) {
        read.add(json);
      }
      byte[] answer =
          (refuses
                  ? "{\"ok\":false,\"description\":\"Bad Request: can't parse entities\"}"
                  : "{\"ok\":true,\"result\":{}}")
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(refuses ? 400 : 200, answer.length);
      exchange.getResponseBody().write(answer);
    }

    @Override
    public Map<String, String> settings() {
      return Map.of(
          PREFIX + "telegram.url",
          url(),
          PREFIX + "telegram.token",
          TOKEN,
          PREFIX + "telegram.chat-id",
          "42",
          PREFIX + "group-for",
          "100ms",
          PREFIX + "max-age",
          "36500d",
          // The bridge of these tests has no account, and would say so.
          PREFIX + "login-needed.enabled",
          "false");
    }

    @Override
    public Set<String> secrets() {
      return Set.of(TOKEN);
    }

    @Override
    public List<Long> received(String key) {
      Pattern value = Pattern.compile(Pattern.quote(key) + "=(\\d+);");
      return read.stream()
          .flatMap(text -> value.matcher(text).results())
          .map((MatchResult found) -> Long.valueOf(found.group(1)))
          .toList();
    }

    @Override
    public Optional<CarEvent> poisoned(CarEvent good) {
      return Optional.of(Poison.with(good, good.key(), "poison"));
    }

    @Override
    public Map<String, String> badSettings() {
      return Map.of(
          PREFIX + "telegram.chat-id", "",
          PREFIX + "zone", "Munich",
          PREFIX + "quiet-hours", "at night",
          PREFIX + "urgent", "all rules!",
          PREFIX + "left-unlocked.after", "soon",
          PREFIX + "tyre-low.below", "250",
          PREFIX + "ntfy.url", "https://ntfy.sh",
          PREFIX + "ca-file", "/nowhere/ca.pem");
    }
  }
}
