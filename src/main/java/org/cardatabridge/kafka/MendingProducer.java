// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.kafka;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.cardatabridge.journal.EventRefusedException;
import org.cardatabridge.journal.TryLaterException;

/**
 * A Kafka producer that says in the bridge's own terms why a record failed, and that is made anew
 * after a failure that ends a producer for good, such as a login that is refused: Kafka's own would
 * have to wait for the bridge's next start. Safe for use by many threads.
 */
final class MendingProducer implements InvocationHandler {

  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

  private final Supplier<Producer<?, ?>> maker;
  private Producer<?, ?> producer;
  private boolean ended;

  private MendingProducer(Supplier<Producer<?, ?>> maker) {
    this.maker = maker;
    this.producer = maker.get();
  }

  static Producer<?, ?> of(Supplier<Producer<?, ?>> maker) {
    return (Producer<?, ?>)
        Proxy.newProxyInstance(
            MendingProducer.class.getClassLoader(),
            new Class<?>[] {Producer.class},
            new MendingProducer(maker));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    if (method.getName().equals("close")) {
      current().close(LONGEST_CLOSE);
      return null;
    }
    Object[] all = arguments;
    Producer<?, ?> used = method.getName().equals("send") ? working() : current();
    if (all != null && all.length == 2 && all[1] instanceof Callback callback) {
      all = new Object[] {all[0], inOurTerms(used, callback)};
    }
    try {
      return method.invoke(used, all);
    } catch (InvocationTargetException e) {
      throw inOurTerms(used, e.getTargetException());
    }
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

  private Callback inOurTerms(Producer<?, ?> used, Callback callback) {
    return (metadata, error) ->
        callback.onCompletion(metadata, error == null ? null : (Exception) inOurTerms(used, error));
  }

  private Throwable inOurTerms(Producer<?, ?> used, Throwable error) {
    if (error instanceof RecordTooLargeException || error instanceof SerializationException) {
      return new EventRefusedException("Kafka refuses the record: " + error.getMessage(), error);
    }
    String text = "Writing to Kafka: " + error.getMessage();
    if (error instanceof RetriableException) {
      IOException away = new ConnectException(text);
      away.initCause(error);
      return new TryLaterException(text, null, away);
    }
    ended(used);
    if (error instanceof AuthenticationException || error instanceof AuthorizationException) {
      return new TryLaterException(text + " — see docs/sinks/kafka.md", null, error);
    }
    return error instanceof Exception
        ? new IllegalStateException(text + " — see docs/sinks/kafka.md", error)
        : error;
  }
}
