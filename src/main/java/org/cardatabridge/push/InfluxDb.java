// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.push;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import org.apache.camel.Body;
import org.cardatabridge.CarEvent;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;

/**
 * What {@code routes/sink-influxdb.camel.yaml} asks of Java: lines, the place they go to, and what
 * the answer means. Immutable and safe for use by many threads.
 */
public final class InfluxDb {

  private static final String PREFIX = "cardata.sink.influxdb.";

  private final LineProtocol protocol;
  private final boolean first;
  private final String query;
  private final String authorization;
  private final PushAnswer answer;

  /** What a sink that is off need not mind; null where all is well. */
  private final BadSettingException problem;

  /**
   * As the settings below {@code cardata.sink.influxdb.} say.
   *
   * @throws BadSettingException where the sink is switched on and one is missing or of no use
   */
  public InfluxDb(Settings settings, Clock clock) {
    String version = settings.find(PREFIX + "version").orElse("2");
    first = version.equals("1");
    boolean isOn = settings.find(PREFIX + "enabled").filter("true"::equalsIgnoreCase).isPresent();
    if (isOn) {
      checkPresent(settings, "url", version);
      checkPresent(settings, first ? "database" : "bucket", version);
      if (version.equals("2")) {
        checkPresent(settings, "org", version);
      }
    }
    String measurement = settings.find(PREFIX + "measurement").orElse("cardata");
    if (measurement.startsWith("#") || measurement.chars().anyMatch(Character::isISOControl)) {
      problem =
          new BadSettingException(
              PREFIX + "measurement", measurement, "a name that does not begin with #");
      if (isOn) {
        throw problem;
      }
    } else {
      problem = null;
    }
    protocol = new LineProtocol(measurement);
    query = query(settings);
    authorization = authorization(settings);
    answer =
        new PushAnswer(
            "Writing to InfluxDB",
            "check "
                + PREFIX
                + (first
                    ? "url, .database, .username and .password"
                    : "url, .org, .bucket and .token"),
            true,
            clock);
  }

  private static void checkPresent(Settings settings, String name, String version) {
    if (settings.find(PREFIX + name).isEmpty()) {
      throw new BadSettingException(
          PREFIX
              + name
              + ": got nothing, takes a value while "
              + PREFIX
              + "enabled is true and "
              + PREFIX
              + "version is "
              + version);
    }
  }

  private String query(Settings settings) {
    if (first) {
      return "db=" + encoded(settings, "database") + "&precision=u";
    }
    String org = encoded(settings, "org");
    return (org.isEmpty() ? "" : "org=" + org + "&")
        + "bucket="
        + encoded(settings, "bucket")
        + "&precision=us";
  }

  private static String encoded(Settings settings, String name) {
    String text = settings.find(PREFIX + name).orElse("");
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String authorization(Settings settings) {
    String token = settings.find(PREFIX + "token").orElse("");
    if (!token.isEmpty()) {
      return "Token " + token;
    }
    String user = settings.find(PREFIX + "username").orElse("");
    if (user.isEmpty()) {
      return null;
    }
    String login = user + ":" + settings.find(PREFIX + "password").orElse("");
    return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Those that have a value: "not available now" is no value that a database could hold.
   *
   * @throws BadSettingException where a setting is of no use
   */
  public List<CarEvent> known(@Body List<CarEvent> events) {
    if (problem != null) {
      throw problem;
    }
    return events.stream().filter(event -> event.value() != null).toList();
  }

  /**
   * Their lines in UTF-8.
   *
   * @throws org.cardatabridge.journal.EventRefusedException for what the protocol cannot express
   */
  public byte[] lines(@Body List<CarEvent> events) {
    return protocol.lines(events).getBytes(StandardCharsets.UTF_8);
  }

  /** The write API below the base URL. */
  public String path() {
    return first ? "/write" : "/api/v2/write";
  }

  /** Where to write to, and that times are in microseconds. */
  public String query() {
    return query;
  }

  /** The value of the header {@code Authorization}, a secret; null where there is no login. */
  public String authorization() {
    return authorization;
  }

  /**
   * Returns where the database took the lines.
   *
   * @param status null where the server sent none
   * @param retryAfter the header; null where the server sent none
   * @param body null where the server sent none
   * @throws org.cardatabridge.journal.EventRefusedException where it will never take one of them
   * @throws org.cardatabridge.journal.TryLaterException where it takes none for now
   * @throws IOException for other trouble
   */
  public void check(Integer status, String retryAfter, byte[] body) throws IOException {
    answer.check(status, retryAfter, body);
  }
}
