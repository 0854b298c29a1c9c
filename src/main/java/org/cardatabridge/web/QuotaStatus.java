// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Instant;

/**
 * The {@code quota} part of an account's status. Immutable.
 *
 * @param limit REST calls a day
 * @param used how many of them are used
 * @param resetsAt when counting starts again; null where nothing is used
 */
public record QuotaStatus(int limit, int used, Instant resetsAt) {}
