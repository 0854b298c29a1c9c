// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.StreamCache;
import org.apache.camel.support.DefaultMessage;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * One step that calls its bean itself where the body is what the method takes, and leaves the rest
 * to Camel. Safe for use by many threads.
 */
final class DirectStep extends DelegateAsyncProcessor {

  private final Object bean;
  private final Method method;
  private final boolean takesExchange;
  private final Class<?> takes;
  private final boolean answers;

  DirectStep(AsyncProcessor camelsOwn, Object bean, Method method) {
    super(camelsOwn);
    this.bean = bean;
    this.method = method;
    method.trySetAccessible(); // it is public; this spares the check at each call
    this.takes = method.getParameterTypes()[0];
    this.takesExchange = takes == Exchange.class;
    this.answers = method.getReturnType() != void.class;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    Object body = exchange.getIn().getBody();
    boolean fits = (takesExchange || takes.isInstance(body)) && !(body instanceof StreamCache);
    if (!fits
        || exchange.getMessage() != exchange.getIn()
        || exchange.getPattern().isOutCapable()) {
      return super.process(exchange, callback);
    }
    try {
      Object result = method.invoke(bean, takesExchange ? exchange : body);
      if (answers) {
        answer(exchange, result);
      }
    } catch (InvocationTargetException e) {
      exchange.setException(e.getTargetException());
    } catch (IllegalAccessException | RuntimeException e) {
      exchange.setException(e);
    }
    callback.done(true);
    return true;
  }

  /** A message of a component's own kind must not be dragged along with another body. */
  private static void answer(Exchange exchange, Object result) {
    Message message = exchange.getIn();
    if (message.getClass() == DefaultMessage.class) {
      message.setBody(result);
    } else {
      Message plain = new DefaultMessage(exchange.getContext());
      plain.copyFromWithNewBody(message, result);
      ExchangeHelper.replaceMessage(exchange, plain, false);
    }
  }
}
