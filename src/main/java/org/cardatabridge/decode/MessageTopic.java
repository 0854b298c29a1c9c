// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.util.Set;

/**
 * Which car a message is about, by the topic or path it came from: {@code GCID/VIN} of BMW's
 * stream, {@code /customers/vehicles/VIN/…} of BMW's REST side, {@code
 * live/level13/APP/VIN/CAPABILITY/get/PROPERTY} of High Mobility. Stateless.
 */
public final class MessageTopic {

  private static final String VEHICLES = "/customers/vehicles/";
  private static final String LEVEL = "level";
  private static final Set<String> DIRECTIONS = Set.of("get", "set");
  private static final Set<String> ENVIRONMENTS = Set.of("live", "sandbox");

  private MessageTopic() {}

  /** Whether it is a path of BMW's REST side about a vehicle. */
  public static boolean isOfRest(String topic) {
    return topic.startsWith(VEHICLES);
  }

  /**
   * Whether it is a topic of High Mobility's, of either generation, or the name of one of its
   * files: a level of the Auto API stands in it.
   */
  public static boolean isOfHighMobility(String topic) {
    return HighMobility.of(topic) != null;
  }

  /** The level with the VIN; null where there is none. */
  public static String vin(String topic) {
    if (topic.indexOf("/l") >= 0) {
      HighMobility known = HighMobility.of(topic);
      if (known != null) {
        return known.vin();
      }
    }
    int from = isOfRest(topic) ? VEHICLES.length() : topic.indexOf('/') + 1;
    if (from == 0) {
      return null;
    }
    int next = topic.indexOf('/', from);
    String level = topic.substring(from, next < 0 ? topic.length() : next).trim();
    return level.isEmpty() ? null : level;
  }

  /** The application's id in a topic of High Mobility's; null where there is none. */
  public static String application(String topic) {
    HighMobility known = HighMobility.of(topic);
    return known == null ? null : known.application();
  }

  /**
   * A topic of High Mobility's. The parts that a message without a VIN, capability or property of
   * its own is completed from are null where the topic does not have them.
   *
   * @param application the application's id; null where none was recognised
   */
  record HighMobility(String application, String vin, String capability, String property) {

    /** Null for a topic of anybody else. */
    static HighMobility of(String topic) {
      int slash = topic.indexOf("/l");
      if (slash < 0) {
        return null;
      }
      String[] parts = topic.split("/", -1);
      for (int i = 1; i + 1 < parts.length; i++) {
        if (isLevel(parts[i])) {
          return of(parts, i);
        }
      }
      return null;
    }

    private static HighMobility of(String[] parts, int level) {
      boolean isFile = isYear(parts[level + 1]);
      String application = isFile ? parts[level - 1] : parts[level + 1];
      if (application.isBlank() || ENVIRONMENTS.contains(application)) {
        application = null;
      }
      boolean isWhole = parts.length > level + 5 && DIRECTIONS.contains(parts[level + 4]);
      return isWhole && !isFile
          ? new HighMobility(
              application,
              named(parts[level + 2]),
              named(parts[level + 3]),
              named(parts[level + 5]))
          : new HighMobility(application, null, null, null);
    }

    private static String named(String part) {
      return part.isBlank() ? null : part.trim();
    }

    private static boolean isYear(String part) {
      return part.length() == 4 && part.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** {@code level13}, also as {@code l13}. */
    private static boolean isLevel(String part) {
      int from = part.startsWith(LEVEL) ? LEVEL.length() : 1;
      return part.startsWith("l")
          && part.length() > from
          && part.length() < from + 4
          && part.substring(from).chars().allMatch(c -> c >= '0' && c <= '9');
    }
  }
}
