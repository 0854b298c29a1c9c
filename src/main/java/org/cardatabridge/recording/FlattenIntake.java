// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.recording;

import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.support.service.ServiceHelper;
import org.cardatabridge.CarMessage;

/**
 * Sends recorded messages through {@code direct:flatten}, where every ingest route ends, so that
 * they become data points as on any day. At most {@value #MOST} are under way. Safe for use by many
 * threads.
 */
public final class FlattenIntake implements Intake {

  /** What a replayed message's data points name as their source. */
  public static final String SOURCE = "replay";

  private static final int MOST = 128;
  private static final String FLATTEN = "direct://flatten";

  private final CamelContext context;
  private final Semaphore free = new Semaphore(MOST);
  private AsyncProducer producer;
  private volatile ExecutorService feeder;

  /** For a context whose flatten route is loaded by the time of the first message. */
  public FlattenIntake(CamelContext context) {
    this.context = context;
  }

  @Override
  public void take(RecordedMessage message, Set<String> sinks, Consumer<Throwable> done)
      throws InterruptedException {
    AsyncProducer flatten = producer();
    Exchange exchange = flatten.getEndpoint().createExchange();
    exchange.setProperty(CarMessage.ACCOUNT, message.account());
    exchange.setProperty(CarMessage.SOURCE, SOURCE);
    exchange.setProperty(CarMessage.RECORDED_SOURCE, message.source());
    exchange.setProperty(CarMessage.TOPIC, message.topic());
    exchange.setProperty(CarMessage.RECEIVED, message.received());
    if (!sinks.isEmpty()) {
      exchange.setProperty(CarMessage.SINKS, String.join(",", sinks));
    }
    exchange.getMessage().setBody(message.payload());
    free.acquire();
    try {
      // On a thread that is inside a route already, Camel would finish this one only after that.
      feeder.execute(
          () ->
              flatten.process(
                  exchange,
                  doneSync -> {
                    free.release();
                    done.accept(exchange.getException());
                  }));
    } catch (RejectedExecutionException e) {
      free.release();
      throw new IllegalStateException("Replaying: the bridge is ending — try again later", e);
    }
  }

  /** A missing route would let each message wait for half a minute. */
  private synchronized AsyncProducer producer() {
    if (context.getRoutes().stream()
        .noneMatch(route -> route.getEndpoint().getEndpointUri().equals(FLATTEN))) {
      throw new IllegalStateException(
          "Replaying: there is no route from direct:flatten — put routes/flatten.camel.yaml back");
    }
    if (producer == null) {
      Endpoint endpoint = context.getEndpoint("direct:flatten");
      try {
        producer = endpoint.createAsyncProducer();
        ServiceHelper.startService(producer);
        feeder =
            context.getExecutorServiceManager().newSingleThreadExecutor(this, "cardata-replay");
      } catch (Exception e) {
        throw new IllegalStateException("Replaying: direct:flatten cannot be used", e);
      }
    }
    return producer;
  }
}
