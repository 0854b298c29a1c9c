// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bucket;

import java.time.Instant;

/**
 * An object that was not read. Immutable.
 *
 * @param at when that was found
 * @param text which one and why, in a sentence that names no application
 */
public record SetAsideObject(Instant at, String text) {}
