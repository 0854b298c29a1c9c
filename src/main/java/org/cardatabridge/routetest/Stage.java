// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routetest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.cardatabridge.journal.EventsEndpoint;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.SetAside;
import org.cardatabridge.journal.SinkSnapshot;
import org.cardatabridge.settings.Spelling;

/** Puts mocks in the place of all that reaches out of a Camel context, and compares in the end. */
final class Stage {

  /** What a route may really use in a test. */
  private static final Set<String> REAL = Set.of("bean", "class", "events", "language", "log");

  private final DefaultCamelContext context;
  private final Mocks mocks;
  private final Set<String> named;
  private final Set<String> steps = new ConcurrentSkipListSet<>();

  /**
   * For one test.
   *
   * @param named what the test names under {@code mocks} and {@code expect}
   */
  Stage(DefaultCamelContext context, Mocks mocks, Set<String> named) {
    this.context = context;
    this.mocks = mocks;
    this.named = Set.copyOf(named);
  }

  /** Before the context starts. */
  void prepare() {
    ComponentResolver camels = PluginHelper.getComponentResolver(context);
    context
        .getCamelContextExtension()
        .addContextPlugin(
            ComponentResolver.class,
            (scheme, camel) ->
                REAL.contains(scheme) || camels.resolveComponent(scheme, camel) == null
                    ? camels.resolveComponent(scheme, camel)
                    : new MockComponent(scheme, mocks));
    context.getCamelContextExtension().addInterceptStrategy(this::named);
    context
        .getCamelContextExtension()
        .registerEndpointCallback(
            (uri, endpoint) ->
                endpoint instanceof EventsEndpoint events && events.getName().equals("publish")
                    ? MockComponent.endpoint("events:publish", context, mocks)
                    : endpoint);
  }

  /** Once the bridge's own parts are in the context, before any route is. */
  void takeOver() {
    for (String scheme : List.copyOf(context.getComponentNames())) {
      if (!REAL.contains(scheme)) {
        context.removeComponent(scheme);
        context.addComponent(scheme, new MockComponent(scheme, mocks));
      }
    }
  }

  private Processor named(
      CamelContext camel, NamedNode definition, Processor target, Processor next) {
    String id = definition.getId();
    steps.add(id);
    Processor step =
        definition instanceof BeanDefinition bean && named.contains(id)
            ? exchange ->
                mocks.take(Taken.of(id, "bean:" + bean.getRef(), Map.of(), exchange), exchange)
            : target;
    return new DelegateAsyncProcessor(step) {
      @Override
      public boolean process(Exchange exchange, AsyncCallback callback) {
        exchange.setProperty(MockComponent.STEP, id);
        return super.process(exchange, callback);
      }
    };
  }

  /** What differs from what the test expects, a line each. */
  List<String> differences(RouteTest test, Journal journal, List<Exchange> replies) {
    RouteTest.Expected expected = test.expected();
    List<String> all = new ArrayList<>(unknownNames(test));
    List<Taken> left = new ArrayList<>(mocks.taken());
    for (ExpectedMessages messages : expected.messages()) {
      List<Taken> mine = left.stream().filter(messages::isAbout).toList();
      left.removeAll(mine);
      all.addAll(messages.differences(mine));
    }
    for (Taken more : left) {
      String who = more.step() == null ? more.uri() : more.step() + " (" + more.uri() + ")";
      all.add(ExpectedMessage.line(expected.part(), who, "nothing", more.text()));
    }
    all.addAll(setAside(expected, journal.setAside()));
    long waiting = journal.sinks().stream().mapToLong(SinkSnapshot::lag).sum();
    if (waiting != expected.waiting()) {
      String why =
          journal.sinks().stream()
              .filter(sink -> sink.lag() > 0 && sink.lastError() != null)
              .map(sink -> ": " + sink.lastError())
              .findFirst()
              .orElse("");
      all.add(
          ExpectedMessage.line(
              expected.at("waiting"),
              "still to be delivered",
              Integer.toString(expected.waiting()),
              waiting + why));
    }
    all.addAll(replies(expected, replies));
    return all;
  }

  private List<String> unknownNames(RouteTest test) {
    List<String> known =
        Stream.concat(steps.stream(), context.getEndpoints().stream().map(Endpoint::getEndpointUri))
            .toList();
    return Stream.concat(
            test.mocks().stream().map(MockRule::part),
            test.expected().messages().stream().map(ExpectedMessages::part))
        .filter(part -> known.stream().noneMatch(n -> MockName.fits(part.name(), n, n)))
        .map(
            part ->
                part.file()
                    + ":"
                    + part.line()
                    + ": no step and no endpoint of the route is called '"
                    + part.name()
                    + "'"
                    + Spelling.nearest(part.name(), known.stream())
                        .map(name -> " — did you mean '" + name + "'?")
                        .orElse(" — give a step of the route this id"))
        .distinct()
        .toList();
  }

  private static List<String> setAside(RouteTest.Expected expected, List<SetAside> got) {
    List<String> all = new ArrayList<>();
    List<YamlPart> wanted = expected.setAside();
    for (int i = 0; i < Math.max(wanted.size(), got.size()); i++) {
      String where = "set aside, " + (i + 1);
      if (i >= got.size()) {
        all.add(ExpectedMessage.line(wanted.get(i), where, "one more", got.size() + " in all"));
        continue;
      }
      String key = got.get(i).event() == null ? "a message" : got.get(i).event().key();
      String reason = got.get(i).reason();
      if (i >= wanted.size()) {
        all.add(
            ExpectedMessage.line(
                expected.at("set-aside"), where, "no more", key + " (" + reason + ")"));
        continue;
      }
      YamlPart one = wanted.get(i);
      one.find("key")
          .filter(part -> !part.text().equals(key))
          .ifPresent(part -> all.add(ExpectedMessage.line(part, where, part.text(), key)));
      one.find("reason")
          .filter(part -> !ExpectedMessage.pattern(part).matcher(reason).find())
          .ifPresent(
              part -> all.add(ExpectedMessage.line(part, where + ", reason", part.text(), reason)));
    }
    return all;
  }

  private static List<String> replies(RouteTest.Expected expected, List<Exchange> replies) {
    List<String> all = new ArrayList<>();
    Pattern error = expected.error().orElse(null);
    for (Exchange reply : replies) {
      String text = reply.getException() == null ? null : reply.getException().toString();
      if (text == null && error != null) {
        all.add(ExpectedMessage.line(expected.at("error"), "error", error.pattern(), "none"));
      } else if (text != null && (error == null || !error.matcher(text).find())) {
        String wanted = error == null ? "none" : error.pattern();
        all.add(ExpectedMessage.line(expected.at("error"), "error", wanted, text));
      }
    }
    List<ExpectedMessage> wanted = expected.reply().orElse(List.of());
    if (expected.reply().isPresent() && wanted.size() != replies.size()) {
      all.add(
          ExpectedMessage.line(
              expected.at("reply"),
              "replies",
              Integer.toString(wanted.size()),
              Integer.toString(replies.size())));
    }
    for (int i = 0; i < Math.min(wanted.size(), replies.size()); i++) {
      Taken got = Taken.of(null, "reply", Map.of(), replies.get(i));
      all.addAll(wanted.get(i).differences("reply " + (i + 1), got));
    }
    return all;
  }
}
