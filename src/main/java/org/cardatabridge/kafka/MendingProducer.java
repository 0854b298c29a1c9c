// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.kafka;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.cardatabridge.journal.EventRefusedException;
import org.cardatabridge.journal.TargetAwayException;

/**
 * A Kafka producer that says in the bridge's own terms why a record failed, and that is made anew
 * after a failure that ends a producer for good, such as a login that is refused: Kafka's own would
 * have to wait for the bridge's next start. Safe for use by many threads.
 */
final class MendingProducer implements InvocationHandler {

  /** The rest of a batch takes less; the next attempt comes later. */
  private static final Duration AWAY = Duration.ofSeconds(1);

  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

  private final Supplier<Producer<?, ?>> maker;
  private final Clock clock;
  private Producer<?, ?> producer;
  private boolean ended;
  private Instant awaySince = Instant.EPOCH;
  private Exception away;

  private MendingProducer(Supplier<Producer<?, ?>> maker, Clock clock) {
    this.maker = maker;
    this.clock = clock;
    this.producer = maker.get();
  }

  static Producer<?, ?> of(Supplier<Producer<?, ?>> maker, Clock clock) {
    return (Producer<?, ?>)
        Proxy.newProxyInstance(
            MendingProducer.class.getClassLoader(),
            new Class<?>[] {Producer.class},
            new MendingProducer(maker, clock));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    if (method.getName().equals("close")) {
      current().close(LONGEST_CLOSE);
      return null;
    }
    if (method.getName().equals("send")) {
      return send(method, arguments);
    }
    return call(current(), method, arguments);
  }

  private Object call(Producer<?, ?> used, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(used, arguments);
    } catch (InvocationTargetException e) {
      throw inOurTerms(used, e.getTargetException());
    }
  }

  private Object send(Method method, Object[] arguments) throws Throwable {
    if (arguments.length != 2 || !(arguments[1] instanceof Callback callback)) {
      return call(working(), method, arguments);
    }
    Exception still = stillAway();
    if (still != null) {
      callback.onCompletion(null, still);
      return CompletableFuture.failedFuture(still);
    }
    Producer<?, ?> used = working();
    Thread sender = Thread.currentThread();
    Callback ours =
        (metadata, error) -> {
          Exception told = error == null ? null : (Exception) inOurTerms(used, error);
          if (error instanceof TimeoutException && Thread.currentThread() == sender) {
            away(told);
          }
          callback.onCompletion(metadata, told);
        };
    return call(used, method, new Object[] {arguments[0], ours});
  }

  /**
   * To send blocks for as long as no broker answers, and each record of a batch would for itself.
   */
  private synchronized void away(Exception why) {
    awaySince = clock.instant();
    away = why;
  }

  /** Why nothing is sent now; null where it is to be tried. */
  private synchronized Exception stillAway() {
    Instant now = clock.instant();
    if (now.isBefore(awaySince) || !now.isBefore(awaySince.plus(AWAY))) {
      away = null;
    }
    return away;
  }

  private synchronized Producer<?, ?> current() {
    return producer;
  }

  private synchronized Producer<?, ?> working() {
    if (ended) {
      producer.close(Duration.ZERO);
      producer = maker.get();
      ended = false;
    }
    return producer;
  }

  private synchronized void ended(Producer<?, ?> used) {
    ended |= used == producer;
  }

  private Throwable inOurTerms(Producer<?, ?> used, Throwable error) {
    if (error instanceof RecordTooLargeException || error instanceof SerializationException) {
      return new EventRefusedException("Kafka refuses the record: " + error.getMessage(), error);
    }
    String text = "Writing to Kafka: " + error.getMessage();
    if (error instanceof RetriableException && !(error instanceof CorruptRecordException)) {
      return new TargetAwayException(text, error);
    }
    ended(used);
    if (error instanceof AuthenticationException || error instanceof AuthorizationException) {
      return new TargetAwayException(text + " — see docs/sinks/kafka.md", error);
    }
    return error instanceof Exception
        ? new IllegalStateException(text + " — see docs/sinks/kafka.md", error)
        : error;
  }
}
