// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** The threads' own generators: jitter needs no seed, and threads need not wait for it. */
final class SharedRandom implements RandomGenerator {

  @Override
  public long nextLong() {
    return ThreadLocalRandom.current().nextLong();
  }
}
