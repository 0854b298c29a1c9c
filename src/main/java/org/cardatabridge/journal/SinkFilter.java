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
 * descriptors: {@code *} any run of characters, {@code ?} one) and {@code .vins} (VINs or aliases);
 * and how: with {@code .blur-home}, without exact positions inside the home zone. Immutable but for
 * what the zone heard, so used by one thread at a time.
 */
public final class SinkFilter {

  private final List<Pattern> include;
  private final List<Pattern> exclude;
  private final List<String> vins;
  private final HomeZone home;

  private SinkFilter(
      List<Pattern> include, List<Pattern> exclude, List<String> vins, HomeZone home) {
    this.include = include;
    this.exclude = exclude;
    this.vins = vins;
    this.home = home;
  }

  /** From three comma separated lists; an empty one restricts nothing. */
  public static SinkFilter of(String include, String exclude, String vins) {
    return new SinkFilter(globs(include), globs(exclude), items(vins), null);
  }

  /** The same with positions inside a zone blurred. */
  SinkFilter blurring(HomeZone zone) {
    return new SinkFilter(include, exclude, vins, zone);
  }

  /** The same for another run through the events, say a replay. */
  SinkFilter fresh() {
    return home == null ? this : blurring(home.fresh());
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

  /** What the sink gets of an event: itself, a blurred one, or null for nothing. */
  CarEvent pass(CarEvent event) {
    if (home != null) {
      home.hear(event);
    }
    if (!takes(event)) {
      return null;
    }
    return home == null ? event : home.blur(event);
  }

  /** The event, a blurred one, or null, whatever the globs say. */
  CarEvent blur(CarEvent event) {
    if (home == null) {
      return event;
    }
    home.hear(event);
    return home.blur(event);
  }

  private boolean takes(CarEvent event) {
    return takes(event.vin(), event.vehicle()) && takes(event.key());
  }

  /** Whether the sink gets anything of a vehicle. */
  public boolean takes(String vin, String vehicle) {
    return vins.isEmpty() || vins.contains(vin) || vins.contains(vehicle);
  }

  /** Whether the sink gets this descriptor. */
  public boolean takes(String key) {
    return (include.isEmpty() || matches(include, key)) && !matches(exclude, key);
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
    for (Pattern glob : globs) {
      if (glob.matcher(key).matches()) {
        return true;
      }
    }
    return false;
  }
}
