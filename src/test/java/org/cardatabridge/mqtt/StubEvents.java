// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;

/** The scheme {@code events:} without a journal: a test hands a sink what it likes. */
final class StubEvents extends DefaultComponent {

  private final Map<String, Consumer> sinks = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Object>> parameters = new ConcurrentHashMap<>();

  @Override
  protected Endpoint createEndpoint(String uri, String name, Map<String, Object> given) {
    parameters.put(name, Map.copyOf(given));
    given.clear();
    return new StubEndpoint(uri, name);
  }

  /** The URI parameters that the route gave its sink. */
  Map<String, Object> parameters(String sink) {
    return parameters.get(sink);
  }

  boolean isRunning(String sink) {
    return sinks.containsKey(sink);
  }

  /** Hands a sink a body and waits until its route is through; the exchange tells how. */
  Exchange deliver(String sink, Object body, Map<String, Object> properties) throws Exception {
    return deliver(sink, body, properties, Map.of());
  }

  /** The same with headers, as a message of another broker might carry them. */
  Exchange deliver(
      String sink, Object body, Map<String, Object> properties, Map<String, Object> headers)
      throws Exception {
    Consumer consumer = sinks.get(sink);
    Exchange exchange = consumer.getEndpoint().createExchange();
    exchange.getMessage().setBody(body);
    properties.forEach(exchange::setProperty);
    exchange.getMessage().setHeaders(new java.util.HashMap<>(headers));
    consumer.getProcessor().process(exchange);
    return exchange;
  }

  private final class StubEndpoint extends DefaultEndpoint {

    private final String name;

    StubEndpoint(String uri, String name) {
      super(uri, StubEvents.this);
      this.name = name;
    }

    @Override
    public Producer createProducer() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Consumer createConsumer(Processor processor) {
      return new DefaultConsumer(this, processor) {
        @Override
        protected void doStart() throws Exception {
          super.doStart();
          sinks.put(name, this);
        }

        @Override
        protected void doStop() throws Exception {
          sinks.remove(name);
          super.doStop();
        }
      };
    }
  }
}
