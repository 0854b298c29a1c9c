// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routetest;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.Route;
import org.apache.camel.spi.EndpointUriFactory;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.cardatabridge.settings.Spelling;

/** Stands for a component: knows its options, reaches nothing. Safe for use by many threads. */
final class MockComponent extends DefaultComponent {

  /** Exchange property with the id of the step under way. */
  static final String STEP = "cardata.test.step";

  private final String scheme;
  private final Mocks mocks;

  MockComponent(String scheme, Mocks mocks) {
    this.scheme = scheme;
    this.mocks = mocks;
    // Camel would wire it by the name of the component that it stands for.
    setAutowiredEnabled(false);
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
    EndpointUriFactory options =
        getCamelContext().getCamelContextExtension().getEndpointUriFactory(scheme);
    if (options != null && !options.isLenientProperties()) {
      parameters.keySet().forEach(name -> check(name, options));
    }
    Endpoint endpoint =
        new MockEndpoint(scheme + ":" + remaining, uri, Map.copyOf(parameters), this, mocks);
    parameters.clear();
    return endpoint;
  }

  private void check(String name, EndpointUriFactory options) {
    Set<String> known = options.propertyNames();
    boolean isPrefixed = options.multiValuePrefixes().values().stream().anyMatch(name::startsWith);
    if (!known.contains(name) && !isPrefixed) {
      throw new IllegalArgumentException(
          "the component "
              + scheme
              + " has no option '"
              + name
              + "' — did you mean '"
              + Spelling.nearest(name, known.stream()).orElse("")
              + "'?");
    }
  }

  /** An endpoint that a mock stands for, whatever made its URI. */
  static Endpoint endpoint(String uri, CamelContext context, Mocks mocks) {
    MockComponent component = new MockComponent(uri.replaceFirst(":.*", ""), mocks);
    component.setCamelContext(context);
    return new MockEndpoint(uri, uri, Map.of(), component, mocks);
  }

  private static final class MockEndpoint extends DefaultEndpoint {

    private final String address;
    private final Map<String, Object> parameters;
    private final Mocks mocks;

    MockEndpoint(
        String address,
        String uri,
        Map<String, Object> parameters,
        MockComponent component,
        Mocks mocks) {
      super(uri, component);
      this.address = address;
      this.parameters = parameters;
      this.mocks = mocks;
    }

    @Override
    public Producer createProducer() {
      return new DefaultProducer(this) {
        @Override
        public void process(Exchange exchange) throws Exception {
          send(exchange);
        }
      };
    }

    private void send(Exchange exchange) throws Exception {
      for (Route route : getCamelContext().getRoutes()) {
        if (address.startsWith("direct:") && address.equals(addressOf(route.getEndpoint()))) {
          route.getConsumer().getProcessor().process(exchange);
          return;
        }
      }
      String step = exchange.getProperty(STEP, String.class);
      mocks.take(Taken.of(step, address, new HashMap<>(parameters), exchange), exchange);
    }

    private static String addressOf(Endpoint endpoint) {
      return endpoint instanceof MockEndpoint mock ? mock.address : null;
    }

    @Override
    public Consumer createConsumer(Processor processor) {
      return new DefaultConsumer(this, processor);
    }

    @Override
    public boolean isLenientProperties() {
      return true;
    }
  }
}
