// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.evcc;

import java.time.Instant;

/**
 * One thing that evcc asks of a vehicle. Immutable.
 *
 * @param vehicle the alias of the car, or its VIN
 * @param name {@code soc}, {@code range}, {@code odometer}, {@code status}, {@code limitSoc},
 *     {@code climater} or {@code finishTime}
 * @param text its value as evcc reads it: a plain number, A, B or C, true or false, a time
 * @param timestamp when the car measured it
 */
public record EvccValue(String vehicle, String name, String text, Instant timestamp) {}
