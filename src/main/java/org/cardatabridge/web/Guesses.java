// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers who gave wrong passwords, so that nobody can try many. A network of IPv6 counts as one
 * address; of more than a thousand the one that was quiet longest is forgotten. Safe for use by
 * many threads.
 */
final class Guesses {

  /** So many wrong passwords within a minute; a person mistypes less. */
  static final int MOST = 10;

  private static final Duration WITHIN = Duration.ofMinutes(1);
  private static final int ADDRESSES = 1_000;
  private static final int IPV6_NETWORK = 8;
  private static final Logger LOG = LoggerFactory.getLogger(Guesses.class);

  private final Clock clock;
  private final Map<String, Guesser> guessers =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Guesser> eldest) {
          return size() > ADDRESSES;
        }
      };

  private static final class Guesser {
    private final Brake brake = new Brake(MOST, WITHIN);
    private boolean told;
  }

  Guesses(Clock clock) {
    this.clock = clock;
  }

  /** How long no password is taken from an address; zero where one is. */
  synchronized Duration left(String address) {
    Guesser guesser = guessers.get(network(address));
    return guesser == null ? Duration.ZERO : guesser.brake.left(clock.instant());
  }

  /** Takes note of a wrong password. */
  synchronized void wrong(String address) {
    Guesser guesser = guessers.computeIfAbsent(network(address), a -> new Guesser());
    guesser.brake.count(clock.instant());
    if (!guesser.told && !guesser.brake.left(clock.instant()).isZero()) {
      guesser.told = true;
      LOG.warn(
          "Asking for the page's password: {} wrong ones within a minute from {} — for the time"
              + " being no more are taken from there; see who that is",
          MOST,
          address);
    }
  }

  /** How many addresses it remembers. */
  synchronized int size() {
    return guessers.size();
  }

  private static String network(String address) {
    if (!address.contains(":")) {
      return address;
    }
    try {
      byte[] bytes = InetAddress.getByName(address).getAddress();
      return HexFormat.of().formatHex(Arrays.copyOf(bytes, Math.min(bytes.length, IPV6_NETWORK)));
    } catch (UnknownHostException e) {
      return address;
    }
  }
}
