// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.util.List;

/** What one sink is fed again, from its beginning to its end. Used by one thread. */
interface ReplayFeed {

  /** About how many items there are in all. */
  long total();

  /** The next items, at least one and about so many at most; empty at the end. */
  List<Delivery.Item> next(int limit);

  /** The target took it. */
  void taken(Delivery.Item item);
}
