// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cardatabridge.CarEvent;
import org.cardatabridge.highmobility.Facts;

/**
 * Takes the data points out of a message of High Mobility's, of either generation: {@code
 * <capability>.<property>}, typed by the facts, units as they were sent but for those inside of
 * objects and lists; fractions become {@code %}.
 *
 * <p>Total: whatever the bytes are, it returns, and says in {@link Decoded#unreadable()} what it
 * could not read. Pure: it keeps nothing between two messages. Safe for use by many threads.
 */
public final class HighMobilityDecoder {

  private final JsonFactory json = JsonValues.factory();
  private final Facts facts;
  private final HighMobilityValues values;

  /**
   * A decoder.
   *
   * @param facts what is known of the properties
   * @param metric whether measures inside of objects and lists are made metric
   */
  public HighMobilityDecoder(Facts facts, boolean metric) {
    this.facts = facts;
    this.values = new HighMobilityValues(metric);
  }

  /**
   * Reads one message; a list with one, or with several, is taken as well.
   *
   * @param payload the bytes as they came; not changed
   * @param account name of the account it came by
   * @param source {@code highmobility}, {@code replay}, …
   * @param topic the topic it came from, which has what the message does not name
   * @param received when it came; the time of a point where the message has none
   * @return the points found; never null
   */
  public Decoded decode(
      byte[] payload, String account, String source, String topic, Instant received) {
    if (JsonValues.isBlank(payload)) {
      return Decoded.unreadable(Unreadable.EMPTY);
    }
    if (JsonValues.isWide(payload)) {
      return Decoded.unreadable(Unreadable.NOT_UTF8);
    }
    Object whole;
    try (JsonParser parser = json.createParser(payload)) {
      JsonToken first = parser.nextToken();
      whole = JsonValues.value(parser, first);
      if (parser.nextToken() != null) {
        return Decoded.unreadable(Unreadable.NOT_JSON);
      }
    } catch (StreamConstraintsException e) {
      return Decoded.unreadable(Unreadable.BEYOND_LIMITS);
    } catch (IOException | RuntimeException e) {
      // Nothing of the text goes on: the exception's message quotes the payload.
      return Decoded.unreadable(
          JsonValues.isUtf8(payload) ? Unreadable.NOT_JSON : Unreadable.NOT_UTF8);
    }
    if (whole instanceof Map<?, ?> message) {
      return one(message, account, source, topic, received);
    }
    if (whole instanceof List<?> list
        && !list.isEmpty()
        && list.stream().allMatch(Map.class::isInstance)) {
      return together(
          list.stream()
              .map(message -> one((Map<?, ?>) message, account, source, topic, received))
              .toList());
    }
    return Decoded.unreadable(Unreadable.NOT_AN_OBJECT);
  }

  private static Decoded together(List<Decoded> messages) {
    Decoded first = messages.get(0);
    if (messages.size() == 1) {
      return first;
    }
    List<CarEvent> points = new ArrayList<>();
    Map<String, TimeOrigin> otherwiseTimed = new HashMap<>();
    int skipped = 0;
    boolean isOneCar = true;
    Unreadable why = null;
    for (Decoded message : messages) {
      points.addAll(message.points());
      otherwiseTimed.putAll(message.otherwiseTimed());
      skipped += message.skipped();
      isOneCar &= Objects.equals(message.vin(), first.vin());
      why = message.unreadable() != null ? message.unreadable() : why;
    }
    // One that cannot be read must not take the others with it.
    return new Decoded(
        isOneCar ? first.vin() : null,
        points,
        otherwiseTimed,
        skipped,
        points.isEmpty() ? why : null,
        null);
  }

  private Decoded one(
      Map<?, ?> message, String account, String source, String topic, Instant received) {
    if (!(message.get("data") instanceof Map<?, ?> data)) {
      return Decoded.unreadable(Unreadable.NO_DATA);
    }
    MessageTopic.HighMobility from = MessageTopic.HighMobility.of(topic);
    String vin = HighMobilityMessage.text(message.get("vin"));
    vin = vin == null && from != null ? from.vin() : vin;
    if (vin == null) {
      return Decoded.unreadable(Unreadable.NO_VIN);
    }
    if (!JsonValues.isName(vin) || vin.equals("bridge")) {
      return Decoded.unreadable(Unreadable.BAD_VIN);
    }
    HighMobilityMessage read = new HighMobilityMessage(facts, values, message, from);
    read.walk(data);
    Instant sent = HighMobilityMessage.time(message.get("timestamp"));
    Instant otherwise = sent != null ? sent : received;
    Map<String, TimeOrigin> otherwiseTimed = new HashMap<>();
    List<CarEvent> points = new ArrayList<>(read.entries().size());
    for (HighMobilityMessage.Entry entry : read.entries()) {
      if (entry.timestamp() == null) {
        otherwiseTimed.put(entry.key(), sent != null ? TimeOrigin.ENVELOPE : TimeOrigin.RECEIPT);
      }
      points.add(
          new CarEvent(
              account,
              vin,
              vin,
              entry.key(),
              entry.value(),
              entry.unit(),
              entry.timestamp() != null ? entry.timestamp() : otherwise,
              received,
              source));
    }
    Unreadable why = points.isEmpty() && read.skipped() > 0 ? Unreadable.BAD_NAMES : null;
    return new Decoded(
        vin,
        points,
        otherwiseTimed,
        read.skipped(),
        why,
        MessageId.of(message.get(MessageId.FIELD)));
  }
}
