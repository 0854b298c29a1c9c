// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

/** MQTT's rules for topic filters. */
final class TopicFilter {

  private TopicFilter() {}

  /** Whether a filter is well formed: {@code +} fills a level, {@code #} is the last one. */
  static boolean isValid(String filter) {
    String[] levels = filter.split("/", -1);
    for (int i = 0; i < levels.length; i++) {
      boolean wild = levels[i].contains("+") || levels[i].contains("#");
      if (wild && (levels[i].length() > 1 || levels[i].equals("#") && i < levels.length - 1)) {
        return false;
      }
    }
    return !filter.isEmpty();
  }

  /** Whether a well-formed filter matches a topic; {@code a/#} matches {@code a} too. */
  static boolean matches(String filter, String topic) {
    String[] levels = filter.split("/", -1);
    String[] names = topic.split("/", -1);
    for (int i = 0; i < levels.length; i++) {
      if (levels[i].equals("#")) {
        return true;
      }
      if (i == names.length || !levels[i].equals("+") && !levels[i].equals(names[i])) {
        return false;
      }
    }
    return levels.length == names.length;
  }
}
