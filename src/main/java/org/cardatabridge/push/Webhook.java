// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.push;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarEventJson;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;

/**
 * What {@code routes/sink-http.camel.yaml} asks of Java: JSON, headers, the signature of the
 * Standard Webhooks, and what the answer means. Immutable and safe for use by many threads.
 */
public final class Webhook {

  private static final String PREFIX = "cardata.sink.http.";
  private static final String HEADER = PREFIX + "header.";
  private static final String ENCODED_SECRET = "whsec_";
  private static final String HMAC = "HmacSHA256";
  private static final int ID_LENGTH = 32;

  /** What the connection or the signature says. */
  private static final Set<String> TAKEN =
      Set.of(
          "host",
          "connection",
          "content-length",
          "content-encoding",
          "transfer-encoding",
          "upgrade",
          "te",
          "trailer",
          "webhook-id",
          "webhook-timestamp",
          "webhook-signature");

  private final Clock clock;
  private final String url;
  private final Map<String, String> headers;
  private final SecretKeySpec key;
  private final PushAnswer answer;

  /** What a sink that is off need not mind; null where all is well. */
  private final BadSettingException problem;

  /**
   * As the settings below {@code cardata.sink.http.} say.
   *
   * @throws BadSettingException where the sink is switched on without a URL, or with one of no use
   */
  public Webhook(Settings settings, Clock clock) {
    this.clock = clock;
    boolean isOn = settings.find(PREFIX + "enabled").filter("true"::equalsIgnoreCase).isPresent();
    if (isOn && settings.find(PREFIX + "url").isEmpty()) {
      throw new BadSettingException(
          PREFIX + "url: got nothing, takes a URL while " + PREFIX + "enabled is true");
    }
    url = settings.find(PREFIX + "url").orElse("").replaceFirst("#.*", "");
    Map<String, String> headers = Map.of();
    SecretKeySpec key = null;
    BadSettingException problem = null;
    try {
      headers = headers(settings);
      key = settings.find(PREFIX + "secret").map(Webhook::key).orElse(null);
    } catch (BadSettingException e) {
      if (isOn) {
        throw e;
      }
      problem = e;
    }
    this.headers = headers;
    this.key = key;
    this.problem = problem;
    answer =
        new PushAnswer(
            "Posting to the webhook", "check " + PREFIX + "url, .token and .secret", false, clock);
  }

  private static Map<String, String> headers(Settings settings) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    settings.find(PREFIX + "token").ifPresent(t -> headers.put("Authorization", "Bearer " + t));
    for (String setting : settings.asMap().keySet()) {
      if (setting.startsWith(HEADER)) {
        String name = setting.substring(HEADER.length());
        settings.find(setting).ifPresent(value -> add(headers, setting, name, value));
      }
    }
    return headers;
  }

  private static void add(Map<String, String> to, String setting, String name, String value) {
    if (TAKEN.contains(name.toLowerCase(Locale.ROOT)) || to.containsKey(name)) {
      throw new BadSettingException(
          setting + ": this header is set by the bridge itself — leave the setting out");
    }
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw new BadSettingException(setting + ": takes one line without control characters");
    }
    to.put(name, value);
  }

  private static SecretKeySpec key(String secret) {
    if (!secret.startsWith(ENCODED_SECRET)) {
      return new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC);
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(secret.substring(ENCODED_SECRET.length()));
      return new SecretKeySpec(bytes, HMAC);
    } catch (IllegalArgumentException e) {
      throw new BadSettingException(
          PREFIX + "secret: begins with whsec_, so takes Base64 behind it");
    }
  }

  /**
   * A {@link CarEvent} as one JSON object, a list of them as a JSON array, in UTF-8.
   *
   * @throws IllegalArgumentException for a body that is neither
   * @throws BadSettingException where a setting is of no use
   */
  public byte[] json(@Body Object body) {
    if (problem != null) {
      throw problem;
    }
    if (body instanceof CarEvent event) {
      return CarEventJson.object(event);
    }
    if (body instanceof List<?> list && list.stream().allMatch(CarEvent.class::isInstance)) {
      return CarEventJson.list(list.stream().map(CarEvent.class::cast).toList());
    }
    throw new IllegalArgumentException(
        "Writing JSON for the webhook: the body is neither a CarEvent nor a list of them");
  }

  /** Where to post to, without its query. */
  public String url() {
    int at = url.indexOf('?');
    return at < 0 ? url : url.substring(0, at);
  }

  /** The URL's query as it was written, perhaps a secret; null where there is none. */
  public String query() {
    int at = url.indexOf('?');
    return at < 0 ? null : url.substring(at + 1);
  }

  /** Sets the headers that the settings name, the bearer token among them. */
  public void headers(Exchange exchange) {
    headers.forEach(exchange.getMessage()::setHeader);
  }

  /**
   * Sets an id that is the same each time the same body is sent, the time, and, where there is a
   * secret, the signature over id, time and the body's bytes.
   */
  public void sign(Exchange exchange) throws GeneralSecurityException {
    byte[] body = exchange.getMessage().getBody(byte[].class);
    exchange.getMessage().setBody(body);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
    String id = "msg_" + HexFormat.of().formatHex(digest).substring(0, ID_LENGTH);
    String time = Long.toString(clock.instant().getEpochSecond());
    exchange.getMessage().setHeader("webhook-id", id);
    exchange.getMessage().setHeader("webhook-timestamp", time);
    if (key != null) {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      mac.update((id + "." + time + ".").getBytes(StandardCharsets.UTF_8));
      String signature = Base64.getEncoder().encodeToString(mac.doFinal(body));
      exchange.getMessage().setHeader("webhook-signature", "v1," + signature);
    }
  }

  /**
   * Returns where the receiver took it.
   *
   * @param status null where the server sent none
   * @param retryAfter the header; null where the server sent none
   * @param body null where the server sent none
   * @throws org.cardatabridge.journal.EventRefusedException where it will never take this
   * @throws org.cardatabridge.journal.TryLaterException where it takes nothing for now
   * @throws IOException for other trouble
   */
  public void check(Integer status, String retryAfter, byte[] body) throws IOException {
    answer.check(status, retryAfter, body);
  }
}
