// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Header;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bean step does the same, called directly or by Camel. */
class DirectBeansTest {

  private final DefaultCamelContext context = new DefaultCamelContext();
  private String caller;

  /** Steps of every kind that the routes have, and some that they have not. */
  public final class Steps {

    /** Takes the body. */
    public List<String> more(List<String> body) {
      StackTraceElement[] stack = Thread.currentThread().getStackTrace();
      caller =
          List.of(stack).stream().anyMatch(f -> f.getClassName().endsWith("MethodInfo"))
              ? "camel"
              : "direct";
      return List.of(body.get(0), "more");
    }

    /** Takes the exchange and changes nothing. */
    public void look(Exchange exchange) {
      exchange.setProperty("seen", exchange.getMessage().getBody());
    }

    /** Takes any body. */
    public String any(@Body Object body) {
      return "any " + body;
    }

    /** Needs Camel for its second parameter. */
    public String two(@Body String body, @Header("h") String header) {
      return body + header;
    }

    /** Fails. */
    public List<String> fail(List<String> body) throws IOException {
      throw new IOException("no " + body.get(0));
    }
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  private Exchange send(boolean direct, String method, ExchangePattern pattern, Object body)
      throws Exception {
    if (direct) {
      DirectBeans.installIn(context);
    }
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            errorHandler(noErrorHandler());
            from("direct:in").bean(new Steps(), method);
          }
        });
    context.start();
    return context
        .createProducerTemplate()
        .send(
            "direct:in",
            pattern,
            exchange -> {
              exchange.getMessage().setBody(body);
              exchange.getMessage().setHeader("h", "!");
            });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMethodThatTakesTheBodyGivesTheNewBody(boolean direct) throws Exception {
    Exchange done = send(direct, "more", ExchangePattern.InOnly, List.of("a"));

    assertThat(done.getMessage().getBody()).isEqualTo(List.of("a", "more"));
    assertThat(done.getMessage().getHeader("h")).isEqualTo("!");
    assertThat(caller).isEqualTo(direct ? "direct" : "camel");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBodyOfAnotherTypeIsConvertedByCamel(boolean direct) throws Exception {
    Exchange done = send(direct, "more", ExchangePattern.InOnly, new String[] {"a"});

    assertThat(done.getMessage().getBody()).isEqualTo(List.of("a", "more"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoeverWaitsForAnAnswerGetsIt(boolean direct) throws Exception {
    Exchange done = send(direct, "more", ExchangePattern.InOut, List.of("a"));

    assertThat(done.getMessage().getBody()).isEqualTo(List.of("a", "more"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMethodThatGivesNothingLeavesTheBody(boolean direct) throws Exception {
    Exchange done = send(direct, "look", ExchangePattern.InOnly, "a");

    assertThat(done.getMessage().getBody()).isEqualTo("a");
    assertThat(done.getProperty("seen")).isEqualTo("a");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMarkedBodyIsTheBody(boolean direct) throws Exception {
    assertThat(send(direct, "any", ExchangePattern.InOnly, 5).getMessage().getBody())
        .isEqualTo("any 5");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatNeedsCamelsBindingHasIt(boolean direct) throws Exception {
    assertThat(send(direct, "two", ExchangePattern.InOnly, "a").getMessage().getBody())
        .isEqualTo("a!");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatAMethodThrowsIsTheExchangesException(boolean direct) throws Exception {
    Exchange done = send(direct, "fail", ExchangePattern.InOnly, List.of("a"));

    assertThat(done.getException()).isInstanceOf(IOException.class).hasMessage("no a");
  }
}
