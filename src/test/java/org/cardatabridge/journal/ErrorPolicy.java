// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.cardatabridge.CarEvent;

/** A sink whose target answers what the event's value says, until it is told to recover. */
final class ErrorPolicy {

  private static final String UP = "target-up";

  private ErrorPolicy() {}

  static void route(CamelContext context, String sink, List<Object> got) throws Exception {
    AtomicBoolean up = new AtomicBoolean();
    context.getRegistry().bind(UP, up);
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("events:" + sink)
                .process(
                    exchange -> {
                      CarEvent event = exchange.getMessage().getBody(CarEvent.class);
                      if (!up.get()) {
                        answer(event.value());
                      }
                      if (event.value() instanceof Long) {
                        got.add(event);
                      }
                    });
          }
        });
  }

  static void recover(CamelContext context) {
    context.getRegistry().lookupByNameAndType(UP, AtomicBoolean.class).set(true);
  }

  static void fail(CamelContext context) {
    context.getRegistry().lookupByNameAndType(UP, AtomicBoolean.class).set(false);
  }

  private static void answer(Object value) throws Exception {
    String text = String.valueOf(value);
    if (text.equals("refuse")) {
      throw new EventRefusedException("no such field");
    }
    if (text.startsWith("status ")) {
      throw new HttpOperationFailedException(
          "http://target/write",
          Integer.parseInt(text.substring(7)),
          "no",
          null,
          Map.of("retry-after", "2"),
          "");
    }
    if (text.equals("down")) {
      throw new java.net.ConnectException("connection refused");
    }
  }
}
