// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;

/**
 * Hears one topic of the local broker; the body is the payload's bytes. One exchange at a time, and
 * at most {@value #WAITING} wait: what comes beyond that is left out.
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
                        hear(new byte[0]);
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
  private void hear(byte[] payload) {
    if (payload.length > LARGEST || waiting.get() >= WAITING) {
      return;
    }
    waiting.incrementAndGet();
    try {
      thread.execute(() -> route(payload));
    } catch (RejectedExecutionException e) {
      waiting.decrementAndGet(); // the route is stopping
    }
  }

  private void route(byte[] payload) {
    waiting.decrementAndGet();
    Exchange exchange = createExchange(false);
    exchange.getMessage().setBody(payload);
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
