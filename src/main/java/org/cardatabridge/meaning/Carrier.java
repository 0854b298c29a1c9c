// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.meaning;

/**
 * One descriptor that carries a meaning. Immutable.
 *
 * @param meaning what it carries
 * @param element which door, window or wheel; empty where there is one for the whole car
 * @param key the descriptor with dots
 * @param trust 0 for the most trusted descriptor of a meaning's element, then 1, 2, …
 * @param last whether it counts only where nothing better was ever known
 * @param reads how its values are read
 */
public record Carrier(
    Meaning meaning, String element, String key, int trust, boolean last, Reads reads) {}
