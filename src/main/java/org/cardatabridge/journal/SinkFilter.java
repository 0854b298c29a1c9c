// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;

/**
 * Which data points a sink gets: {@code cardata.sink.<name>.include}, {@code .exclude} (globs over
 * descriptors: {@code *} any run of characters, {@code ?} one) and {@code .vins} (VINs or aliases).
 * Immutable.
 */
final class SinkFilter {

  private final List<Pattern> include;
  private final List<Pattern> exclude;
  private final List<String> vins;

  private SinkFilter(List<Pattern> include, List<Pattern> exclude, List<String> vins) {
    this.include = include;
    this.exclude = exclude;
    this.vins = vins;
  }

  /** From three comma separated lists; an empty one restricts nothing. */
  static SinkFilter of(String include, String exclude, String vins) {
    return new SinkFilter(globs(include), globs(exclude), items(vins));
  }

  private static List<String> items(String list) {
    return Arrays.stream(list.split(",")).map(String::trim).filter(s -> !s.isEmpty()).toList();
  }

  private static List<Pattern> globs(String list) {
    return items(list).stream().map(SinkFilter::glob).toList();
  }

  private static Pattern glob(String glob) {
    return Pattern.compile(
        glob.chars()
            .mapToObj(
                c ->
                    switch (c) {
                      case '*' -> ".*";
                      case '?' -> ".";
                      default -> Pattern.quote(Character.toString(c));
                    })
            .collect(Collectors.joining()),
        Pattern.DOTALL);
  }

  boolean takes(CarEvent event) {
    return (vins.isEmpty() || vins.contains(event.vin()) || vins.contains(event.vehicle()))
        && (include.isEmpty() || matches(include, event.key()))
        && !matches(exclude, event.key());
  }

  /**
   * A whole message is never cut, so descriptors do not matter here. Its vehicle is that of its
   * data points or the last part of its topic.
   */
  boolean takes(CarMessage message) {
    return vins.isEmpty()
        || vins.contains(message.topic().substring(message.topic().lastIndexOf('/') + 1))
        || message.points().stream()
            .anyMatch(event -> vins.contains(event.vin()) || vins.contains(event.vehicle()));
  }

  private static boolean matches(List<Pattern> globs, String key) {
    return globs.stream().anyMatch(glob -> glob.matcher(key).matches());
  }
}
