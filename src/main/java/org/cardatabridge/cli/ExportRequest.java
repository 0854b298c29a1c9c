// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.time.Instant;

/**
 * What {@code export} is asked for. Immutable.
 *
 * @param since the first moment of receipt; null for no limit
 * @param until the first moment after it; null for no limit
 * @param account the one account; null for all
 * @param isAnonymous whether people are taken out
 */
public record ExportRequest(Instant since, Instant until, String account, boolean isAnonymous) {}
