// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.support.DefaultAsyncProducer;
import org.cardatabridge.settings.BadSettingException;

/**
 * Hands the body to the connection; the exchange goes on when the broker has confirmed all of it,
 * and fails with a {@link BrokerUnavailableException} when it did not.
 */
final class LocalMqttProducer extends DefaultAsyncProducer {

  private final LocalMqttEndpoint endpoint;

  LocalMqttProducer(LocalMqttEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    List<Publication> publications;
    Publisher publisher;
    try {
      publications = publications(exchange);
      publisher = endpoint.getComponent().publisher();
    } catch (IllegalArgumentException
        | InvalidPayloadException
        | BadSettingException
        | BrokerUnavailableException e) {
      exchange.setException(e);
      callback.done(true);
      return true;
    }
    boolean left = endpoint.isSkipWhenDown() && !publisher.isConnected();
    if (publications.isEmpty() || left) {
      if (left) {
        exchange.setProperty(LocalMqttEndpoint.SKIPPED, true);
      }
      callback.done(true);
      return true;
    }
    publisher.publish(
        publications,
        failure -> {
          boolean skipped =
              endpoint.isSkipWhenDown() && failure instanceof BrokerUnavailableException;
          if (skipped) {
            exchange.setProperty(LocalMqttEndpoint.SKIPPED, true);
          } else if (failure != null) {
            exchange.setException(failure);
          }
          try {
            endpoint.getComponent().confirmations().execute(() -> callback.done(false));
          } catch (RejectedExecutionException e) {
            callback.done(false); // the context is stopping: there is no other thread left
          }
        });
    return false;
  }

  private List<Publication> publications(Exchange exchange) throws InvalidPayloadException {
    Object body = exchange.getMessage().getBody();
    if (body instanceof Publication publication) {
      return List.of(publication);
    }
    List<Publication> all = body instanceof List<?> list ? publications(list) : null;
    if (all != null) {
      return all;
    }
    if (endpoint.getTopic().equals(LocalMqttEndpoint.PUBLISH)) {
      throw new IllegalArgumentException(
          "publishing to local-mqtt:publish: got "
              + (body == null ? "nothing" : body.getClass().getName())
              + " — hand over a Publication or a list of them, or name a topic in the URI");
    }
    return List.of(
        new Publication(
            endpoint.getTopic(), bytes(exchange, body), endpoint.getQos(), endpoint.isRetain()));
  }

  /** A copy, as others may still change the list; null where it holds anything else. */
  private static List<Publication> publications(List<?> list) {
    List<Publication> all = new ArrayList<>(list.size());
    for (Object item : list) {
      if (!(item instanceof Publication publication)) {
        return null;
      }
      all.add(publication);
    }
    return all;
  }

  private static byte[] bytes(Exchange exchange, Object body) throws InvalidPayloadException {
    if (body == null) {
      return new byte[0];
    }
    if (body instanceof byte[] bytes) {
      return bytes;
    }
    return exchange.getMessage().getMandatoryBody(String.class).getBytes(StandardCharsets.UTF_8);
  }
}
