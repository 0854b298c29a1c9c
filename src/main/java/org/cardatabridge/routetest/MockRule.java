// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routetest;

import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.http.base.HttpOperationFailedException;

/**
 * How one mock behaves. Immutable.
 *
 * @param part where it is said; its name is the mock's
 * @param fails how often it throws at first
 * @param when what must be found in the body for it to throw
 * @param status the HTTP status it answers with when it throws
 * @param with the class of what it throws otherwise
 */
record MockRule(
    YamlPart part,
    long fails,
    Optional<Pattern> when,
    Optional<Integer> status,
    Constructor<? extends Exception> with) {

  private static final Set<String> KNOWN = Set.of("fails", "when", "with", "status", "reply");
  private static final Set<String> REPLY = Set.of("body", "headers");
  private static final String AWAY = "java.net.ConnectException";

  static List<MockRule> of(Optional<YamlPart> mocks) {
    List<MockRule> all = new ArrayList<>();
    mocks.ifPresent(m -> m.entries().values().forEach(part -> all.add(of(part))));
    return all;
  }

  private static MockRule of(YamlPart part) {
    part.entries(KNOWN);
    long fails =
        part.find("fails")
            .map(f -> "always".equals(f.value()) ? Long.MAX_VALUE : f.number())
            .orElse(0L);
    for (String key : List.of("when", "with", "status")) {
      if (fails == 0 && part.find(key).isPresent()) {
        throw part.find(key).orElseThrow().wrong("'" + key + "' needs 'fails' beside it");
      }
    }
    part.find("reply").ifPresent(reply -> reply.entries(REPLY));
    return new MockRule(
        part,
        fails,
        part.find("when").map(ExpectedMessage::pattern),
        part.find("status").map(YamlPart::number),
        constructor(part.find("with")));
  }

  private static Constructor<? extends Exception> constructor(Optional<YamlPart> with) {
    String name = with.map(YamlPart::text).orElse(AWAY);
    try {
      return Class.forName(name).asSubclass(Exception.class).getConstructor(String.class);
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw with.orElseThrow()
          .wrong("'with' takes an exception that is made from a text, such as " + AWAY);
    }
  }

  /** What it throws. */
  Exception failure(String uri) {
    String text = "the test's mock fails";
    if (status.isPresent()) {
      return new HttpOperationFailedException(uri, status.get(), text, null, Map.of(), "");
    }
    try {
      return with.newInstance(text);
    } catch (ReflectiveOperationException e) {
      throw part.wrong("'with' names an exception that cannot be made: " + e);
    }
  }
}
