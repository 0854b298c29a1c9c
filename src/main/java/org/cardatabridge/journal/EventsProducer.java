// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarEventJson;
import org.cardatabridge.CarMessage;
import org.cardatabridge.NotKeptException;

/**
 * Publishes the body and calls back once the journal has it, in the order of the calls. Safe for
 * use by many threads.
 */
final class EventsProducer extends DefaultAsyncProducer {

  private static final String TAKES =
      "events:publish takes a CarEvent, a list of CarEvent, a CarMessage, or a message's bytes"
          + " (byte[]) with the exchange property cardata.account";

  private final EventsEndpoint endpoint;
  private final Clock clock = Clock.systemUTC();

  EventsProducer(EventsEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    CarMessage message;
    Set<String> sinks;
    String id;
    Object body = exchange.getMessage().getBody();
    try {
      if (body instanceof Collection<?> list
          && list.isEmpty()
          && exchange.getProperty(CarMessage.PAYLOAD) == null) {
        callback.done(true);
        return true;
      }
      message = message(exchange, body);
      sinks = sinks(exchange);
      id = property(exchange, CarMessage.ID, String.class);
    } catch (RuntimeException e) {
      exchange.setException(e);
      callback.done(true);
      return true;
    }
    String unreadable = exchange.getProperty(CarMessage.UNPARSED, String.class);
    if (unreadable == null && body instanceof byte[]) {
      unreadable = "nobody took data points out of the message";
    }
    try {
      endpoint
          .journal()
          .publish(
              message,
              sinks,
              unreadable,
              id,
              failure -> {
                if (failure != null) {
                  exchange.setException(new NotKeptException(failure));
                }
                callback.done(false);
              });
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exchange.setException(new NotKeptException(e));
    } catch (IllegalArgumentException e) {
      exchange.setException(e);
    } catch (IllegalStateException e) {
      exchange.setException(new NotKeptException(e));
    }
    callback.done(true);
    return true;
  }

  /** Who alone is to get it; empty for all. */
  private static Set<String> sinks(Exchange exchange) {
    String names = property(exchange, CarMessage.SINKS, String.class);
    return names == null || names.isBlank()
        ? Set.of()
        : Arrays.stream(names.split(","))
            .map(String::trim)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
  }

  private CarMessage message(Exchange exchange, Object body) {
    if (body instanceof CarMessage message) {
      return message;
    }
    if (body instanceof byte[] bytes) {
      return assembled(exchange, bytes, List.of());
    }
    List<CarEvent> points = points(body);
    byte[] payload = property(exchange, CarMessage.PAYLOAD, byte[].class);
    return assembled(exchange, payload == null ? json(points) : payload, points);
  }

  /** One object for one data point, a list for any other number. */
  private static byte[] json(List<CarEvent> points) {
    return points.size() == 1 ? CarEventJson.object(points.get(0)) : CarEventJson.list(points);
  }

  private static List<CarEvent> points(Object body) {
    if (body instanceof CarEvent event) {
      return List.of(event);
    }
    if (body instanceof Collection<?> list) {
      for (Object item : list) {
        if (!(item instanceof CarEvent)) {
          throw new IllegalArgumentException(TAKES + "; got a list with " + kind(item));
        }
      }
      @SuppressWarnings("unchecked") // each one was looked at
      Collection<CarEvent> points = (Collection<CarEvent>) list;
      return List.copyOf(points);
    }
    throw new IllegalArgumentException(TAKES + "; got " + kind(body));
  }

  private static String kind(Object body) {
    return body == null ? "nothing" : body.getClass().getName();
  }

  private CarMessage assembled(Exchange exchange, byte[] payload, List<CarEvent> points) {
    CarEvent first = points.isEmpty() ? null : points.get(0);
    String account = property(exchange, CarMessage.ACCOUNT, String.class);
    String source = property(exchange, CarMessage.SOURCE, String.class);
    String topic = property(exchange, CarMessage.TOPIC, String.class);
    Instant received = property(exchange, CarMessage.RECEIVED, Instant.class);
    if (account == null && first == null) {
      throw new IllegalArgumentException(
          TAKES + "; got a message without data points and without that property");
    }
    return new CarMessage(
        account == null ? first.account() : account,
        source != null ? source : first == null ? "stream" : first.source(),
        topic == null ? "" : topic,
        received != null ? received : first == null ? clock.instant() : first.received(),
        payload,
        points);
  }

  private static <T> T property(Exchange exchange, String name, Class<T> type) {
    Object value = exchange.getProperty(name);
    if (value != null && !type.isInstance(value)) {
      throw new IllegalArgumentException(
          "events:publish takes exchange property "
              + name
              + " as "
              + type.getSimpleName()
              + "; got "
              + kind(value));
    }
    return type.cast(value);
  }
}
