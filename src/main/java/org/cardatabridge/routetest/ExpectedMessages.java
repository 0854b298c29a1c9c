// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routetest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a mock has to take. Immutable.
 *
 * @param part where it is said
 * @param count how many; empty where the list says it
 * @param messages what they are like; empty where only the count matters
 * @param isAnyOrder whether the list's order does not matter
 */
record ExpectedMessages(
    YamlPart part,
    Optional<Integer> count,
    Optional<List<ExpectedMessage>> messages,
    boolean isAnyOrder) {

  private static final Set<String> KNOWN = Set.of("count", "messages", "order");

  static ExpectedMessages of(YamlPart part) {
    if (part.isList()) {
      return new ExpectedMessages(part, Optional.empty(), Optional.of(list(part)), false);
    }
    part.entries(KNOWN);
    Optional<Integer> count = part.find("count").map(YamlPart::number);
    Optional<List<ExpectedMessage>> messages = part.find("messages").map(ExpectedMessages::list);
    boolean anyOrder = false;
    if (part.find("order").isPresent()) {
      YamlPart order = part.find("order").orElseThrow();
      if (!order.text().equals("any") && !order.text().equals("given")) {
        throw order.wrong("'order' takes any or given");
      }
      anyOrder = order.text().equals("any");
    }
    if (count.isEmpty() && messages.isEmpty()) {
      throw part.wrong("'" + part.name() + "' takes a list of messages, or count");
    }
    return new ExpectedMessages(part, count, messages, anyOrder);
  }

  /** One message, or a list of them. */
  static List<ExpectedMessage> list(YamlPart part) {
    return part.isMap()
        ? List.of(new ExpectedMessage(part))
        : part.items().stream().map(ExpectedMessage::new).toList();
  }

  /** Whether it is about this mock. */
  boolean isAbout(Taken taken) {
    return MockName.fits(part.name(), taken.step(), taken.uri());
  }

  /** What differs, a line each. */
  List<String> differences(List<Taken> got) {
    List<String> all = new ArrayList<>();
    String name = part.name();
    count
        .filter(number -> number != got.size())
        .ifPresent(
            number -> {
              YamlPart at = part.find("count").orElse(part);
              all.add(ExpectedMessage.line(at, name, messages(number), listed(got, got.size())));
            });
    messages.ifPresent(
        wanted -> all.addAll(isAnyOrder ? unordered(wanted, got) : ordered(wanted, got)));
    return all;
  }

  private List<String> ordered(List<ExpectedMessage> wanted, List<Taken> got) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < Math.max(wanted.size(), got.size()); i++) {
      String where = part.name() + ", message " + (i + 1);
      if (i >= got.size()) {
        all.add(wanted.get(i).missing(where));
      } else if (i >= wanted.size()) {
        all.add(ExpectedMessage.line(part, where, "no more", got.get(i).text()));
      } else {
        all.addAll(wanted.get(i).differences(where, got.get(i)));
      }
    }
    return all;
  }

  private List<String> unordered(List<ExpectedMessage> wanted, List<Taken> got) {
    List<String> all = new ArrayList<>();
    List<Taken> left = new ArrayList<>(got);
    for (ExpectedMessage one : wanted) {
      Optional<Taken> found =
          left.stream().filter(taken -> one.differences("", taken).isEmpty()).findFirst();
      if (found.isPresent()) {
        left.remove(found.get());
      } else {
        all.add(
            ExpectedMessage.line(
                one.part(), part.name(), "such a message", listed(got, got.size())));
      }
    }
    for (Taken more : all.isEmpty() ? left : List.<Taken>of()) {
      all.add(ExpectedMessage.line(part, part.name(), "no more", more.text()));
    }
    return all;
  }

  private static String messages(int number) {
    return number + (number == 1 ? " message" : " messages");
  }

  private static String listed(List<Taken> got, int number) {
    return messages(number)
        + (got.isEmpty() ? "" : ": " + String.join(" | ", got.stream().map(Taken::text).toList()));
  }
}
