// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import java.util.List;
import java.util.function.Supplier;

/**
 * What the broker tells others about the bridge itself.
 *
 * @param will said by the broker when the bridge vanishes; null to say nothing
 * @param birth said after each connect; null to say nothing
 * @param farewell made and said at an orderly end, in their order; null to say nothing
 */
public record Presence(Publication will, Publication birth, Supplier<List<Publication>> farewell) {

  /** For a connection that shows nothing of the bridge. */
  public static final Presence NONE = new Presence(null, null, null);

  /** {@code online} and {@code offline}, retained, on one topic. */
  public static Presence on(String topic) {
    Publication offline = Publication.of(topic, "offline", 1, true);
    return new Presence(offline, Publication.of(topic, "online", 1, true), () -> List.of(offline));
  }
}
