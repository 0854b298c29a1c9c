// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

/**
 * Which car a message is about, by the topic or path it came from: {@code GCID/VIN} of BMW's
 * stream, {@code /customers/vehicles/VIN/…} of BMW's REST side. Stateless.
 */
public final class MessageTopic {

  private static final String VEHICLES = "/customers/vehicles/";

  private MessageTopic() {}

  /** Whether it is a path of BMW's REST side about a vehicle. */
  public static boolean isOfRest(String topic) {
    return topic.startsWith(VEHICLES);
  }

  /** The level with the VIN; null where there is none. */
  public static String vin(String topic) {
    int from = isOfRest(topic) ? VEHICLES.length() : topic.indexOf('/') + 1;
    if (from == 0) {
      return null;
    }
    int next = topic.indexOf('/', from);
    String level = topic.substring(from, next < 0 ? topic.length() : next).trim();
    return level.isEmpty() ? null : level;
  }
}
