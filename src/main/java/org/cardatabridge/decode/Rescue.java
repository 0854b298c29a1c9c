// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.cardatabridge.CarMessage;
import org.cardatabridge.NotKeptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves the bytes of a message on which a step between ingest and journal failed: it would fail
 * again each time that BMW sends it. Safe for use by many threads.
 */
public final class Rescue {

  private static final Logger LOG = LoggerFactory.getLogger(Rescue.class);
  private static final byte[] NO_BYTES = {};
  private static final int MOST_SHAPES = 100;

  private final Set<String> said = ConcurrentHashMap.newKeySet();

  /**
   * The message's bytes as they came, for {@code events:publish}; {@code cardata.unparsed} says
   * why. For the steps of a {@code doCatch}.
   *
   * @throws Exception what was caught, where the message is not to blame: the journal could not
   *     keep it, or the route {@code flatten} is stopped
   */
  public byte[] bytes(Exchange exchange) throws Exception {
    Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    if (failure == null) {
      failure = new IllegalStateException("nothing failed");
    }
    Throwable root = failure;
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof NotKeptException || t instanceof DirectConsumerNotAvailableException) {
        throw failure;
      }
      root = t;
    }
    exchange.setProperty(
        CarMessage.UNPARSED, "a step failed with " + root.getClass().getSimpleName());
    say(root, failure);
    byte[] payload = exchange.getProperty(CarMessage.PAYLOAD, byte[].class);
    if (payload == null) {
      payload = exchange.getMessage().getBody(byte[].class);
    }
    return payload == null ? NO_BYTES : payload;
  }

  /** Once a shape: the journal counts how often. */
  private void say(Throwable root, Exception failure) {
    // How Java itself got there changes from call to call.
    String where =
        Arrays.stream(root.getStackTrace())
            .filter(frame -> !frame.getClassName().matches("(java|jdk|sun)\\..*"))
            .findFirst()
            .map(StackTraceElement::toString)
            .orElse("");
    String shape = root.getClass().getName() + " " + where;
    if (said.size() < MOST_SHAPES && said.add(shape)) {
      LOG.error(
          "Turning a message into data points: a step failed with {} — the message is kept as it"
              + " came, without data points; look at the steps of routes/flatten.camel.yaml",
          root.getClass().getSimpleName(),
          failure);
    }
  }
}
