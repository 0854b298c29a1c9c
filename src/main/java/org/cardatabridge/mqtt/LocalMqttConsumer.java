// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.cardatabridge.CarMessage;

/**
 * Hears one topic of the local broker, or those that a filter with {@code +} names; the body is the
 * payload's bytes, the property {@code cardata.topic} the topic. One exchange at a time, and at
 * most {@value #WAITING} wait: what comes beyond that is left out.
 */
final class LocalMqttConsumer extends DefaultConsumer {

  private static final int WAITING = 16;
  private static final int LARGEST = 1 << 16;

  private final LocalMqttEndpoint endpoint;
  private final AtomicInteger waiting = new AtomicInteger();
  private ExecutorService thread;
  private Runnable leave;

  LocalMqttConsumer(LocalMqttEndpoint endpoint, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    thread =
        endpoint
            .getCamelContext()
            .getExecutorServiceManager()
            .newSingleThreadExecutor(this, "local-mqtt-listener");
    leave =
        endpoint
            .getComponent()
            .publisher()
            .listen(
                new Subscriptions.Listener(
                    endpoint.getTopic(),
                    this::hear,
                    () -> {
                      if (endpoint.isWhenConnected()) {
                        hear(endpoint.getTopic(), new byte[0], false);
                      }
                    }));
  }

  @Override
  protected void doStop() throws Exception {
    if (leave != null) {
      leave.run();
      leave = null;
    }
    if (thread != null) {
      endpoint.getCamelContext().getExecutorServiceManager().shutdownGraceful(thread);
      thread = null;
    }
    super.doStop();
  }

  /** On the connection's thread, so it only hands over. */
  private void hear(String topic, byte[] payload, boolean isRetained) {
    if (isRetained && !endpoint.isRetained()
        || payload.length > LARGEST
        || waiting.get() >= WAITING) {
      return;
    }
    waiting.incrementAndGet();
    // Made here, as it tells when the message came.
    Exchange exchange = createExchange(false);
    exchange.getMessage().setBody(payload);
    exchange.setProperty(CarMessage.TOPIC, topic);
    try {
      thread.execute(() -> route(exchange));
    } catch (RejectedExecutionException e) {
      waiting.decrementAndGet(); // the route is stopping
      releaseExchange(exchange, false);
    }
  }

  private void route(Exchange exchange) {
    waiting.decrementAndGet();
    try {
      getProcessor().process(exchange);
    } catch (Exception e) {
      exchange.setException(e);
    }
    if (exchange.getException() != null) {
      getExceptionHandler()
          .handleException(
              "Taking a message of the local broker", exchange, exchange.getException());
    }
    releaseExchange(exchange, false);
  }
}
